import { CallDesk, type Seat } from '../../service/call-desk.ts'
import type { VoiceAgentRules } from '../../workload/voice-agent.ts'
import type { Meter } from '../meter.ts'
import { TimeAverage } from '../time-average.ts'

/** What becomes of callers on hold. */
export interface PlacesEvents {
  /** A caller on hold has a place now. */
  served(call: number): void
  /** A caller on hold had to make room. */
  turnedAway(call: number): void
}

/** The agent's places for calls (`agent.voice.calls`), with its hold line; as good as none where the file sets no limit. */
export class AgentPlaces {
  readonly limit: number
  readonly busy: TimeAverage
  refused = 0
  readonly #desk: CallDesk
  readonly #meter: Meter

  constructor(
    servers: number,
    { calls, hold, strategies }: VoiceAgentRules,
    meter: Meter,
    told: PlacesEvents,
  ) {
    this.limit = calls * servers
    this.busy = new TimeAverage(meter.clock, meter.window)
    this.#meter = meter
    this.#desk = new CallDesk(
      { calls: this.limit, hold: hold.calls * servers, urgentFirst: strategies.urgentFirst },
      (call) => told.served(call),
      (call) => this.#displaced(call, told),
    )
  }

  arrive(call: number, priority: number): Seat {
    const seat = this.#desk.arrive(call, priority)
    if (seat === 'refused' && this.#meter.isMeasuring) this.refused++
    this.busy.set(this.#desk.serving)
    return seat
  }

  leave(call: number): void {
    this.#desk.leave(call)
    this.busy.set(this.#desk.serving)
  }

  #displaced(call: number, told: PlacesEvents): void {
    if (this.#meter.isMeasuring) this.refused++
    told.turnedAway(call)
  }
}
