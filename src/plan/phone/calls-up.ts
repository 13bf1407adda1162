import type { Distribution } from '../../stats/distribution.ts'
import type { Arrivals } from '../../workload/arrivals.ts'
import type { ObjectiveResult } from '../../result/summary.ts'
import type { Objective } from '../../workload/workload.ts'

/** Where the search ends, as a share of the calls. */
const fine = 1e-4
/** Beyond so many standard deviations there are as good as never calls. */
const widest = 6

/** What an objective comes to with so many calls up all the time; undefined beyond what the agent can do. */
export type AtCalls = (calls: number) => readonly ObjectiveResult[] | undefined

/** How many calls are up when a turn is under way, its own among them, and how often, with so many up on average. */
export type CallsUp = (mean: number) => readonly { readonly calls: number; readonly share: number }[]

/**
 * The most calls on average at which objectives hold when how many are up varies: slowly against a turn, so that each
 * number is a steady state of its own.
 */
export function mostCalls(objectives: readonly Objective[], at: AtCalls, up: CallsUp, most: number): number {
  const known = new Map<number, readonly ObjectiveResult[] | undefined>()
  const atCalls = (calls: number): readonly ObjectiveResult[] | undefined => {
    if (!known.has(calls)) known.set(calls, at(calls))
    return known.get(calls)
  }
  const holds = (mean: number): boolean => {
    const seen = up(mean).map(({ calls, share }) => ({ share, at: atCalls(calls) }))
    return objectives.every((objective, i) => {
      const mixed = seen.reduce((sum, { share, at }) => sum + share * partOf(objective, at?.[i]), 0)
      return mixed < allowedOf(objective)
    })
  }
  if (holds(most)) return most
  let low = 0
  let high = most
  while (high - low > fine * most) {
    const middle = (low + high) / 2
    if (holds(middle)) low = middle
    else high = middle
  }
  return low
}

/** Of turns with so many calls up: those beyond a limit where that is what counts, else the value itself. */
function partOf({ metric, statistic }: Objective, result: ObjectiveResult | undefined): number {
  if (isShare({ metric, statistic })) return result ? (result.exceeded?.share ?? result.value ?? 0) : 1
  return result ? (result.value ?? 0) : Infinity
}

const isShare = ({ metric, statistic }: Pick<Objective, 'metric' | 'statistic'>): boolean =>
  metric === 'errors' || statistic.kind === 'percentile'

function allowedOf({ metric, statistic, limit }: Objective): number {
  return metric !== 'errors' && statistic.kind === 'percentile' ? 1 - statistic.share : limit
}

/**
 * What turns see of calls that come at random or more evenly than that and find at most `places`: as many are up as Poisson
 * has it, cut off as Erlang has it, or a part of them always and the rest as Poisson has it, so that the variance is
 * `dispersion` of the mean. Calls with more at once are seen by more turns. Where they are many they are looked at in
 * steps, which are narrow against how they vary.
 */
export function callsUp(places: number, dispersion: number): CallsUp {
  return (mean) => {
    const always = mean * (1 - dispersion)
    const varied = mean * dispersion
    const part = always - Math.floor(always)
    const step = Math.max(1, 2 ** Math.floor(Math.log2(Math.sqrt(varied) / 4)))
    const shares = new Map<number, number>()
    let total = 0
    for (const { count, share } of poisson(varied))
      for (const [more, of] of [
        [0, 1 - part],
        [1, part],
      ] as const) {
        const exactly = Math.floor(always) + count + more
        if (exactly < 1 || exactly > places || share * of === 0) continue
        const calls = Math.min(places, Math.max(1, Math.round(exactly / step) * step))
        const weight = share * of * exactly
        shares.set(calls, (shares.get(calls) ?? 0) + weight)
        total += weight
      }
    if (total === 0) return [{ calls: places, share: 1 }]
    return [...shares].map(([calls, weight]) => ({ calls, share: weight / total }))
  }
}

/** Relative to the likeliest, so that none overflows. */
function poisson(mean: number): { readonly count: number; readonly share: number }[] {
  const deviation = Math.sqrt(mean)
  const from = Math.max(0, Math.floor(mean - widest * deviation))
  const to = Math.ceil(mean + widest * deviation + widest)
  const logs = [0]
  for (let count = from + 1; count <= to; count++) logs.push(logs.at(-1)! + Math.log(mean / count))
  const highest = Math.max(...logs)
  return logs.map((log, i) => ({ count: from + i, share: Math.exp(log - highest) }))
}

const points = 1000

/**
 * Variance of the calls that are up over their mean: 1 where they come at random; where they come at one distance, half the
 * mean difference of two durations over their mean: that of a sum of independent calls, each still up or not.
 */
export function dispersionOf(arrivals: Arrivals | undefined, of: Distribution): number {
  if (arrivals?.text !== 'even') return 1
  let sum = 0
  for (let i = 0; i < points; i++) {
    const u = (i + 0.5) / points
    sum += ((2 * u - 1) * of.quantile(u)) / points
  }
  return Math.max(0, sum / of.mean)
}
