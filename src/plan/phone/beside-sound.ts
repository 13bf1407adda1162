import type { ServiceUse } from '../../result/summary.ts'
import type { Level } from '../../workload/level.ts'
import type { Agent, Workload } from '../../workload/workload.ts'

/** Share of each event loop that the sound of a call takes, calls spread evenly; 0 where every turn has a loop to itself. */
export function soundOfCall({ workers, voice }: Agent): number {
  return (voice?.cpuPerSecondMs ?? 0) / 1000 / workers
}

/** The same of all calls that are up at a level, on average; 1 and more is more than the loops can do. */
export function soundAt({ agent, phone }: Workload, level: Level): number {
  if (!phone?.alone) return 0
  const calls = 'users' in level ? level.users : (level.sessionsPerSecond * phone.duration.mean) / 1000
  return calls * soundOfCall(agent)
}

/**
 * The workload of turns that have what sound leaves of the event loops. Sound goes first, in small pieces, so that work
 * x is over after x ÷ (1 − ρ): the completion time of work that others may interrupt at any moment.
 *
 * Source: White and Christie, Queuing with preemptive priorities or with breakdown, Operations Research 6 (1958).
 */
export function besideSound(workload: Workload, sound: number): Workload {
  if (sound <= 0) return workload
  const { agent } = workload
  const { overhead } = agent
  const slower = 1 / Math.max(leastLeft, 1 - sound)
  return {
    ...workload,
    agent: {
      ...agent,
      overhead: {
        ...overhead,
        cpuPerCallMs: overhead.cpuPerCallMs * slower,
        cpuPerTokenMs: overhead.cpuPerTokenMs * slower,
      },
    },
  }
}

/** Nothing holds below it, so that figures need not be infinite. */
const leastLeft = 1e-3

/** What is in use of the event loops when it is not turns alone that use them. */
export function withSound(
  services: readonly ServiceUse[],
  { agent }: Workload,
  sound: number,
): readonly ServiceUse[] {
  if (sound <= 0 || agent.workers === Infinity) return services
  const ofTurns = services.find(({ name }) => name === eventLoop)
  const rest = services.filter((service) => service !== ofTurns)
  const utilisation = sound + Math.max(0, 1 - sound) * (ofTurns?.utilisation ?? 0)
  const all = [...rest, { name: eventLoop, utilisation, limit: agent.workers, unit: 'cores' }]
  const fullest = Math.max(...all.map((service) => service.utilisation))
  return all.map((service) => ({ ...service, binding: service.utilisation === fullest }))
}

const eventLoop = 'event loop'
