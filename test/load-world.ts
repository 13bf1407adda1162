// For tests of the load engine: a workload without a file, and a clock that is turned by hand.
import { constant, exponential } from '../src/stats/distributions.ts'
import type { Alarm, RunClock } from '../src/load/edge/run-clock.ts'
import type { Scenario, Workload } from '../src/workload/workload.ts'

const input = {
  system: constant(100),
  message: constant(10),
  toolResult: constant(20),
  historyMessages: Infinity,
}

/** One scenario of two turns on average, one model without a quota. */
export function loadWorkload(changes: Partial<Workload> = {}, scenario: Partial<Scenario> = {}): Workload {
  return {
    name: 'load test',
    hash: '0123abcd',
    users: { think: exponential(500), peak: {} },
    scenarios: [
      {
        name: 'chat',
        share: 1,
        say: ['hello', 'and then?', 'thanks'],
        turns: constant(2),
        think: exponential(300),
        depth: constant(1),
        tools: [],
        model: 0,
        input,
        output: constant(5),
        ...scenario,
      },
    ],
    agent: {
      workers: 2,
      concurrency: 10,
      queue: Infinity,
      overhead: { promptMs: constant(0), stateMs: constant(0), cpuPerCallMs: 0, cpuPerTokenMs: 0 },
      limits: { turnMs: Infinity, steps: Infinity },
      retries: { attempts: 0, backoffMs: 100, honourRetryAfter: true },
    },
    models: [
      {
        key: 'model',
        id: 'test-model',
        input,
        output: constant(5),
        cached: 0,
        ttft: constant(50),
        perToken: constant(5),
        tokensPerChunk: constant(1),
        tokenizer: 'characters',
      },
    ],
    tools: [],
    objectives: [],
    origins: new Map(),
    ...changes,
  }
}

interface Entry {
  readonly atMs: number
  ring: (() => void) | undefined
}

/** Virtual time behind the engine's own interface. */
export class HandClock implements RunClock {
  readonly startedMs = 0
  readonly speed = 1
  #nowMs = 0
  #entries: Entry[] = []

  now(): number {
    return this.#nowMs
  }

  at(atMs: number, ring: () => void): Alarm {
    const entry: Entry = { atMs, ring }
    this.#entries.push(entry)
    return { cancel: () => void (entry.ring = undefined) }
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.at(this.#nowMs + ms, resolve))
  }

  stop(): void {
    this.#entries = []
  }

  /** Rings everything up to `untilMs` in order, letting promises settle after each. */
  async turn(untilMs: number): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve))
      const due = this.#entries.filter((entry) => entry.ring && entry.atMs <= untilMs)
      const next = due.reduce<Entry | undefined>((a, b) => (a && a.atMs <= b.atMs ? a : b), undefined)
      if (!next) break
      this.#entries = this.#entries.filter((entry) => entry !== next && entry.ring)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.ring?.()
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs)
  }
}
