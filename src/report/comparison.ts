import { levelValue } from '../workload/level.ts'
import { type Answer, bindingService, levelUnit } from './answers.ts'
import { formatCount, formatMs, formatRange, formatShare, formatUsd } from '../result/figure-text.ts'

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
    row('interval', (answer) => formatRange([answer.capacity?.low, answer.capacity?.high], formatCount)),
    row('run at', (answer) => formatCount(answer.capacity?.runAt)),
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

/** `solved`, `simulated (approx.)`. */
export function answerTitle(answer: Answer): string {
  return answer.approximate ? `${answer.origin} (approx.)` : answer.origin
}

function levelCell({ capacity, summary }: Answer): string {
  const level = capacity?.level ?? summary?.level
  if (!level) return ''
  return capacity?.unbounded ? `${formatCount(levelValue(level))} or more` : formatCount(levelValue(level))
}

function readAtCell({ summary }: Answer): string {
  return summary ? formatCount(levelValue(summary.level)) : ''
}

/** The other numbers come from the nearest probe: said where that is not the capacity itself. */
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
