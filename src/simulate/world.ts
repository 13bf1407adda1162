import { Deadlines } from '../clock/deadlines.ts'
import type { EventQueue } from '../clock/event-queue.ts'
import type { LoopDraws } from '../sessions/loop-draws.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Uniforms } from '../sessions/uniform.ts'
import type { Workload } from '../workload/workload.ts'
import type { Clients } from './clients.ts'
import type { Durations } from './durations.ts'
import { events } from './events.ts'
import type { Meter } from './meter.ts'
import type { SoundLoad } from './phone/sound-load.ts'
import type { RuleCounts } from './rule-counts.ts'

/** What the parts of the simulator share: the file, its draws, the clock's queue, the clients and the meter. */
export interface World {
  readonly workload: Workload
  readonly sessions: Sessions
  readonly durations: Durations
  /** Behind the simulator's own draws. */
  readonly uniforms: Uniforms
  /** The clock, too: the instant of the event at hand is its `atMs`, for all to read and handed to nobody. */
  readonly queue: EventQueue
  /** What is far ahead or mostly comes to nothing, by kind of event. */
  readonly deadlines: Map<number, Deadlines>
  readonly clients: Clients
  readonly meter: Meter
  readonly counts: RuleCounts
  /** What the sound of calls takes of the event loops, where the file says so. */
  readonly sound: SoundLoad | undefined
}

/** The draws of a client's loop: its turn's, or a sub-agent's own. */
export function loopDraws({ clients, sessions }: World, client: number): LoopDraws {
  const loop = clients.loop[client]!
  return loop < 0 ? sessions : sessions.subagents[loop]!
}

/** Deadlines of one kind, some `usualWaitMs` ahead of their planning. */
export function planDeadlines(
  { queue, deadlines }: World,
  kind: number,
  usualWaitMs: number,
  generations: () => Int32Array,
): Deadlines {
  const wake = { kind: events.deadlines, subject: kind }
  const all = new Deadlines(queue, { kind, wake, usualWaitMs, generations })
  deadlines.set(kind, all)
  return all
}
