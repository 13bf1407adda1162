import { AdmissionLine } from '../service/admission-line.ts'
import type { Clients } from './clients.ts'
import type { RuleCounts } from './rule-counts.ts'
import type { Gauge } from './gauge.ts'
import type { World } from './world.ts'

/** The line before the slots: in the file's order, by the scenarios' priorities. */
export class Admission {
  readonly #line: AdmissionLine
  readonly #limit: () => number
  readonly #shedsLowest: boolean
  /** By scenario: its place among the priorities, 0 the highest. */
  readonly #levels: Int32Array
  readonly #counts: RuleCounts
  readonly #clients: Clients
  readonly #waiting: Gauge

  /** `servers` is how many queues there are now. */
  constructor({ workload, counts, clients, meter }: World, servers: () => number) {
    const { agent, scenarios } = workload
    const { order, shed } = agent.admission ?? { order: 'fifo', shed: 'newest' }
    const priorities = [...new Set(scenarios.map(({ priority = 0 }) => priority))].sort((a, b) => b - a)
    this.#levels = Int32Array.from(scenarios, ({ priority = 0 }) => priorities.indexOf(priority))
    this.#line = new AdmissionLine(order, priorities.length)
    this.#limit = () => agent.queue * servers()
    this.#shedsLowest = shed === 'lowest'
    this.#counts = counts
    this.#clients = clients
    this.#waiting = meter.waiting
  }

  get length(): number {
    return this.#line.length
  }

  /** Whether there is a place in line; where there is none, `displaced` may be asked for one. */
  get isOpen(): boolean {
    return this.#line.length < this.#limit()
  }

  push(client: number, scenario: number): void {
    this.#line.push(this.#clients.ordinalOf(client), this.#levels[scenario]!)
    this.#waiting.set(this.#line.length)
  }

  /** Somebody of a lower priority than `scenario` who has to give up a place for it; -1 where nobody has. */
  displaced(scenario: number, isMeasured: boolean): number {
    if (!this.#shedsLowest) return -1
    const ordinal = this.#line.lowestBelow(this.#levels[scenario]!)
    if (ordinal < 0) return ordinal
    if (isMeasured) this.#counts.displaced++
    return this.#clients.at(ordinal)
  }

  /** Who goes next, taken out; the caller has looked that somebody waits. */
  take(): number {
    const client = this.#clients.at(this.#line.take())
    this.#waiting.set(this.#line.length)
    return client
  }

  leave(client: number): void {
    this.#line.remove(this.#clients.ordinalOf(client))
    this.#waiting.set(this.#line.length)
  }
}
