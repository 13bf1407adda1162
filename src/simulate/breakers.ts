import type { EventQueue } from '../clock/event-queue.ts'
import { Breaker, refusedByBreaker } from '../service/breaker.ts'
import type { Breakers as Rule } from '../workload/agent-rules.ts'

/** The circuit breakers of an agent: one in each worker for each service, made when first asked. */
export class Breakers {
  /** By service, within the window. */
  readonly opened: Float64Array
  readonly refused: Float64Array
  readonly #clock: EventQueue
  readonly #rule: Rule
  readonly #fromMs: number
  readonly #services: number
  readonly #all: (Breaker | undefined)[] = []

  constructor(clock: EventQueue, rule: Rule, services: number, fromMs: number) {
    this.#clock = clock
    this.#rule = rule
    this.#fromMs = fromMs
    this.#services = services
    this.opened = new Float64Array(services)
    this.refused = new Float64Array(services)
  }

  /** A ticket for the call, or `refusedByBreaker`. */
  admit(service: number, worker: number): number {
    const { atMs } = this.#clock
    const ticket = this.#of(service, worker).admit(atMs)
    if (ticket === refusedByBreaker && atMs >= this.#fromMs) this.refused[service]!++
    return ticket
  }

  succeeded(service: number, worker: number, ticket: number): void {
    this.#of(service, worker).succeeded(ticket)
  }

  failed(service: number, worker: number, ticket: number): void {
    const { atMs } = this.#clock
    const breaker = this.#of(service, worker)
    const before = breaker.opened
    breaker.failed(atMs, ticket)
    if (breaker.opened > before && atMs >= this.#fromMs) this.opened[service]!++
  }

  dropped(service: number, worker: number, ticket: number): void {
    this.#of(service, worker).dropped(ticket)
  }

  /** A worker begins anew, and knows of no failures. */
  forget(worker: number): void {
    this.#all.fill(undefined, (worker + 1) * this.#services, (worker + 2) * this.#services)
  }

  /** Turns without a worker of their own have one process. */
  #of(service: number, worker: number): Breaker {
    const index = (worker + 1) * this.#services + service
    return (this.#all[index] ??= new Breaker(this.#rule))
  }
}
