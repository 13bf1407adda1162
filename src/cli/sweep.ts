import { plan, planCapacity } from '../plan/plan.ts'
import { textTable } from '../report/text-table.ts'
import type { Capacity } from '../result/capacity.ts'
import { formatChange, formatPeople, formatUsd } from '../result/figure-text.ts'
import type { Summary } from '../result/summary.ts'
import { levelValue } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { UserError } from './exit-codes.ts'

/** One field of the file and the values that it shall take, one after the other. */
export interface Sweep {
  readonly field: string
  readonly values: readonly string[]
}

/** What the workload carries with one value in the field; `value` is absent for the file as it is. */
export interface SweepRow {
  readonly value?: string
  readonly users: number
  readonly runAt: number
  /** Every objective held up to the highest load tried. */
  readonly unbounded?: true
  readonly bottleneck?: string
  readonly brokenBy?: string
  /** At the load to run at. */
  readonly cost?: NonNullable<Summary['cost']>
}

/** `agent.concurrency=1,10,50`; commas within brackets belong to a value. */
export function parseSweep(text: string): Sweep {
  const equals = text.indexOf('=')
  const values = splitOutsideBrackets(text.slice(equals + 1))
  if (equals < 1 || values.some((value) => value === ''))
    throw new UserError(`--what-if ${text}: expected path=value,value`, {
      hint: 'for example --what-if agent.concurrency=1,10,50',
    })
  return { field: text.slice(0, equals).trim(), values }
}

/** The file as it is, then each value; `read` gives the workload with these overrides. */
export function sweepRows(
  { field, values }: Sweep,
  read: (overrides: readonly string[]) => Workload,
  headroom: number,
): SweepRow[] {
  const asItIs = rowOf(read([]), headroom)
  return [asItIs, ...values.map((value) => ({ value, ...rowOf(read([`${field}=${value}`]), headroom) }))]
}

function rowOf(workload: Workload, headroom: number): SweepRow {
  const capacity = planCapacity(workload, { headroom })
  const { runAt, unbounded, bottleneck, brokenBy } = capacity
  const { cost } = runAt > 0 ? plan(workload, { users: runAt }) : {}
  return {
    users: levelValue(capacity.level),
    runAt,
    ...(unbounded ? { unbounded } : {}),
    ...(bottleneck ? { bottleneck: bottleneckText(bottleneck) } : {}),
    ...(brokenBy === undefined ? {} : { brokenBy }),
    ...(cost ? { cost } : {}),
  }
}

/** A table for people. */
export function sweepText({ field }: Sweep, rows: readonly SweepRow[]): string {
  const base = rows[0]!.users
  const table = textTable({
    head: [field, 'users', '', 'run at', '$/turn', '$/month', 'breaks first'],
    left: [0, 6],
    rows: rows.map(({ value, users, runAt, unbounded, bottleneck, brokenBy, cost }) => [
      value ?? 'as in the file',
      unbounded ? `over ${formatPeople(users)}` : formatPeople(users),
      value === undefined || base === 0 ? '' : formatChange(users / base - 1),
      formatPeople(runAt),
      cost?.perTurnUsd === undefined ? '–' : formatUsd(cost.perTurnUsd),
      cost?.perMonthUsd === undefined ? '–' : formatUsd(Math.round(cost.perMonthUsd)),
      [bottleneck, brokenBy].filter((part) => part !== undefined).join(': '),
    ]),
  })
  return table.map((line) => `  ${line}`).join('\n')
}

function bottleneckText({ service, limit, unit }: NonNullable<Capacity['bottleneck']>): string {
  return `${service} (${limit.toLocaleString('en')} ${unit})`
}

function splitOutsideBrackets(text: string): string[] {
  const parts = ['']
  let depth = 0
  for (const char of text) {
    if ('{[('.includes(char)) depth++
    if ('}])'.includes(char)) depth--
    if (char === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += char
  }
  return parts.map((part) => part.trim())
}
