import type { Derivation } from '../result/derivation.ts'
import { input, type Solution } from './explain-figures.ts'
import { sources } from './explain-sources.ts'
import { saturationOf } from './saturation.ts'

/** From which load on a service is full. */
export function saturationDerivations({ workload, demand, level }: Solution): Derivation[] {
  const found = saturationOf(workload, demand)
  if (!found) return []
  const { service, limit, unit, users, turnsPerSecond, sessionsPerSecond } = found
  const closed = 'users' in level
  const most = [
    ...input(`limit of ${service}`, limit, unit ?? ''),
    ...input('turns/s then', turnsPerSecond, 'turns/s'),
    ...input('sessions/s then', sessionsPerSecond, 'sessions/s'),
    ...input('turns of a session', demand.turnsPerSession, 'turns'),
  ]
  return [
    closed
      ? {
          figure: 'full from',
          formula: 'turns/s at which the service is full × (think + processing), rounded up',
          inputs: [
            ...most,
            ...input('think', demand.thinkMs / 1000, 's'),
            ...input('before rounding', users, 'users'),
          ],
          result: Math.ceil(users),
          unit: 'users',
          source: sources.operational.text,
          exact: false,
        }
      : {
          figure: 'full from',
          formula: 'turns/s at which the service is full ÷ turns of a session',
          inputs: most,
          result: sessionsPerSecond,
          unit: 'sessions/s',
          source: sources.operational.text,
          exact: false,
        },
  ]
}
