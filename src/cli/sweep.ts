import { callCapacity } from '../plan/phone/call-capacity.ts'
import { planPhone } from '../plan/phone/plan-phone.ts'
import { plan, planCapacity } from '../plan/plan.ts'
import { sweepTable } from '../report/sweep-table.ts'
import { textTable } from '../report/text-table.ts'
import type { Capacity } from '../result/capacity.ts'
import type { Summary } from '../result/summary.ts'
import type { Sweep, SweepLevel, SweepRow } from '../result/sweep.ts'
import { type Level, levelText, levelValue } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { UserError } from './exit-codes.ts'

/** One field of the file and the values that it shall take, one after the other. */
export interface SweepRequest {
  readonly field: string
  readonly values: readonly string[]
}

/** `agent.concurrency=1,10,50`; commas within brackets belong to a value. */
export function parseSweep(text: string): SweepRequest {
  const equals = text.indexOf('=')
  const values = splitOutsideBrackets(text.slice(equals + 1))
  if (equals < 1 || values.some((value) => value === ''))
    throw new UserError(`--what-if ${text}: expected path=value,value`, {
      hint: 'for example --what-if agent.concurrency=1,10,50',
    })
  return { field: text.slice(0, equals).trim(), values }
}

export interface SweepOptions {
  readonly headroom: number
  /** A load to ask every row about, besides what it carries at most. */
  readonly level?: Level | undefined
}

/** The file as it is, then each value; `read` gives the workload with these overrides. */
export function sweepOf(
  { field, values }: SweepRequest,
  read: (overrides: readonly string[]) => Workload,
  options: SweepOptions,
): Sweep {
  const { level } = options
  const base = read([])
  return {
    field,
    ...(level ? { level } : {}),
    ...(base.phone?.alone ? { phone: true } : {}),
    rows: [
      rowOf(base, options),
      ...values.map((value) => ({ value, ...rowOf(read([`${field}=${value}`]), options) })),
    ],
  }
}

function rowOf(workload: Workload, { headroom, level }: SweepOptions): SweepRow {
  if (workload.phone?.alone) return callsRow(workload, headroom)
  const open = level !== undefined && 'sessionsPerSecond' in level
  const capacity = planCapacity(workload, { headroom, open, tell: 'limits' })
  const { runAt, unbounded, bottleneck, brokenBy } = capacity
  const most = levelValue(capacity.level)
  const asked = level ? plan(workload, level) : undefined
  const { cost } = asked ?? (runAt > 0 ? plan(workload, { users: runAt }) : {})
  return {
    ...(open ? { sessionsPerSecond: most } : { users: most }),
    runAt,
    ...(unbounded ? { unbounded } : {}),
    ...(bottleneck ? { bottleneck: bottleneckText(bottleneck) } : {}),
    ...(brokenBy === undefined ? {} : { brokenBy }),
    ...(cost ? { cost } : {}),
    ...(asked ? { at: levelOf(asked) } : {}),
  }
}

/** What the chain carries, and the bill of the calls to run at. */
function callsRow(workload: Workload, headroom: number): SweepRow {
  const { level, runAt, unbounded, bottleneck, brokenBy } = callCapacity(workload, headroom, 'limits')
  const phone = { ...workload.phone!, callsPerMinute: runAt * 60 }
  const { money } = planPhone({ ...workload, phone }, headroom)!
  const isPriced = money !== undefined && money.unpriced.length === 0
  return {
    sessionsPerSecond: levelValue(level),
    runAt,
    ...(unbounded ? { unbounded } : {}),
    ...(bottleneck ? { bottleneck: bottleneckText(bottleneck) } : {}),
    ...(brokenBy === undefined ? {} : { brokenBy }),
    ...(isPriced ? { cost: { perMonthUsd: money.perMonthUsd }, perCallUsd: money.perCallUsd } : {}),
  }
}

function levelOf({ latency, errors, objectives, unstable }: Summary): SweepLevel {
  return {
    ...(latency.turnMs ? { turnP95Ms: latency.turnMs.p95 } : {}),
    errors: errors!.rate,
    missed: objectives.filter(({ pass }) => pass === false).map(({ text }) => text),
    ...(unstable ? { unstable } : {}),
  }
}

/** A table for people. */
export function sweepText(sweep: Sweep): string {
  const { head, rows, left = [] } = sweepTable(sweep)
  const lines = textTable({ head, rows, left: [0, ...left] })
  return [sweep.level ? [`at ${levelText(sweep.level)}`, ''] : [], lines]
    .flat()
    .map((line) => `  ${line}`.trimEnd())
    .join('\n')
}

function bottleneckText({ service, limit, unit }: NonNullable<Capacity['bottleneck']>): string {
  return `${service} (${limit.toLocaleString('en')} ${limit === 1 ? unit.replace(/s$/, '') : unit})`
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
