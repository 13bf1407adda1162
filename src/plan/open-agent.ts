import type { Workload } from '../workload/workload.ts'
import { arrivalScv } from './arrival-variability.ts'
import type { UnrefusedState } from './closed-agent.ts'
import type { TurnDemand } from './demand.ts'
import type { RefusedEffort } from './effort.ts'
import type { ClosedStationState } from './formulas/load-dependent-closed.ts'
import type { InnerNetwork } from './inner-network.ts'
import { slotVariability } from './slot-variability.ts'
import { slotWait } from './slot-wait.ts'

const negligible = 1e-18
const longestChain = 2_000_000
/** Even arrivals of turns of one length wait for nothing, which a chain cannot say. */
const leastVariability = 0.01

/**
 * Sessions that arrive at a rate whatever happens: turns arrive at that rate times the turns of a session (taken as
 * Poisson, and the wait stretched by how far they are not) at the same flow-equivalent agent. Beyond its ceiling there is no steady state: the answer is then what the
 * agent carries, everything else shed or waiting for ever, and says from which rate on.
 */
export function openAgent(
  workload: Workload,
  demand: TurnDemand,
  effort: RefusedEffort,
  inner: InnerNetwork,
  sessionsPerSecond: number,
): UnrefusedState {
  const slots = workload.agent.workers * workload.agent.concurrency
  // Allen and Cunneen: (C²a + C²s) ÷ 2, of which the holding time's part is (1 + C²s) ÷ 2.
  const burstiness = (arrivalScv(workload.users.arrivals, demand.turnsPerSession) - 1) / 2
  const variability = Math.max(leastVariability, slotVariability(workload, demand) + burstiness)
  const places = slots + Math.floor(workload.agent.queue / variability)
  const sentPerMs = (sessionsPerSecond * demand.turnsPerSession) / 1000
  const rate = (n: number): number => inner.throughput(Math.min(n, slots))
  const ceiling = Number.isFinite(slots) ? rate(slots) : inner.ceiling
  const unstable = sentPerMs >= ceiling && !Number.isFinite(places)
  const chain = openChain(unstable ? 0.999999 * ceiling : sentPerMs, rate, places)
  let inService = 0
  chain.probability.forEach((share, i) => (inService += share * Math.min(slots, chain.first + i)))
  const admittedPerMs = unstable ? ceiling : sentPerMs * (1 - chain.rejected)
  return {
    sentPerMs,
    admittedPerMs,
    rejected: chain.rejected,
    rateLimited: effort.rateLimited,
    triesPerMs: effort.tries.map((count) => count * admittedPerMs),
    callsPerMs: effort.calls.map((count) => count * admittedPerMs),
    retriesPerTurn: effort.retries,
    inService,
    waiting: (chain.atStation - inService) * variability,
    slots,
    wait: slotWait(chain, slots, (Number.isFinite(slots) ? rate(slots) : 1) / variability),
    inner,
    work: effort.work,
    retryMs: effort.retryMs,
    ...(unstable ? { unstableFrom: (ceiling * 1000) / demand.turnsPerSession } : {}),
  }
}

/** Birth-death chain with constant births; arrivals see its time averages (PASTA). */
function openChain(birth: number, rate: (n: number) => number, places: number): ClosedStationState {
  let mode = 0
  if (birth > 0) {
    let step = 1
    while (step < longestChain && step <= places && rate(step) <= birth) step *= 2
    let low = Math.floor(step / 2)
    let high = Math.min(step, places)
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (birth >= rate(middle)) low = middle
      else high = middle - 1
    }
    mode = low
  }
  const below: number[] = []
  for (let n = mode, weight = 1; n > 0 && weight > negligible; n--) below.push((weight *= rate(n) / birth))
  const above: number[] = []
  for (let n = mode, weight = 1; n < places && weight > negligible && above.length < longestChain; n++)
    above.push((weight *= birth / rate(n + 1)))
  const probability = Float64Array.from([...below.reverse(), 1, ...above])
  const total = probability.reduce((sum, weight) => sum + weight, 0)
  const first = mode - below.length
  let atStation = 0
  for (let i = 0; i < probability.length; i++) {
    probability[i]! /= total
    atStation += probability[i]! * (first + i)
  }
  const full = first + probability.length - 1 >= places ? probability.at(-1)! : 0
  const arrivalSees = probability.slice()
  if (full > 0) arrivalSees[arrivalSees.length - 1] = 0
  for (let i = 0; i < arrivalSees.length; i++) arrivalSees[i]! /= 1 - full
  const throughput = birth * (1 - full)
  return {
    throughput,
    response: atStation / throughput,
    atStation,
    rejected: full,
    first,
    probability,
    arrivalSees,
  }
}
