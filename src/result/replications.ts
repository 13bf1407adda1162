import { meanInterval } from '../stats/mean-interval.ts'
import { isWithin } from './judge.ts'
import type { Dist, Interval, ObjectiveResult, Summary } from './summary.ts'

/** Counts are of all runs together; everything else is the mean over them, also what the agent's rules did in a run. */
const counted = new Set([
  'count',
  'censored',
  'cut',
  'input',
  'cachedInput',
  'output',
  'inFlightAtStart',
  'started',
  'ended',
  'completed',
  'failed',
  'abandoned',
  'rejected',
  'inFlightAtEnd',
])
const countedSections = new Set(['byKind', 'joined', 'unjoined'])
const averagedSections = new Set(['rules'])

/**
 * Independent runs of one level as one summary: figures are means over the runs, counts their sums, and every interval
 * says how much the runs differ among themselves (95 %, Student's t). The series is the first run's.
 */
export function acrossReplications(runs: readonly Summary[]): Summary {
  const [first] = runs as [Summary]
  if (runs.length === 1) return first
  const figures = pooled(runs, '', '') as Summary
  return {
    ...figures,
    level: first.level,
    ...(first.seed === undefined ? {} : { seed: first.seed }),
    replications: runs.length,
    ...(first.window ? { window: first.window } : {}),
    ...(first.series ? { series: first.series } : {}),
    turns: { ...figures.turns, perSecondCi95: intervalOf(runs, ({ turns }) => turns.perSecond)! },
    latency: Object.fromEntries(
      Object.entries(figures.latency).map(([name, dist]) => [
        name,
        withIntervals(dist, runs, ({ latency }) => latency[name as keyof Summary['latency']]),
      ]),
    ),
    objectives: first.objectives.map((_, i) => objectiveAcross(runs.map(({ objectives }) => objectives[i]!))),
    ...(figures.services
      ? {
          services: figures.services.map((use, _, all) => ({
            ...use,
            binding: use.utilisation === Math.max(...all.map(({ utilisation }) => utilisation)),
          })),
        }
      : {}),
  }
}

/** The 95 % interval of the mean of what each run says; undefined where one of them says nothing. */
function intervalOf(
  runs: readonly Summary[],
  pick: (run: Summary) => number | undefined,
): Interval | undefined {
  const values = runs.map(pick)
  return values.every((value) => value !== undefined) ? meanInterval(values) : undefined
}

function withIntervals(dist: Dist, runs: readonly Summary[], pick: (run: Summary) => Dist | undefined): Dist {
  const mean = intervalOf(runs, (run) => pick(run)?.mean)
  const p95 = intervalOf(runs, (run) => pick(run)?.p95)
  return { ...dist, ...(mean && p95 ? { ci95: { mean, p95 } } : {}) }
}

function objectiveAcross(results: readonly ObjectiveResult[]): ObjectiveResult {
  const [{ text, limit }] = results as [ObjectiveResult]
  const values = results.flatMap(({ value }) => (value === undefined ? [] : [value]))
  if (values.length < results.length) return { text, pass: 'undecided' }
  const value = meanOf(values)
  const [low, high] = meanInterval(values)
  const shares = results.flatMap(({ exceeded }) => (exceeded ? [exceeded] : []))
  const common = { text, value, low, high, ...(limit === undefined ? {} : { limit }) }
  if (shares.length < results.length) return { ...common, pass: value < (limit ?? Infinity) }
  const [leastShare, mostShare] = meanInterval(shares.map(({ share }) => share))
  const exceeded = {
    share: meanOf(shares.map(({ share }) => share)),
    low: Math.max(0, leastShare),
    high: Math.min(1, mostShare),
    allowed: shares[0]!.allowed,
    effectiveCount: shares.reduce((sum, { effectiveCount }) => sum + effectiveCount, 0),
  }
  // A rate's value is the share itself.
  const isRate = shares[0]!.share === values[0]
  return {
    ...common,
    ...(isRate ? { low: exceeded.low, high: exceeded.high } : {}),
    exceeded,
    pass: isWithin(exceeded),
  }
}

/** Of what stands at one place of every run. */
function pooled(values: readonly unknown[], key: string, section: string): unknown {
  const there = values.filter((value) => value !== undefined)
  const [first] = there
  if (typeof first === 'number') {
    const numbers = there as number[]
    if (countedSections.has(section) || (counted.has(key) && !averagedSections.has(section)))
      return numbers.reduce((sum, value) => sum + value, 0)
    // What a run never saw is none of its mean.
    return key === 'max' ? Math.max(...numbers) : meanOf(numbers)
  }
  if (Array.isArray(first)) {
    const lists = there as unknown[][]
    return first.map((_, i) =>
      pooled(
        lists.map((list) => list[i]),
        key,
        section,
      ),
    )
  }
  if (typeof first !== 'object' || first === null) return first
  const keys = new Set(there.flatMap((value) => Object.keys(value as object)))
  keys.delete('ci95')
  const at = (name: string): unknown[] => there.map((value) => (value as Record<string, unknown>)[name])
  return Object.fromEntries([...keys].map((name) => [name, pooled(at(name), name, key)]))
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
