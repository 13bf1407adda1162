import type { Run } from '../result/run.ts'
import type { Interval } from '../stats/interval.ts'
import type { Dist, Summary } from '../result/summary.ts'
import { differenceInterval } from '../stats/difference-interval.ts'
import { wilsonInterval } from '../stats/wilson.ts'
import { callsAtOnce, inUnit } from '../result/load-words.ts'
import type { PhoneEnding } from '../result/phone-records.ts'
import { type Answer, capacityAnswers, levelAnswers, levelUnit } from './answers.ts'
import { clean } from './clean.ts'
import { formatChange, formatCount, formatMs, formatShare, formatUsd } from '../result/figure-text.ts'
import { plainPalette } from './palette.ts'
import type { ReportOptions } from './reporter.ts'
import { textTable } from './text-table.ts'
import { wrap } from './wrap.ts'

/** One measure of both runs; `change` is relative, absent where one side does not know it. */
export interface RunComparison {
  readonly origin: string
  readonly measure: string
  readonly before?: number
  readonly after?: number
  readonly change?: number
  /** The 95 % interval of `after - before`, where both sides know their own. */
  readonly difference?: Interval
  /** Whether that interval leaves out zero. */
  readonly significant?: boolean
  /** How much worse: a relative change, in points for errors; below zero where it is better. Absent where neither is. */
  readonly worse?: number
  readonly text: readonly [before: string, after: string]
}

interface Estimate {
  readonly value: number | undefined
  readonly interval?: Interval | undefined
}

interface Measure {
  readonly name: string
  readonly of: (answer: Answer) => Estimate
  readonly format: (value: number | undefined) => string
  readonly better?: 'higher' | 'lower'
  /** Worse is counted in points: a share of next to nothing doubles by chance. */
  readonly inPoints?: boolean
}

const turnMeasures: readonly Measure[] = [
  { name: 'capacity', of: capacityOf, format: formatCount, better: 'higher' },
  {
    name: 'turns/s',
    of: ({ summary }) => ({ value: summary?.turns.perSecond, interval: summary?.turns.perSecondCi95 }),
    format: formatCount,
    better: 'higher',
  },
  {
    name: 'turn mean',
    of: ({ summary }) => meanOf(summary?.latency.turnMs),
    format: formatMs,
    better: 'lower',
  },
  {
    name: 'turn p95',
    of: ({ summary }) => p95Of(summary?.latency.turnMs),
    format: formatMs,
    better: 'lower',
  },
  {
    name: 'ttft p95',
    of: ({ summary }) => p95Of(summary?.latency.ttftMs),
    format: formatMs,
    better: 'lower',
  },
  {
    name: 'goodput',
    of: ({ summary }) => goodputOf(summary?.goodput),
    format: formatShare,
    better: 'higher',
    inPoints: true,
  },
  {
    name: 'calls/turn',
    of: ({ summary }) => ({ value: summary?.calls?.perTurn?.mean }),
    format: formatCount,
  },
  {
    name: 'cost/turn',
    of: ({ summary }) => ({ value: summary?.cost?.perTurnUsd }),
    format: formatUsd,
    better: 'lower',
  },
  { name: 'errors', of: errorsOf, format: formatShare, better: 'lower', inPoints: true },
]

/** Of calls by telephone: their capacity and how they ended, then what turns tell, in the words of calls. */
const callMeasures: readonly Measure[] = [
  { name: 'capacity, calls at once', of: atOnceOf, format: formatCount, better: 'higher' },
  { name: 'on the line', of: ({ summary }) => ({ value: summary?.phone?.active.mean }), format: formatCount },
  ...turnMeasures.flatMap((measure): Measure[] => {
    if (measure.name === 'capacity') return [{ ...measure, name: 'capacity, calls/min' }]
    if (measure.name === 'ttft p95') return [{ ...measure, name: 'response p95' }, ...endingMeasures()]
    return [measure.name === 'calls/turn' ? { ...measure, name: 'model calls/turn' } : measure]
  }),
]

function endingMeasures(): Measure[] {
  const good = ['completed'] as const
  const bad = ['blocked', 'dropped', 'abandoned'] as const
  return [...good, ...bad].map((ending) => ({
    name: ending,
    of: (answer) => endingOf(answer, ending),
    format: formatShare,
    better: ending === 'completed' ? 'higher' : 'lower',
    inPoints: true,
  }))
}

function endingOf({ summary }: Answer, ending: PhoneEnding): Estimate {
  const calls = summary?.phone?.calls
  if (!calls || calls.ended === 0) return { value: undefined }
  const value = calls[ending] / calls.ended
  return { value, interval: wilsonInterval(value, calls.ended) }
}

/** Each engine of one run beside the same engine of the other; what neither knows is left out. */
export function compareRuns(before: Run, after: Run): RunComparison[] {
  return answersOf(before).flatMap((first) => {
    const second = answersOf(after).find(({ origin }) => origin === first.origin)
    if (!second) return []
    const isOfCalls = levelUnit(first) === 'calls/min' && levelUnit(second) === 'calls/min'
    const measures = isOfCalls ? callMeasures : turnMeasures
    return measures.flatMap((measure) => compared(first, second, measure))
  })
}

function compared(first: Answer, second: Answer, measure: Measure): RunComparison[] {
  const [a, b] = [measure.of(first), measure.of(second)]
  if (a.value === undefined && b.value === undefined) return []
  const row = {
    origin: first.origin,
    measure: measure.name,
    ...(a.value !== undefined && { before: a.value }),
    ...(b.value !== undefined && { after: b.value }),
    text: [measure.format(a.value), measure.format(b.value)] as const,
  }
  if (a.value === undefined || b.value === undefined) return [row]
  const change = a.value === 0 ? undefined : b.value / a.value - 1
  const step = measure.inPoints ? b.value - a.value : change
  const worse =
    step === undefined ? undefined : { lower: step, higher: -step, none: undefined }[measure.better ?? 'none']
  const difference =
    a.interval &&
    b.interval &&
    differenceInterval({ value: a.value, interval: a.interval }, { value: b.value, interval: b.interval })
  return [
    {
      ...row,
      ...(change === undefined ? {} : { change }),
      ...(worse === undefined ? {} : { worse }),
      ...(difference && { difference, significant: difference[0] > 0 || difference[1] < 0 }),
    },
  ]
}

/** What is worse by more than `share` and, where both sides know their intervals, not by chance. */
export function regressionsOf(rows: readonly RunComparison[], share: number): RunComparison[] {
  return rows.filter(
    ({ worse, significant }) => worse !== undefined && worse > share && significant !== false,
  )
}

function capacityOf({ capacity }: Answer): Estimate {
  if (!capacity) return { value: undefined }
  const { low, high } = capacity
  const told = (value: number): number => inUnit(capacity, value)
  const interval = low === undefined || high === undefined ? undefined : ([told(low), told(high)] as const)
  return { value: inUnit(capacity), interval }
}

function atOnceOf({ capacity }: Answer): Estimate {
  if (!capacity) return { value: undefined }
  const { low, high } = capacity
  const ends = [low, high].map((end) => (end === undefined ? undefined : callsAtOnce(capacity, end)))
  const interval = ends[0] === undefined || ends[1] === undefined ? undefined : ([ends[0], ends[1]] as const)
  return { value: callsAtOnce(capacity), interval }
}

const meanOf = (dist: Dist | undefined): Estimate => ({ value: dist?.mean, interval: dist?.ci95?.mean })
const p95Of = (dist: Dist | undefined): Estimate => ({ value: dist?.p95, interval: dist?.ci95?.p95 })

function goodputOf(goodput: Summary['goodput']): Estimate {
  return { value: goodput?.share, interval: goodput && [goodput.low, goodput.high] }
}

/** Turns of a session fail together: where an objective tells what they are worth, that many are counted. */
function errorsOf({ summary }: Answer): Estimate {
  const value = summary?.errors?.rate
  if (value === undefined) return { value }
  const { completed = 0, failed = 0, abandoned = 0, rejected = 0 } = summary!.turns
  const judged = summary!.objectives.find(({ text }) => text.startsWith('errors'))?.exceeded?.effectiveCount
  const count = judged ?? completed + failed + abandoned + rejected
  return { value, interval: count > 0 ? wilsonInterval(value, count) : undefined }
}

export interface ComparisonOptions extends ReportOptions {
  readonly json?: boolean
  /** Worse by more than this share is a regression. */
  readonly gate?: number
}

export interface Comparison {
  readonly rows: readonly RunComparison[]
  /** What the gate found, where there is one. */
  readonly regressions?: readonly RunComparison[]
  /** A table, or JSON. */
  readonly text: string
}

/** Two runs side by side; without rows where they have no engine in common. */
export function comparisonOf(before: Run, after: Run, options: ComparisonOptions): Comparison {
  const rows = compareRuns(clean(before), clean(after))
  const { gate } = options
  const found = { rows, ...(gate === undefined ? {} : { regressions: regressionsOf(rows, gate) }) }
  const text = options.json
    ? JSON.stringify({ before: before.runId, after: after.runId, ...found }, undefined, 2)
    : tableOf(found, [before, after], options)
  return { ...found, text }
}

function tableOf(
  { rows, regressions }: Omit<Comparison, 'text'>,
  [before, after]: readonly [Run, Run],
  { gate, palette = plainPalette, width = 100 }: ComparisonOptions,
): string {
  const room = Math.max(40, width) - 2
  const notes = [
    ...(rows.some(({ difference }) => difference)
      ? ['Differences: 95 % intervals from those of both runs (batch means; MOVER), of independent runs.']
      : []),
    ...(before.workload.hash === after.workload.hash ? [] : ['The two runs are of different workloads.']),
    ...(regressions ? [gateText(regressions, gate!)] : []),
  ]
  const table = textTable({
    head: ['', '', 'before', 'after', 'change', 'difference'],
    rows: rows.map((row, index) => [
      rows[index - 1]?.origin === row.origin ? '' : row.origin,
      row.measure,
      ...row.text,
      row.change === undefined ? '' : formatChange(row.change),
      differenceText(row),
    ]),
    left: [0, 1, 5],
    foldBeyond: room,
    paint: (cell, row) => (row === -1 ? palette.dim(cell) : cell),
  })
  return ['', ...table, ...notes.flatMap((note) => wrap(note, room)), '']
    .map((line) => `  ${line}`.trimEnd())
    .join('\n')
}

/** Why two runs have no rows. */
export function nothingInCommon(before: Run, after: Run): string {
  const engines = (run: Run): string =>
    answersOf(run)
      .map(({ origin }) => origin)
      .join(' and ') || 'no'
  return `The two runs have no engine in common: the first has ${engines(before)} answers, the second ${engines(after)} answers.`
}

/** In the measure's own unit: `-120 ms to -40 ms`; what may be nothing says so. */
function differenceText({ measure, difference, significant }: RunComparison): string {
  if (!difference) return ''
  const { format } = [...turnMeasures, ...callMeasures].find(({ name }) => name === measure)!
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${format(Math.abs(value))}`
  return `${signed(difference[0])} to ${signed(difference[1])}${significant ? '' : ', may be chance'}`
}

function gateText(regressions: readonly RunComparison[], share: number): string {
  if (regressions.length === 0) return `No regression beyond ${formatShare(share)}.`
  const named = regressions.map(({ origin, measure, text }) => `${origin} ${measure} ${text[0]} → ${text[1]}`)
  return `Regression beyond ${formatShare(share)}: ${named.join('; ')}.`
}

function answersOf(run: Run): Answer[] {
  return run.capacities.length > 0 ? capacityAnswers(run) : levelAnswers(run)
}
