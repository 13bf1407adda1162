import type { Breakers } from '../workload/agent-rules.ts'

/** What `admit` says of a call that the breaker refuses. */
export const refusedByBreaker = -1

const states = { closed: 0, open: 1, halfOpen: 2 } as const

/**
 * A circuit breaker, told the time. Closed, it looks at the last `calls` results and opens when the share `failures` or
 * more of them failed; open, it refuses for `openForMs`; then it is half-open: one call goes through, and its
 * result closes or opens it again. Results of calls from before a change of state count for nothing.
 */
export class Breaker {
  /** How often it opened, and calls that it refused. */
  opened = 0
  refused = 0
  readonly #failures: number
  readonly #openForMs: number
  readonly #failed: Uint8Array
  #seen = 0
  #next = 0
  #failedCount = 0
  #state: number = states.closed
  #untilMs = 0
  /** Changes with the state: the ticket of the calls that were let in since. */
  #epoch = 0
  #trial = false

  constructor({ failures, calls, openForMs }: Breakers) {
    this.#failures = failures
    this.#openForMs = openForMs
    this.#failed = new Uint8Array(calls)
  }

  /** A ticket for the result of a call that may go, or `refusedByBreaker`. */
  admit(atMs: number): number {
    if (this.#state === states.open && atMs >= this.#untilMs) this.#turn(states.halfOpen)
    if (this.#state === states.open || (this.#state === states.halfOpen && this.#trial)) {
      this.refused++
      return refusedByBreaker
    }
    this.#trial = this.#state === states.halfOpen
    return this.#epoch
  }

  succeeded(ticket: number): void {
    if (ticket !== this.#epoch) return
    if (this.#state === states.halfOpen) this.#turn(states.closed)
    else this.#count(0)
  }

  failed(atMs: number, ticket: number): void {
    if (ticket !== this.#epoch) return
    if (this.#state === states.closed) this.#count(1)
    const full = this.#seen === this.#failed.length
    const tooMany = full && this.#failedCount >= this.#failures * this.#seen
    if (this.#state === states.closed && !tooMany) return
    this.#turn(states.open)
    this.#untilMs = atMs + this.#openForMs
    this.opened++
  }

  /** The caller gave the call up: no result. A trial leaves its place to the next. */
  dropped(ticket: number): void {
    if (ticket === this.#epoch) this.#trial = false
  }

  #count(failed: 0 | 1): void {
    this.#failedCount += failed - this.#failed[this.#next]!
    this.#failed[this.#next] = failed
    this.#next = (this.#next + 1) % this.#failed.length
    if (this.#seen < this.#failed.length) this.#seen++
  }

  #turn(state: number): void {
    this.#state = state
    this.#epoch++
    this.#trial = false
    this.#failed.fill(0)
    this.#seen = this.#next = this.#failedCount = 0
  }
}
