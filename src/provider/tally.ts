import type { FaultName } from '../workload/fault.ts'
import { Lateness } from './lateness.ts'

const mostNames = 1000

/** What a provider counts beside its records. */
export class Tally {
  calls = 0
  inFlight = 0
  rateLimited = 0
  readonly lateness = new Lateness()
  readonly #unlistedTools = new Map<string, number>()
  readonly #toolCalls = new Map<string, number>()
  readonly #faults = new Map<string, number>()

  get unlistedTools(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#unlistedTools)
  }

  get toolCallsByName(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#toolCalls)
  }

  get injectedFaults(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#faults)
  }

  /** Something went wrong on purpose. */
  countFault(name: FaultName): void {
    count(this.#faults, name, 1)
  }

  /** A request declared a tool that no scenario allows. */
  countUnlisted(name: string): void {
    count(this.#unlistedTools, name, 1)
  }

  /** The model asked for a tool. */
  countToolCalls(name: string, calls: number): void {
    count(this.#toolCalls, name, calls)
  }
}

/** Names come from requests, so there is a limit to how many are kept. */
function count(counts: Map<string, number>, name: string, by: number): void {
  const known = counts.get(name)
  if (known !== undefined || counts.size < mostNames) counts.set(name, (known ?? 0) + by)
}
