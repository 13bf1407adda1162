import { refusedPauseMs } from '../sessions/refused-pause.ts'
import type { Workload } from '../workload/workload.ts'
import type { AgentState } from './agent-state.ts'
import type { TurnDemand } from './demand.ts'
import type { RefusedEffort } from './effort.ts'
import { type ClosedStationState, loadDependentClosed } from './formulas/load-dependent-closed.ts'
import type { InnerNetwork } from './inner-network.ts'
import { slotVariability } from './slot-variability.ts'
import { slotWait } from './slot-wait.ts'

/** Everything but what the quota fixed point adds. */
export type UnrefusedState = Omit<AgentState, 'refused'>

/**
 * N users around the agent: think time is the delay, and the agent with its slots is one flow-equivalent station
 * whose rate with n turns inside is the inner network's throughput at min(n, slots) (Norton's theorem for queueing
 * networks). Exact for the machine repairman and wherever the network has product form; elsewhere waits are scaled by
 * how much turns vary. A finite queue cuts the chain off: users turned away think again, or wait a moment where they
 * never think. Patience is not fed back into the load.
 */
export function closedAgent(
  workload: Workload,
  demand: TurnDemand,
  effort: RefusedEffort,
  inner: InnerNetwork,
  users: number,
): UnrefusedState {
  const slots = workload.agent.workers * workload.agent.concurrency
  const variability = slotVariability(workload, demand)
  // Where the line moves as if it were `variability` times as long, that many more may stand in it.
  const places = slots + workload.agent.queue / variability
  const chainOf = (population: number): Chain => {
    const chain = loadDependentClosed({
      population,
      think: demand.thinkMs,
      rate: (n) => inner.throughput(Math.min(n, slots)),
      places: Math.floor(places),
      pause: refusedPauseMs,
    })
    let inService = 0
    chain.probability.forEach((share, i) => (inService += share * Math.min(slots, chain.first + i)))
    return { ...chain, inService }
  }
  const chain = withScaledWaits(chainOf, users, variability)
  const { inService } = chain
  const admittedPerMs = chain.throughput
  return {
    sentPerMs: admittedPerMs / Math.max(1e-12, 1 - chain.rejected),
    admittedPerMs,
    rejected: chain.rejected,
    rateLimited: effort.rateLimited,
    triesPerMs: effort.tries.map((count) => count * admittedPerMs),
    callsPerMs: effort.calls.map((count) => count * admittedPerMs),
    retriesPerTurn: effort.retries,
    inService,
    waiting: (chain.atStation - inService) * variability,
    slots,
    wait: slotWait(chain, slots, (users >= slots ? inner.throughput(slots) : 1) / variability),
    inner,
    work: effort.work,
    retryMs: effort.retryMs,
  }
}

type Chain = ClosedStationState & { readonly inService: number }

const mostSteps = 30

/**
 * The exponential chain whose waits, scaled by `variability`, are those of `users` users. Thinking, in service and
 * waiting are all users there are (Little), so scaled waits belong to a population of N' − (1 − variability) × waiting:
 * found by secant steps, and N' = N where nothing is scaled.
 */
function withScaledWaits(chainOf: (population: number) => Chain, users: number, variability: number): Chain {
  const scaledUsers = (population: number, { atStation, inService }: Chain): number =>
    population - (1 - variability) * (atStation - inService)
  let population = users
  let chain = chainOf(population)
  let missing = users - scaledUsers(population, chain)
  let slope = 1
  for (let step = 0; step < mostSteps && Math.abs(missing) > 1e-9 * users; step++) {
    const next = Math.max(0, population + missing / slope)
    chain = chainOf(next)
    const left = users - scaledUsers(next, chain)
    if (next !== population && missing !== left) slope = (missing - left) / (next - population)
    population = next
    missing = left
  }
  return chain
}
