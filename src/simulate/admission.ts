import { AdmissionLine } from '../service/admission-line.ts'
import type { Workload } from '../workload/workload.ts'
import type { RuleCounts } from './rule-counts.ts'

/** The line before the slots: in the file's order, by the scenarios' priorities. */
export class Admission {
  readonly #line: AdmissionLine
  readonly #limit: () => number
  readonly #shedsLowest: boolean
  /** By scenario: its place among the priorities, 0 the highest. */
  readonly #levels: Int32Array
  readonly #counts: RuleCounts

  /** `servers` is how many queues there are now. */
  constructor({ agent, scenarios }: Workload, counts: RuleCounts, servers: () => number) {
    const { order, shed } = agent.admission ?? { order: 'fifo', shed: 'newest' }
    const priorities = [...new Set(scenarios.map(({ priority = 0 }) => priority))].sort((a, b) => b - a)
    this.#levels = Int32Array.from(scenarios, ({ priority = 0 }) => priorities.indexOf(priority))
    this.#line = new AdmissionLine(order, priorities.length)
    this.#limit = () => agent.queue * servers()
    this.#shedsLowest = shed === 'lowest'
    this.#counts = counts
  }

  get length(): number {
    return this.#line.length
  }

  /** Whether there is a place in line; where there is none, `displaced` may be asked for one. */
  get isOpen(): boolean {
    return this.#line.length < this.#limit()
  }

  push(client: number, scenario: number): void {
    this.#line.push(client, this.#levels[scenario]!)
  }

  /** Somebody of a lower priority than `scenario` who has to give up a place for it; -1 where nobody has. */
  displaced(scenario: number, isMeasured: boolean): number {
    if (!this.#shedsLowest) return -1
    const client = this.#line.lowestBelow(this.#levels[scenario]!)
    if (client >= 0 && isMeasured) this.#counts.displaced++
    return client
  }

  /** Who goes next, taken out; -1 when nobody waits. */
  take(): number {
    return this.#line.take()
  }

  leave(client: number): void {
    this.#line.remove(client)
  }
}
