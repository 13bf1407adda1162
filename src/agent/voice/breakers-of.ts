import type { Breakers } from '../../workload/agent-rules.ts'
import type { Workload } from '../../workload/workload.ts'

const defaults: Breakers = { failures: 0.5, calls: 10, openForMs: 10_000 }

/** The breakers of a voice agent's dependencies, wall milliseconds; undefined where they are switched off or it has none. */
export function breakersOf({ agent, phone }: Workload, speed: number): Breakers | undefined {
  if (!phone || agent.voice?.strategies.breakers === false) return undefined
  const { openForMs, ...rest } = agent.breakers ?? defaults
  return { ...rest, openForMs: openForMs / speed }
}
