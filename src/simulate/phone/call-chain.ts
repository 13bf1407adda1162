import type { EventQueue } from '../../clock/event-queue.ts'
import { type Admission, Carrier, type CarrierEvents } from '../../service/carrier.ts'
import type { Phone, PhoneVendor } from '../../workload/phone.ts'
import { vendorName } from '../../workload/vendor-name.ts'
import { events } from '../events.ts'
import type { Window } from '../meter.ts'
import { TimeAverage } from '../time-average.ts'
import type { World } from '../world.ts'
import type { PhoneCalls } from './phone-calls.ts'

/** Whom the chain tells what becomes of calls. */
export interface ChainEvents {
  /** Everyone that the call needs has a place for it. */
  granted(call: number): void
  blocked(call: number): void
  /** The carrier ends it. */
  tooLong(call: number): void
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
  readonly #calls: PhoneCalls
  readonly #told: ChainEvents
  /** By gate: what time brings about there. It is looked at when something is due, so that all happens now. */
  readonly #passing: readonly CarrierEvents[]

  constructor(world: World, calls: PhoneCalls, phone: Phone, window: Window, told: ChainEvents) {
    this.#world = world
    this.#calls = calls
    this.#told = told
    this.gates = phone.vendors.map((vendor) => gateOf(world.queue, vendor, window))
    this.#passing = this.gates.map((gate, index) => ({
      begun: (call) => {
        this.#begun(index, call)
        this.#pass(call, index + 1)
      },
      blocked: (call) => this.#refused(index, call, 'noChannel'),
      tooLong: (call) => {
        gate.busy.add(-1)
        told.tooLong(call)
      },
    }))
  }

  arrive(call: number): void {
    this.#pass(call, 0)
  }

  /** The call is over, or nobody waits for it any more. */
  leave(call: number): void {
    for (let index = 0; index < this.gates.length; index++) this.#leave(index, call)
  }

  /** What was planned for a gate is due, unless it has been planned anew. */
  wake(index: number, generation: number): void {
    if (this.gates[index]!.generation !== generation) return
    this.#advance(index)
    this.#plan(index)
  }

  /** A call needs one of its gates no more, and goes on; unless it is over, and may be another's by now. */
  free(callAtGate: number, session: number): void {
    const { clients } = this.#world
    const index = callAtGate % this.gates.length
    const call = (callAtGate - index) / this.gates.length
    if (clients.session[clients.at(call)] === session) this.#leave(index, call)
  }

  #pass(call: number, from: number): void {
    const { queue } = this.#world
    for (let index = from; index < this.gates.length; index++) {
      this.#advance(index)
      const answer = this.gates[index]!.carrier.at(queue.atMs).arrive(call)
      if (answer === 'granted') this.#begun(index, call)
      this.#plan(index)
      if (answer === 'queued') return
      if (answer !== 'granted') {
        this.#refused(index, call, answer)
        return
      }
    }
    this.#told.granted(call)
  }

  #advance(index: number): void {
    this.gates[index]!.carrier.at(this.#world.queue.atMs).advance(this.#passing[index]!)
  }

  #begun(index: number, call: number): void {
    const gate = this.gates[index]!
    const { clients, queue, meter } = this.#world
    gate.busy.add(1)
    if (meter.isMeasuring) gate.begun++
    const { held } = gate.vendor
    if (held >= 1) return
    const callAtGate = call * this.gates.length + index
    const session = clients.session[clients.at(call)]!
    queue.at(queue.atMs + held * this.#calls.durationMs[call]!).push(events.vendorFree, callAtGate, session)
  }

  #refused(index: number, call: number, why: Exclude<Admission, 'granted' | 'queued'>): void {
    if (this.#world.meter.isMeasuring) this.gates[index]![why]++
    this.leave(call)
    this.#told.blocked(call)
  }

  #leave(index: number, call: number): void {
    const { busy, carrier } = this.gates[index]!
    const before = carrier.active
    carrier.leave(call)
    if (carrier.active < before) busy.add(-1)
  }

  #plan(index: number): void {
    const gate = this.gates[index]!
    const { nextAtMs } = gate.carrier
    if (nextAtMs === Infinity) return
    this.#world.queue.at(nextAtMs).push(events.vendorWake, index, ++gate.generation)
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
