import { levelValue } from '../workload/level.ts'
import { type Answer, bindingService, isInvalid, levelUnit, loadOf } from './answers.ts'
import { formatCount, formatMs, formatShare, formatUsd } from '../result/figure-text.ts'
import { atOnceText, callsAtOnce, countText, rangeText } from '../result/load-words.ts'
import type { PhoneEnding } from '../result/phone-records.ts'

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
  const isOfCalls = levelUnit(answers[0]) === 'calls/min'
  const rows = [
    ...(isOfCalls ? [row('calls at once', atOnceCell)] : []),
    row(levelUnit(answers[0]), levelCell),
    row('interval', ({ capacity }) => (capacity ? rangeText(capacity) : '')),
    row('run at', ({ capacity }) => (capacity ? countText(capacity, capacity.runAt) : '')),
    ...(answers.some(isReadElsewhere)
      ? [row('read at', ({ summary }) => (summary ? countText(summary) : ''))]
      : []),
    ...(isOfCalls ? callRows(row) : turnRows(row)),
    row('tokens/min', ({ summary }) => formatCount(perMinute(summary?.tokens?.perSecond))),
    row('errors', ({ summary }) => formatShare(summary?.errors?.rate)),
    row('cost/turn', ({ summary }) => formatUsd(summary?.cost?.perTurnUsd)),
    row('bottleneck', bottleneckCell),
  ]
  return rows.filter((line) => line.cells.some((cell) => cell !== ''))
}

type Row = (label: string, cell: (answer: Answer) => string) => ComparisonRow

function turnRows(row: Row): ComparisonRow[] {
  return [
    row('turns/s', ({ summary }) => formatCount(summary?.turns.perSecond)),
    row('turn p95', ({ summary }) => formatMs(summary?.latency.turnMs?.p95)),
    row('ttft p95', ({ summary }) => formatMs(summary?.latency.ttftMs?.p95)),
    row('calls/turn', ({ summary }) => formatCount(summary?.calls?.perTurn?.mean)),
  ]
}

/** Of calls by telephone: "calls" are theirs, and those of the model are called so. */
function callRows(row: Row): ComparisonRow[] {
  const share = (ending: PhoneEnding): ComparisonRow =>
    row(ending, ({ summary }) => formatShare(endingShare(summary?.phone, ending)))
  return [
    row('on the line, most', ({ summary }) => formatCount(summary?.phone?.active.max)),
    row('response p95', ({ summary }) => formatMs(summary?.latency.ttftMs?.p95)),
    ...(['completed', 'escalated', 'abandoned', 'dropped', 'blocked'] as const)
      .map(share)
      .filter(
        ({ label, cells }) => label === 'completed' || cells.some((cell) => cell !== '' && cell !== '0 %'),
      ),
    row('turns/s', ({ summary }) => formatCount(summary?.turns.perSecond)),
    row('model calls/turn', ({ summary }) => formatCount(summary?.calls?.perTurn?.mean)),
  ]
}

function endingShare(
  phone: NonNullable<Answer['summary']>['phone'],
  ending: PhoneEnding,
): number | undefined {
  return phone && phone.calls.ended > 0 ? phone.calls[ending] / phone.calls.ended : undefined
}

/** `solved (approx.)`, `simulated`, `measured (not valid)`. */
export function answerTitle(answer: Answer): string {
  const { side, approximate } = answer
  const origin = side === undefined ? answer.origin : `${side}, ${answer.origin}`
  if (isInvalid(answer)) return `${origin} (not valid)`
  return approximate ? `${origin} (approx.)` : origin
}

function levelCell(answer: Answer): string {
  const load = loadOf(answer)
  return load ? `${countText(load)}${answer.capacity?.unbounded ? ' or more' : ''}` : ''
}

/** At the capacity as its rate makes them; of a single level as they were on the line. */
function atOnceCell({ capacity, summary }: Answer): string {
  const calls = capacity ? callsAtOnce(capacity) : summary?.phone?.active.mean
  return calls === undefined ? '' : `${atOnceText(calls)}${capacity?.unbounded ? ' or more' : ''}`
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
