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
 * Calls that come at random and find at most `places`: others are up beside a turn's own call as they are at any time, as
 * Poisson has it, cut off as Erlang has it. Where they are many they are looked at in steps, which are narrow against
 * how they vary.
 */
export function callsAtRandom(places: number): CallsUp {
  return (mean) => {
    const most = places - 1
    const deviation = Math.sqrt(mean)
    const step = Math.max(1, 2 ** Math.floor(Math.log2(deviation / 4)))
    const from = Math.max(0, Math.floor(mean - widest * deviation))
    const to = Math.max(from, Math.min(most, Math.ceil(mean + widest * deviation + widest)))
    const logs = [0]
    for (let calls = from + 1; calls <= to; calls++) logs.push(logs.at(-1)! + Math.log(mean / calls))
    const highest = Math.max(...logs)
    const weights = logs.map((log) => Math.exp(log - highest))
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const shares = new Map<number, number>()
    weights.forEach((weight, i) => {
      const others = Math.min(most, Math.round((from + i) / step) * step)
      shares.set(1 + others, (shares.get(1 + others) ?? 0) + weight / total)
    })
    return [...shares].map(([calls, share]) => ({ calls, share }))
  }
}

/** Calls that come at one distance: as good as always as many, of whole ones now one and now the other of the two nearest. */
export function callsEvenly(places: number): CallsUp {
  return (mean) => {
    const calls = Math.min(Math.max(1, mean), places)
    const below = Math.floor(calls)
    const above = calls - below
    return above > 0
      ? [
          { calls: below, share: 1 - above },
          { calls: below + 1, share: above },
        ]
      : [{ calls: below, share: 1 }]
  }
}
