import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import type { TurnDemand } from './demand.ts'

/**
 * Whether the algebra holds without approximation at a level; rounding on a grid aside. Two things must come together:
 * nothing behind the slots queues, refuses or gives up, so that a turn is a sum of delays (then the number inside
 * depends on its mean only: BCMP 1975, stations without a queue); and the line before the slots is either never formed
 * or that of a chain, which needs turns that all hold a slot for the same exponential time (M/M/c with users who come
 * back: the machine repairman).
 */
export function isExact(workload: Workload, demand: TurnDemand, level: Level): boolean {
  return (
    isSumOfDelays(workload) &&
    (neverWaits(workload, level) ||
      (arrivesAtRandom(workload, level) && holdsExponentially(workload, demand)))
  )
}

function isSumOfDelays({ agent, models, scenarios, tools, users }: Workload): boolean {
  return (
    agent.overhead.cpuPerCallMs === 0 &&
    agent.overhead.cpuPerTokenMs === 0 &&
    agent.limits.turnMs === Infinity &&
    users.patience === undefined &&
    isPlainAgent(agent) &&
    scenarios.every(({ routes }) => routes === undefined) &&
    models.every((model) => !model.quota && !model.engine) &&
    scenarios.every((scenario) => scenario.tools.every((index) => tools[index]!.capacity === Infinity))
  )
}

/** Nothing of what an agent may do under stress, none of which the algebra follows. */
function isPlainAgent({ limits, ...agent }: Workload['agent']): boolean {
  const { connections, state, admission, breakers, degrade, servers, scale, failures } = agent
  return [
    [connections, state, admission, breakers, degrade, servers, scale, failures],
    [limits.callMs, limits.toolMs],
  ].every((group) => group.every((each) => each === undefined))
}

/** A slot for everybody who could be there at once. */
function neverWaits({ agent }: Workload, level: Level): boolean {
  const most = 'users' in level ? level.users : Infinity
  return agent.workers * agent.concurrency >= most
}

/** Users come back from thinking; sessions of open load come as a Poisson process whose rate does not follow the day. */
function arrivesAtRandom({ users }: Workload, level: Level): boolean {
  return 'users' in level || (users.arrivals === undefined && users.peak.day === undefined)
}

/** Each turn is one wait for a first token, exponential, of one mean in all scenarios. */
function holdsExponentially({ models }: Workload, { scenarios, processingMs }: TurnDemand): boolean {
  const heldMs = processingMs.mean
  const isLike = (value: number, share: number): boolean =>
    Math.abs(value / (heldMs * -Math.log1p(-share)) - 1) < 1e-6
  return scenarios.every((scenario) => {
    const { ttft } = models[scenario.model]!
    const alone = [ttft.mean, scenario.processingMs.mean].every((mean) => Math.abs(mean / heldMs - 1) < 1e-9)
    return alone && [0.1, 0.5, 0.9, 0.99].every((share) => isLike(ttft.quantile(share), share))
  })
}
