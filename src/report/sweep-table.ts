import {
  formatChange,
  formatCount,
  formatMs,
  formatPeople,
  formatShare,
  formatUsd,
} from '../result/figure-text.ts'
import type { Sweep, SweepRow } from '../result/sweep.ts'
import { levelText } from '../workload/level.ts'
import type { PlanTable } from './plan-tables.ts'

/** A row for each value of the field: what is carried, what it costs, what breaks; at a load, also how it fares there. */
export function sweepTable(sweep: Sweep): PlanTable {
  return sweep.phone ? callsTable(sweep) : usersTable(sweep)
}

function usersTable({ field, level, rows }: Sweep): PlanTable {
  const base = rows[0]!
  const open = level !== undefined && 'sessionsPerSecond' in level
  return {
    title: `what if ${field}${level ? `, at ${levelText(level)}` : ''}`,
    lead: level
      ? 'The file solved once for each value, and the most that it carries.'
      : 'The file solved once for each value; a month is paid for at the users to run at.',
    head: level
      ? [field, 'turn p95', 'errors', '$/month', 'missed', open ? 'most sessions/s' : 'most users', '']
      : [field, 'users', '', 'run at', '$/turn', '$/month', 'breaks first'],
    left: level ? [4] : [6],
    rows: rows.map((row) => {
      const name = row.value ?? 'as in the file'
      const [most, gain] = [mostText(row), row.value === undefined ? '' : changeText(row, base)]
      return row.at && level
        ? [name, ...levelCells(row), most, gain]
        : [name, most, gain, formatPeople(row.runAt), ...costCells(row), breaksText(row)]
    }),
    missed: rows.flatMap((row, i) => (row.at && row.at.missed.length > 0 ? [i] : [])),
  }
}

function callsTable({ field, rows }: Sweep): PlanTable {
  const base = rows[0]!
  const perMinute = (perSecond = 0): string => formatCount(Number((perSecond * 60).toPrecision(3)))
  return {
    title: `what if ${field}`,
    lead: 'The file solved once for each value; a month is paid for at the calls to run at.',
    head: [field, 'calls/min', '', 'run at', '$/call', '$/month', 'breaks first'],
    left: [6],
    rows: rows.map((row) => [
      row.value ?? 'as in the file',
      row.unbounded ? 'no limit' : perMinute(row.sessionsPerSecond),
      row.value === undefined || row.unbounded || base.unbounded ? '' : changeText(row, base),
      row.unbounded ? '–' : perMinute(row.runAt),
      row.perCallUsd === undefined ? '–' : formatUsd(row.perCallUsd),
      row.unbounded ? '–' : monthText(row.cost),
      breaksText(row),
    ]),
    missed: [],
  }
}

function levelCells({ at, cost }: SweepRow): string[] {
  return [
    at!.unstable ? 'no end' : formatMs(at!.turnP95Ms),
    formatShare(at!.errors),
    monthText(cost),
    at!.unstable ? 'all: unstable' : at!.missed.length > 0 ? at!.missed.join(', ') : '–',
  ]
}

function costCells({ cost }: SweepRow): string[] {
  return [cost?.perTurnUsd === undefined ? '–' : formatUsd(cost.perTurnUsd), monthText(cost)]
}

const monthText = (cost: SweepRow['cost']): string =>
  cost?.perMonthUsd === undefined ? '–' : formatUsd(Math.round(cost.perMonthUsd))

const mostOf = ({ users, sessionsPerSecond }: SweepRow): number => users ?? sessionsPerSecond ?? 0

function mostText(row: SweepRow): string {
  const most = row.users === undefined ? formatCount(mostOf(row)) : formatPeople(row.users)
  return row.unbounded ? `over ${most}` : most
}

function changeText(row: SweepRow, base: SweepRow): string {
  return mostOf(base) === 0 ? '' : formatChange(mostOf(row) / mostOf(base) - 1)
}

const breaksText = ({ bottleneck, brokenBy }: SweepRow): string =>
  [bottleneck, brokenBy].filter((part) => part !== undefined).join(': ')
