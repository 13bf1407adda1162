import type { ServiceUse } from '../../result/summary.ts'
import type { Level } from '../../workload/level.ts'
import type { Agent, Workload } from '../../workload/workload.ts'
import { processorSharing } from '../formulas/processor-sharing.ts'
import { coresOf } from '../../workload/cores-of.ts'

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
 * The workload of turns that have what sound leaves of the event loops: sound comes in pieces so small that a turn's work
 * and the sound of all calls are as good as shared out at once.
 */
export function besideSound(workload: Workload, sound: number): Workload {
  if (sound <= 0) return workload
  const { agent } = workload
  const { overhead } = agent
  const slowed = (cpuMs: number): number => processorSharing(Math.min(sound, mostSound), 1, cpuMs)
  return {
    ...workload,
    agent: {
      ...agent,
      overhead: {
        ...overhead,
        cpuPerCallMs: slowed(overhead.cpuPerCallMs),
        cpuPerTokenMs: slowed(overhead.cpuPerTokenMs),
      },
    },
  }
}

/** Nothing holds beyond it, and figures need not be infinite. */
const mostSound = 0.999

/** What is in use of the event loops when it is not turns alone that use them. */
export function withSound(
  services: readonly ServiceUse[],
  { agent }: Workload,
  sound: number,
): readonly ServiceUse[] {
  if (sound <= 0 || agent.workers === Infinity) return services
  const ofTurns = services.find(({ name }) => name === eventLoop)
  const rest = services.filter((service) => service !== ofTurns)
  const limit = coresOf(agent)
  const ofSound = (sound * agent.workers) / limit
  const utilisation = ofSound + Math.max(0, 1 - sound) * (ofTurns?.utilisation ?? 0)
  const all = [...rest, { name: eventLoop, utilisation, limit, unit: 'cores' }]
  const fullest = Math.max(...all.map((service) => service.utilisation))
  return all.map((service) => ({ ...service, binding: service.utilisation === fullest }))
}

const eventLoop = 'event loop'
