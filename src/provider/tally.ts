import type { DrawnFault, FaultRule } from './faults.ts'
import { Lateness, type LatenessParts } from './lateness.ts'

const mostNames = 1000

/** What a `Tally` holds, for another thread's; calls in flight are those that came less those that ended. */
export interface TallyParts {
  readonly calls: number
  readonly inFlight: number
  readonly rateLimited: number
  readonly lateness: LatenessParts
  readonly unlistedTools: ReadonlyMap<string, number>
  readonly toolCalls: ReadonlyMap<string, number>
  readonly faults: ReadonlyMap<string, number>
  readonly rules: ReadonlyMap<number, number>
}

/** What a provider counts beside its records. */
export class Tally {
  calls = 0
  inFlight = 0
  rateLimited = 0
  /** Of the threads that play beside this one. */
  loopDelayP99Ms = 0
  readonly lateness = new Lateness()
  #unlistedTools = new Map<string, number>()
  #toolCalls = new Map<string, number>()
  #faults = new Map<string, number>()
  #rules = new Map<number, number>()

  get unlistedTools(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#unlistedTools)
  }

  get toolCallsByName(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#toolCalls)
  }

  get injectedFaults(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#faults)
  }

  /** Hands over what it holds and begins afresh. */
  take(): TallyParts {
    const { calls, inFlight, rateLimited } = this
    const taken = {
      calls,
      inFlight,
      rateLimited,
      lateness: this.lateness.take(),
      unlistedTools: this.#unlistedTools,
      toolCalls: this.#toolCalls,
      faults: this.#faults,
      rules: this.#rules,
    }
    this.calls = this.inFlight = this.rateLimited = 0
    this.#unlistedTools = new Map()
    this.#toolCalls = new Map()
    this.#faults = new Map()
    this.#rules = new Map()
    return taken
  }

  addAll(parts: TallyParts): void {
    this.calls += parts.calls
    this.inFlight += parts.inFlight
    this.rateLimited += parts.rateLimited
    this.lateness.addAll(parts.lateness)
    for (const [name, calls] of parts.unlistedTools) count(this.#unlistedTools, name, calls)
    for (const [name, calls] of parts.toolCalls) count(this.#toolCalls, name, calls)
    for (const [name, calls] of parts.faults) count(this.#faults, name, calls)
    for (const [id, hits] of parts.rules) this.#countRule(id, hits)
  }

  sawLoopDelay(p99Ms: number): void {
    this.loopDelayP99Ms = Math.max(this.loopDelayP99Ms, p99Ms)
  }

  /** Something went wrong on purpose. */
  countFault({ id, fault }: DrawnFault): void {
    count(this.#faults, fault.name, 1)
    this.#countRule(id, 1)
  }

  /** Forgets the hits of rules that are not played any more: none comes back under its id. */
  keepRules(rules: readonly FaultRule[]): void {
    const ids = new Set(rules.map(({ id }) => id))
    for (const id of this.#rules.keys()) if (!ids.has(id)) this.#rules.delete(id)
  }

  /** How often the rule of this id has hit. */
  hitsOf(id: number): number {
    return this.#rules.get(id) ?? 0
  }

  /** A request declared a tool that no scenario allows. */
  countUnlisted(name: string): void {
    count(this.#unlistedTools, name, 1)
  }

  /** The model asked for a tool. */
  countToolCalls(name: string, calls: number): void {
    count(this.#toolCalls, name, calls)
  }

  /** There are as many as are played, of which `keepRules` tells. */
  #countRule(id: number, hits: number): void {
    this.#rules.set(id, this.hitsOf(id) + hits)
  }
}

/** Names come from requests, so there is a limit to how many are kept. */
function count(counts: Map<string, number>, name: string, by: number): void {
  const known = counts.get(name)
  if (known !== undefined || counts.size < mostNames) counts.set(name, (known ?? 0) + by)
}
