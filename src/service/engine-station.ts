import type { Engine } from '../workload/workload.ts'
import { JobHeap } from './job-heap.ts'
import { JobLine } from './job-line.ts'
import type { Station } from './station.ts'

/** A station that also tells when a call's first token is out. */
export interface EngineStation extends Station {
  advance(
    atMs: number,
    done: (job: number, atMs: number) => void,
    first?: (job: number, atMs: number) => void,
  ): void
  /** Tokens that a job in service has made so far; 0 for one that waits, NaN for one that is unknown. */
  progress(atMs: number, job: number): number
}

/** Where virtual time is set back to 0, so that it never loses digits. */
const rebaseAt = 2 ** 40

/**
 * Load-dependent processor sharing. Virtual time runs at the rate that every job in service gets, so a job that
 * arrives at virtual time V with work w leaves at V + w, however many come and go meanwhile: O(log n) a job.
 */
class SharedEngine implements EngineStation {
  readonly #stepMs: number
  readonly #decodeMs: number
  readonly #prefillMs: number
  readonly #slots: number
  readonly #ends = new JobHeap()
  readonly #firsts = new JobHeap()
  readonly #line = new JobLine()
  readonly #work = new Map<number, number>()
  #virtual = 0
  #atMs = 0

  constructor(engine: Engine, prefillPerOutput: number) {
    this.#stepMs = engine.stepMs
    this.#decodeMs = engine.decodeMs
    this.#prefillMs = engine.prefillMs * prefillPerOutput
    this.#slots = engine.slots
  }

  get inService(): number {
    return this.#ends.length
  }

  get waiting(): number {
    return this.#line.length
  }

  arrive(atMs: number, job: number, work: number): boolean {
    this.#move(atMs)
    if (this.#ends.length < this.#slots) this.#serve(job, work)
    else this.#line.push(job, work)
    return true
  }

  leave(atMs: number, job: number): void {
    this.#move(atMs)
    if (!this.#ends.remove(job)) {
      this.#line.remove(job)
      return
    }
    this.#firsts.remove(job)
    this.#work.delete(job)
    this.#next()
  }

  nextAtMs(): number {
    const next = Math.min(this.#ends.firstKey, this.#firsts.firstKey)
    if (next === Infinity) return Infinity
    return this.#atMs + Math.max(0, next - this.#virtual) * this.#msPerToken()
  }

  advance(
    atMs: number,
    done: (job: number, atMs: number) => void,
    first?: (job: number, atMs: number) => void,
  ): void {
    for (;;) {
      const nextMs = this.nextAtMs()
      if (!(nextMs <= atMs)) break
      this.#atMs = nextMs
      if (this.#firsts.firstKey <= this.#ends.firstKey) {
        this.#virtual = Math.max(this.#virtual, this.#firsts.firstKey)
        const started = this.#firsts.pop()
        first?.(started, nextMs)
        continue
      }
      this.#virtual = Math.max(this.#virtual, this.#ends.firstKey)
      const job = this.#ends.pop()
      this.#work.delete(job)
      this.#next()
      done(job, nextMs)
    }
    this.#move(atMs)
  }

  progress(atMs: number, job: number): number {
    this.#move(atMs)
    const work = this.#work.get(job)
    if (work === undefined) return this.#line.has(job) ? 0 : NaN
    return Math.max(0, work - Math.max(0, this.#ends.keyOf(job) - this.#virtual))
  }

  #msPerToken(): number {
    return this.#stepMs + this.#ends.length * (this.#decodeMs + this.#prefillMs)
  }

  #move(atMs: number): void {
    if (!(atMs > this.#atMs)) return
    if (this.#ends.length > 0) this.#virtual += (atMs - this.#atMs) / this.#msPerToken()
    this.#atMs = atMs
  }

  #serve(job: number, work: number): void {
    if (this.#ends.length === 0) this.#virtual = 0
    else if (this.#virtual > rebaseAt) this.#rebase()
    this.#ends.push(this.#virtual + work, job)
    this.#work.set(job, work)
    this.#firsts.push(this.#virtual + this.#firstWork(work), job)
  }

  /** The first token comes after the whole prefill: its share of T(b) at the load that the job meets. */
  #firstWork(work: number): number {
    const b = this.#ends.length
    const firstMs = this.#stepMs + b * (this.#decodeMs + this.#prefillMs * work)
    return Math.min(work, firstMs / this.#msPerToken())
  }

  #next(): void {
    if (this.#line.length === 0) return
    const work = this.#line.firstWork
    this.#serve(this.#line.shift(), work)
  }

  #rebase(): void {
    this.#ends.shift(-this.#virtual)
    this.#firsts.shift(-this.#virtual)
    this.#virtual = 0
  }
}

/**
 * An inference engine: b calls in flight slow each other down to `step + b·(decode + prefill·P/K)` milliseconds a
 * token, with P/K the mean of prefilled tokens over output tokens. Work is output tokens; calls beyond `slots` wait in order.
 */
export function engineStation(engine: Engine, meanPrefillPerOutput: number): EngineStation {
  return new SharedEngine(engine, meanPrefillPerOutput)
}
