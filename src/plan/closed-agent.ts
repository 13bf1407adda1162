import type { Workload } from '../workload/workload.ts'
import type { AgentState } from './agent-state.ts'
import type { TurnDemand } from './demand.ts'
import type { RefusedEffort } from './effort.ts'
import { loadDependentClosed } from './formulas/load-dependent-closed.ts'
import type { InnerNetwork } from './inner-network.ts'
import { slotWait } from './slot-wait.ts'

/** Everything but what the quota fixed point adds. */
export type UnrefusedState = Omit<AgentState, 'refused'>

/**
 * N users around the agent: think time is the delay, and the agent with its slots is one flow-equivalent station
 * whose rate with n turns inside is the inner network's throughput at min(n, slots) (Norton's theorem for queueing
 * networks). Exact for the machine repairman and wherever the network has product form. A finite queue cuts the
 * chain off: users turned away think again. Patience is not fed back into the load.
 */
export function closedAgent(
  workload: Workload,
  demand: TurnDemand,
  effort: RefusedEffort,
  inner: InnerNetwork,
  users: number,
): UnrefusedState {
  const slots = workload.agent.workers * workload.agent.concurrency
  const places = slots + workload.agent.queue
  const chain = loadDependentClosed({
    population: users,
    think: demand.thinkMs,
    rate: (n) => inner.throughput(Math.min(n, slots)),
    places,
  })
  let inService = 0
  chain.probability.forEach((share, i) => (inService += share * Math.min(slots, chain.first + i)))
  const admittedPerMs = chain.throughput
  return {
    sentPerMs: admittedPerMs / Math.max(1e-12, 1 - chain.rejected),
    admittedPerMs,
    rejected: chain.rejected,
    rateLimited: effort.rateLimited,
    triesPerMs: effort.tries.map((count) => count * admittedPerMs),
    callsPerMs: effort.calls.map((count) => count * admittedPerMs),
    inService,
    waiting: chain.atStation - inService,
    slots,
    wait: slotWait(chain, slots, users >= slots ? inner.throughput(slots) : 1),
    inner,
    work: effort.work,
    retryMs: effort.retryMs,
  }
}
