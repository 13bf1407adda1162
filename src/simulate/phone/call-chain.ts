import type { EventQueue } from '../../clock/event-queue.ts'
import { type Admission, Carrier } from '../../service/carrier.ts'
import type { Phone, PhoneVendor } from '../../workload/phone.ts'
import { vendorName } from '../../workload/vendor-name.ts'
import { events } from '../events.ts'
import type { Window } from '../meter.ts'
import { TimeAverage } from '../time-average.ts'
import type { World } from '../world.ts'

/** Whom the chain tells what becomes of calls, by their number. */
export interface ChainEvents {
  /** Everyone that the call needs has a place for it. */
  granted(call: number, atMs: number): void
  blocked(call: number, atMs: number): void
  /** The carrier ends it. */
  tooLong(call: number, atMs: number): void
}

/** One of those a call needs: a loss system of its own, with calls that begin in line where it keeps them. */
export interface Gate {
  readonly name: string
  readonly vendor: PhoneVendor
  readonly carrier: Carrier
  readonly busy: TimeAverage
  /** Calls within the window that it put through, and those that found no channel or came too fast. */
  begun: number
  noChannel: number
  tooFast: number
  /** Bumped whenever its next instant changes; older wake-ups are skipped. */
  generation: number
}

/**
 * The carrier and the vendors of a call, one after the other: a call needs all of them, and gives back what it had when
 * one has no place. Each is held for its share of the call, from the call's start.
 */
export class CallChain {
  readonly gates: readonly Gate[]
  readonly #world: World
  readonly #told: ChainEvents

  constructor(world: World, phone: Phone, window: Window, told: ChainEvents) {
    this.#world = world
    this.#told = told
    this.gates = phone.vendors.map((vendor) => gateOf(world.queue, vendor, window))
  }

  arrive(call: number, atMs: number): void {
    this.#pass(call, 0, atMs)
  }

  /** The call is over, or nobody waits for it any more. */
  leave(call: number): void {
    for (const gate of this.gates) this.#leave(gate, call)
  }

  /** What was planned for a gate is due, unless it has been planned anew. */
  wake(index: number, atMs: number, generation: number): void {
    const gate = this.gates[index]!
    if (gate.generation !== generation) return
    this.#advance(index, atMs)
    this.#plan(index)
  }

  /** The call needs this gate no more, and goes on. */
  free(index: number, call: number): void {
    this.#leave(this.gates[index]!, call)
  }

  #pass(call: number, from: number, atMs: number): void {
    for (let index = from; index < this.gates.length; index++) {
      this.#advance(index, atMs)
      const answer = this.gates[index]!.carrier.arrive(atMs, call)
      if (answer === 'granted') this.#begun(index, call, atMs)
      this.#plan(index)
      if (answer === 'queued') return
      if (answer !== 'granted') {
        this.#refused(index, call, atMs, answer)
        return
      }
    }
    this.#told.granted(call, atMs)
  }

  #advance(index: number, atMs: number): void {
    const gate = this.gates[index]!
    gate.carrier.advance(atMs, {
      begun: (call, at) => {
        this.#begun(index, call, at)
        this.#pass(call, index + 1, at)
      },
      blocked: (call, at) => this.#refused(index, call, at, 'noChannel'),
      tooLong: (call, at) => {
        gate.busy.add(-1)
        this.#told.tooLong(call, at)
      },
    })
  }

  #begun(index: number, call: number, atMs: number): void {
    const gate = this.gates[index]!
    const { queue, sessions, meter } = this.#world
    gate.busy.add(1)
    if (meter.isMeasuring) gate.begun++
    const { held } = gate.vendor
    if (held < 1) queue.at(atMs + held * sessions.callMs(call)).push(events.vendorFree, index, call)
  }

  #refused(index: number, call: number, atMs: number, why: Exclude<Admission, 'granted' | 'queued'>): void {
    if (this.#world.meter.isMeasuring) this.gates[index]![why]++
    this.leave(call)
    this.#told.blocked(call, atMs)
  }

  #leave(gate: Gate, call: number): void {
    const before = gate.carrier.active
    gate.carrier.leave(call)
    if (gate.carrier.active < before) gate.busy.add(-1)
  }

  #plan(index: number): void {
    const gate = this.gates[index]!
    const atMs = gate.carrier.nextAtMs()
    if (atMs === Infinity) return
    this.#world.queue.at(atMs).push(events.vendorWake, index, ++gate.generation)
  }
}

function gateOf(clock: EventQueue, vendor: PhoneVendor, window: Window): Gate {
  const { concurrent, perCall, starts, maxDurationMs = Infinity } = vendor
  const channels = Math.floor(concurrent / perCall)
  return {
    name: vendorName(vendor),
    vendor,
    carrier: new Carrier({ channels, maxDurationMs, ...(starts ? { starts } : {}) }),
    busy: new TimeAverage(clock, window),
    begun: 0,
    noChannel: 0,
    tooFast: 0,
    generation: 0,
  }
}
