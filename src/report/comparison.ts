import { type Level, levelValue } from '../workload/level.ts'
import { type Answer, bindingService, isInvalid, levelUnit } from './answers.ts'
import {
  formatCount,
  formatMs,
  formatPeople,
  formatRange,
  formatShare,
  formatUsd,
} from '../result/figure-text.ts'

/** One line of the side-by-side table; a cell that an engine cannot know is empty. */
export interface ComparisonRow {
  readonly label: string
  readonly cells: readonly string[]
}

/** The answers as a table: one column each, rows that nobody can fill left out. */
export function comparisonRows(answers: readonly Answer[]): ComparisonRow[] {
  const row = (label: string, cell: (answer: Answer) => string): ComparisonRow => ({
    label,
    cells: answers.map((answer) => cell(answer).replace(/^–$/, '')),
  })
  const rows = [
    row(levelUnit(answers[0]), levelCell),
    row('interval', intervalCell),
    row('run at', (answer) =>
      answer.capacity ? valueText(answer.capacity.level, answer.capacity.runAt) : '',
    ),
    ...(answers.some(isReadElsewhere) ? [row('read at', (answer) => readAtCell(answer))] : []),
    row('turns/s', ({ summary }) => formatCount(summary?.turns.perSecond)),
    row('turn p95', ({ summary }) => formatMs(summary?.latency.turnMs?.p95)),
    row('ttft p95', ({ summary }) => formatMs(summary?.latency.ttftMs?.p95)),
    row('calls/turn', ({ summary }) => formatCount(summary?.calls?.perTurn?.mean)),
    row('tokens/min', ({ summary }) => formatCount(perMinute(summary?.tokens?.perSecond))),
    row('errors', ({ summary }) => formatShare(summary?.errors?.rate)),
    row('cost/turn', ({ summary }) => formatUsd(summary?.cost?.perTurnUsd)),
    row('bottleneck', bottleneckCell),
  ]
  return rows.filter((line) => line.cells.some((cell) => cell !== ''))
}

/** `solved (approx.)`, `simulated`, `measured (not valid)`. */
export function answerTitle(answer: Answer): string {
  if (isInvalid(answer)) return `${answer.origin} (not valid)`
  return answer.approximate ? `${answer.origin} (approx.)` : answer.origin
}

function levelCell({ capacity, summary }: Answer): string {
  const level = capacity?.level ?? summary?.level
  if (!level) return ''
  return `${valueText(level)}${capacity?.unbounded ? ' or more' : ''}`
}

/** Rounded outwards where whole users are counted. */
function intervalCell({ capacity }: Answer): string {
  const { low, high, level } = capacity ?? {}
  if (!level || low === undefined || !Number.isFinite(low) || high === undefined || !Number.isFinite(high))
    return ''
  const whole = 'users' in level
  return formatRange([whole ? Math.floor(low) : low, whole ? Math.ceil(high) : high], (value) =>
    valueText(level, value),
  )
}

function valueText(level: Level, value: number = levelValue(level)): string {
  return 'users' in level ? formatPeople(value) : formatCount(value)
}

function readAtCell({ summary }: Answer): string {
  return summary ? valueText(summary.level) : ''
}

/** The level of the other numbers: said where that is not the capacity itself. */
function isReadElsewhere({ capacity, summary }: Answer): boolean {
  return (
    capacity !== undefined &&
    summary !== undefined &&
    levelValue(capacity.level) !== levelValue(summary.level)
  )
}

function bottleneckCell(answer: Answer): string {
  return answer.capacity?.bottleneck?.service ?? bindingService(answer)?.name ?? ''
}

function perMinute(perSecond: number | undefined): number | undefined {
  return perSecond === undefined ? undefined : perSecond * 60
}
