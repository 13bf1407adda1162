import type { ObjectiveResult } from '../../result/summary.ts'
import type { Objective } from '../../workload/workload.ts'

/** Where the search ends, as a share of the calls. */
const fine = 1e-4
/** Beyond so many standard deviations there are as good as never calls. */
const widest = 6

/** What an objective comes to with so many calls up all the time; undefined beyond what the agent can do. */
export type AtCalls = (calls: number) => readonly ObjectiveResult[] | undefined

export interface RandomCalls {
  /** Calls at once, on average. */
  readonly calls: number
  /** The objective that more of them would break. */
  readonly brokenBy?: string
}

/**
 * The most calls on average at which objectives hold when calls come at random: how many are up varies as Poisson has
 * it (cut off at `places`, as Erlang has it), and slowly against a turn, so that each number is a steady state of its
 * own. A turn sees its own call and as many others as are up at any time.
 */
export function callsAtRandom(
  objectives: readonly Objective[],
  at: AtCalls,
  most: number,
  places: number,
): RandomCalls {
  const known = new Map<number, readonly ObjectiveResult[] | undefined>()
  const atCalls = (calls: number): readonly ObjectiveResult[] | undefined => {
    if (!known.has(calls)) known.set(calls, at(calls))
    return known.get(calls)
  }
  const broken = (mean: number): string | undefined => {
    const seen = othersUp(mean, places - 1).map(({ calls, share }) => ({ share, at: atCalls(1 + calls) }))
    const missed = objectives.find((objective, i) => {
      const mixed = seen.reduce((sum, { share, at }) => sum + share * partOf(objective, at?.[i]), 0)
      return !(mixed < allowedOf(objective))
    })
    return missed?.text
  }
  let low = 0
  let high = most
  let brokenBy = broken(high)
  if (brokenBy === undefined) return { calls: most }
  while (high - low > fine * high) {
    const middle = (low + high) / 2
    const missed = broken(middle)
    if (missed === undefined) low = middle
    else [high, brokenBy] = [middle, missed]
    if (high < fine) return { calls: 0, brokenBy }
  }
  return { calls: low, brokenBy }
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

/** How many other calls are up, and how often; many are looked at in steps, which are narrow against how they vary. */
function othersUp(mean: number, most: number): { readonly calls: number; readonly share: number }[] {
  const deviation = Math.sqrt(mean)
  const step = Math.max(1, 2 ** Math.floor(Math.log2(deviation / 4)))
  const from = Math.max(0, Math.floor(mean - widest * deviation))
  const to = Math.min(most, Math.ceil(mean + widest * deviation + widest))
  const logs = [0]
  for (let calls = from + 1; calls <= to; calls++) logs.push(logs.at(-1)! + Math.log(mean / calls))
  const highest = Math.max(...logs)
  const weights = logs.map((log) => Math.exp(log - highest))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const shares = new Map<number, number>()
  weights.forEach((weight, i) => {
    const calls = Math.min(most, Math.round((from + i) / step) * step)
    shares.set(calls, (shares.get(calls) ?? 0) + weight / total)
  })
  return [...shares].map(([calls, share]) => ({ calls, share }))
}
