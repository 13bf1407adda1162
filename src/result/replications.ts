import { meanInterval } from '../stats/mean-interval.ts'
import { wilsonInterval } from '../stats/wilson.ts'
import { metrics } from '../workload/metrics.ts'
import type { Interval } from '../stats/interval.ts'
import { isWithin, restOf } from './judge.ts'
import type { Dist, ObjectiveResult, ShareValue, Summary } from './summary.ts'

/**
 * Counts are of all runs together; everything else is the mean over them, also what the agent's rules did in a run and
 * the tokens of a call.
 */
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
  // Of calls by telephone.
  'offered',
  'escalated',
  'dropped',
  'blocked',
  'blockedByAgent',
  'interruptions',
  'talkedOver',
  'callsWithGaps',
])
const countedSections = new Set(['byKind', 'joined', 'unjoined'])
const averagedSections = new Set(['rules', 'tokensPerCall'])

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
    turns: { ...figures.turns, perSecondCi95: intervalOf(runs.map(({ turns }) => turns.perSecond)) },
    objectives: first.objectives.map((_, i) => objectiveAcross(runs.map(({ objectives }) => objectives[i]!))),
    ...(figures.turnTime ? { turnTime: turnTimeAcross(figures.turnTime, runs) } : {}),
    ...(figures.services ? { services: bindingAcross(figures.services, runs) } : {}),
  }
}

type TurnTime = NonNullable<Summary['turnTime']>

/** Pooled, each part is the mean over the runs that have it: what took no time in a run is left out there. */
function turnTimeAcross(pooledParts: TurnTime, runs: readonly Summary[]): TurnTime {
  return pooledParts.map((told) => {
    const having = runs.filter(({ turnTime = [] }) => turnTime.some(({ part }) => part === told.part))
    return { ...told, meanMs: (told.meanMs * having.length) / runs.length }
  })
}

/** What binds in the most runs binds; of as many the fuller one. */
function bindingAcross(
  uses: NonNullable<Summary['services']>,
  runs: readonly Summary[],
): NonNullable<Summary['services']> {
  const votes = uses.map(
    ({ name }) =>
      runs.filter(({ services = [] }) => services.some((use) => use.name === name && use.binding)).length,
  )
  const most = Math.max(...votes)
  const fullest = Math.max(...uses.map(({ utilisation }, i) => (votes[i] === most ? utilisation : 0)))
  return uses.map((use, i) => ({
    ...use,
    binding: most > 0 && votes[i] === most && use.utilisation === fullest,
  }))
}

/** The 95 % interval of the mean of what each run says, of which nothing is below zero. */
function intervalOf(values: readonly number[]): Interval {
  const [low, high] = meanInterval(values)
  return [Math.max(0, low), high]
}

function objectiveAcross(results: readonly ObjectiveResult[]): ObjectiveResult {
  const [first] = results as [ObjectiveResult]
  const { text, metric, limit } = first
  const about = {
    text,
    ...(first.of ? { of: first.of } : {}),
    ...(metric ? { metric } : {}),
    ...(first.unit ? { unit: first.unit } : {}),
  }
  const values = results.flatMap(({ value }) => (value === undefined ? [] : [value]))
  if (values.length < results.length) return { ...about, pass: 'undecided' }
  const value = meanOf(values)
  const [low, high] = intervalOf(values)
  const shares = results.flatMap(({ exceeded }) => (exceeded ? [exceeded] : []))
  const common = { ...about, value, low, high, ...(limit === undefined ? {} : { limit }) }
  if (shares.length < results.length) return { ...common, pass: value < (limit ?? Infinity) }
  const effectiveCount = shares.reduce((sum, each) => sum + each.effectiveCount, 0)
  const exceeded = { ...shareAcross(shares, effectiveCount), allowed: shares[0]!.allowed, effectiveCount }
  return { ...common, ...valueBounds(metric, exceeded), exceeded, pass: isWithin(exceeded) }
}

/** A rate's value is the share beyond the limit itself, or the rest of it. */
function valueBounds(
  metric: ObjectiveResult['metric'],
  exceeded: ShareOf,
): Pick<ObjectiveResult, 'low' | 'high'> {
  if (metric === undefined || metrics[metric].unit !== 'share') return {}
  const { low, high } = metrics[metric].better === 'higher' ? restOf(exceeded) : exceeded
  return { low, high }
}

type ShareOf = Pick<ShareValue, 'share' | 'low' | 'high'>

/** Runs that agree, as they do on what none of them ever saw, say as much as all their observations together. */
function shareAcross(shares: readonly Pick<ShareValue, 'share'>[], count: number): ShareOf {
  const values = shares.map(({ share }) => share)
  const [share] = values as [number]
  if (values.every((value) => value === share)) {
    const [low, high] = wilsonInterval(share, count)
    return { share, low, high }
  }
  const [low, high] = meanInterval(values)
  return { share: meanOf(values), low: Math.max(0, low), high: Math.min(1, high) }
}

/** Of what stands at one place of every run; undefined where it has nothing there. */
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
  if (Array.isArray(first)) return pooledList(there as unknown[][], key, section)
  if (typeof first !== 'object' || first === null) return first
  const keys = new Set(there.flatMap((value) => Object.keys(value as object)))
  keys.delete('ci95')
  const at = (name: string): unknown[] => values.map((value) => Object(value)[name] as unknown)
  const all = Object.fromEntries([...keys].map((name) => [name, pooled(at(name), name, key)]))
  if (isDist(all) && there.length === values.length) return { ...all, ci95: intervalsOf(there as Dist[]) }
  return isShare(all) ? { ...all, ...shareAcross(there as ShareValue[], all.count) } : all
}

const intervalsOf = (dists: readonly Dist[]): NonNullable<Dist['ci95']> => ({
  mean: intervalOf(dists.map(({ mean }) => mean)),
  p95: intervalOf(dists.map(({ p95 }) => p95)),
})

const isDist = (value: object): boolean => 'mean' in value && 'p95' in value

const isShare = (value: object): value is ShareValue => 'share' in value && 'count' in value

/** Like with like: a run may lack what it has nothing to say of. The order is that of whoever has both. */
function pooledList(lists: readonly (readonly unknown[])[], key: string, section: string): unknown[] {
  const labels: unknown[] = []
  for (const list of lists) {
    let place = 0
    for (const [i, each] of list.entries()) {
      const label = labelOf(each, i)
      if (!labels.includes(label)) labels.splice(place, 0, label)
      place = labels.indexOf(label) + 1
    }
  }
  return labels.map((label) => {
    const alike = lists.flatMap((list) => list.filter((each, i) => labelOf(each, i) === label))
    return pooled(alike, key, section)
  })
}

function labelOf(each: unknown, place: number): unknown {
  const { name, part, rule } = Object(each) as Readonly<Record<string, unknown>>
  return name ?? part ?? rule ?? place
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
