import type { Saturation } from '../result/summary.ts'
import type { Workload } from '../workload/workload.ts'
import type { TurnDemand } from './demand.ts'
import { asymptoticBounds } from './formulas/asymptotic-bounds.ts'
import { innerNetwork } from './inner-network.ts'
import { modelLabel, servicesOf } from './service-use.ts'
import { solveAgent } from './solve-agent.ts'

/** Too few sessions for anything to queue or be refused, so that use grows with them in proportion. */
const hardlyAny = 1e-9

/**
 * The load at which the first service is full, were every turn served: sessions a second, and as N* the users who
 * think and are served that fast. Beyond it open load has no steady state, unless what comes too much is turned away.
 * Nothing where no service has a limit.
 */
export function saturationOf(workload: Workload, demand: TurnDemand): Saturation | undefined {
  const inner = innerNetwork(workload, demand, { work: 1, retryMs: 0 })
  const state = solveAgent(workload, demand, { sessionsPerSecond: hardlyAny })
  const turnsPerMs = (hardlyAny * demand.turnsPerSession) / 1000
  const engines = inner.stations.flatMap(({ kind, index, rate }) =>
    kind === 'engine'
      ? [{ service: `${modelLabel(workload, workload.models[index]!)} engine`, fullPerMs: rate(1e9), index }]
      : [],
  )
  const services = servicesOf(workload, demand, state).map(({ name, utilisation, limit, unit }) => {
    const engine = engines.find(({ service }) => service === name)
    if (name === 'agent slots')
      return { service: name, limit, unit, fullPerMs: inner.throughput(state.slots) }
    return { service: name, limit, unit, fullPerMs: engine?.fullPerMs ?? turnsPerMs / utilisation }
  })
  const unlimited = engines.filter(({ service }) => services.every((each) => each.service !== service))
  const first = [...services, ...unlimited].toSorted((one, other) => one.fullPerMs - other.fullPerMs)[0]
  if (!first || !Number.isFinite(first.fullPerMs)) return undefined
  const { service, fullPerMs } = first
  const aloneMs = inner.delayMs + inner.stations.reduce((sum, station) => sum + station.aloneMs, 0)
  const { saturation } = asymptoticBounds(1, demand.thinkMs + aloneMs - 1 / fullPerMs, [1 / fullPerMs])
  return {
    service,
    ...('limit' in first ? { limit: first.limit, unit: first.unit } : {}),
    turnsPerSecond: fullPerMs * 1000,
    sessionsPerSecond: (fullPerMs * 1000) / demand.turnsPerSession,
    users: saturation,
  }
}
