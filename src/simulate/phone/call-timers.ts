import type { EventQueue } from '../../clock/event-queue.ts'
import { events } from '../events.ts'
import type { PhoneCalls } from './phone-calls.ts'

/** What each call waits for: one thing, and beside it the end of its caller's patience. */
export class CallTimers {
  readonly #queue: EventQueue
  readonly #calls: PhoneCalls
  #keys = 0
  #dueMs = NaN

  constructor(queue: EventQueue, calls: PhoneCalls) {
    this.#queue = queue
    this.#calls = calls
  }

  /** When what is planned next is due: `timers.at(atMs).plan(call)`. */
  at(atMs: number): this {
    this.#dueMs = atMs
    return this
  }

  /** The same from now on. */
  after(ms: number): this {
    this.#dueMs = this.#queue.atMs + ms
    return this
  }

  /** In place of what the call waited for. */
  plan(call: number): void {
    this.#calls.dueKey[call] = this.#push(call)
  }

  planLosingHeart(call: number): void {
    this.#calls.patienceKey[call] = this.#push(call)
  }

  #push(call: number): number {
    this.#keys = (this.#keys % 0x7f_ff_ff_ff) + 1
    this.#queue.at(this.#dueMs).push(events.caller, call, this.#keys)
    return this.#keys
  }
}
