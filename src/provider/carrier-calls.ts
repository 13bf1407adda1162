import type { RealClock } from '../clock/edge/real-clock.ts'
import { monotonicMs } from '../clock/now.ts'
import { Timer } from '../clock/timer-wheel.ts'
import { Carrier, type CarrierLimits } from '../service/carrier.ts'
import type { CarrierAnswer, CarrierEvent, CarrierState } from '../wire/carrier-api.ts'
import type { Phone } from '../workload/phone.ts'
import type { WorkloadClock } from './workload-clock.ts'

/** What the file's carrier takes; without one there is no limit. */
export function carrierLimits(phone: Phone | undefined): CarrierLimits {
  const carrier = phone?.vendors.find(({ part }) => part === 'carrier')
  return {
    channels: carrier ? Math.floor(carrier.concurrent / carrier.perCall) : Infinity,
    maxDurationMs: carrier?.maxDurationMs ?? Infinity,
    ...(carrier?.starts ? { starts: carrier.starts } : {}),
  }
}

interface Known {
  readonly number: number
  readonly sid: string
  readonly arrivedAtMs: number
  /** While it waits in line. */
  answer: ((answer: CarrierAnswer) => void) | undefined
}

/** The carrier on the real clock: calls by their names, those in line answered when their turn comes. */
export class CarrierCalls {
  readonly #carrier: Carrier
  readonly #time: WorkloadClock
  readonly #clock: RealClock
  readonly #timer: Timer
  readonly #bySid = new Map<string, Known>()
  readonly #byNumber: (Known | undefined)[] = []
  /** Numbers of calls that are over, for the next ones. */
  readonly #free: number[] = []
  readonly #watchers = new Set<(event: CarrierEvent) => void>()
  #most = 0
  #granted = 0
  #refused = 0

  constructor(limits: CarrierLimits, time: WorkloadClock, clock: RealClock) {
    this.#carrier = new Carrier(limits)
    this.#time = time
    this.#clock = clock
    this.#timer = new Timer((nowMs) => this.#advance(time.toWorkload(nowMs)))
  }

  /** `answer` is told once: at once, or when the call that waits has its turn. */
  arrive(sid: string, answer: (answer: CarrierAnswer) => void): void {
    const atMs = this.#time.toWorkload(monotonicMs())
    this.#advance(atMs)
    const call: Known = {
      number: this.#free.pop() ?? this.#byNumber.push(undefined) - 1,
      sid,
      arrivedAtMs: atMs,
      answer,
    }
    const admission = this.#carrier.at(atMs).arrive(call.number)
    if (admission === 'noChannel' || admission === 'tooFast') {
      this.#refused++
      this.#free.push(call.number)
      answer({ state: 'refused', why: admission })
      return
    }
    this.#bySid.set(sid, call)
    this.#byNumber[call.number] = call
    if (admission === 'granted') this.#grant(call, atMs)
    this.#arm()
  }

  has(sid: string): boolean {
    return this.#bySid.has(sid)
  }

  /** False where there is no such call. */
  leave(sid: string): boolean {
    const call = this.#bySid.get(sid)
    if (!call) return false
    this.#advance(this.#time.toWorkload(monotonicMs()))
    // The carrier may just have ended it, and its number is another call's to take.
    if (this.#bySid.get(sid) !== call) return true
    this.#forget(call)
    this.#carrier.leave(call.number)
    this.#arm()
    return true
  }

  /** The agent does something to a call by REST; its channel is free when its caller has let go. */
  tell(event: CarrierEvent): void {
    for (const watch of this.#watchers) watch(event)
  }

  watch(watcher: (event: CarrierEvent) => void): () => void {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }

  state(): CarrierState {
    const { active, waiting } = this.#carrier
    return { active, waiting, most: this.#most, granted: this.#granted, refused: this.#refused }
  }

  #grant(call: Known, atMs: number): void {
    this.#granted++
    this.#most = Math.max(this.#most, this.#carrier.active)
    call.answer?.({ state: 'granted', queuedMs: atMs - call.arrivedAtMs })
    call.answer = undefined
  }

  #advance(atMs: number): void {
    this.#carrier.at(atMs).advance({
      begun: (number, beganAtMs) => this.#grant(this.#byNumber[number]!, beganAtMs),
      blocked: (number) => {
        const call = this.#byNumber[number]!
        this.#refused++
        this.#forget(call)
        call.answer?.({ state: 'refused', why: 'noChannel' })
      },
      tooLong: (number) => {
        const call = this.#byNumber[number]!
        this.#forget(call)
        this.tell({ call: call.sid, event: 'tooLong' })
      },
    })
    this.#arm()
  }

  #forget({ sid, number }: Known): void {
    this.#bySid.delete(sid)
    this.#byNumber[number] = undefined
    this.#free.push(number)
  }

  #arm(): void {
    const nextMs = this.#carrier.nextAtMs
    if (nextMs === Infinity) this.#clock.clear(this.#timer)
    else this.#clock.set(this.#timer, this.#time.toMonotonic(nextMs))
  }
}
