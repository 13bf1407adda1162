import type { Engine } from '../workload/workload.ts'
import { JobHeap } from './job-heap.ts'
import { JobLine } from './job-line.ts'
import { KvCache } from './kv-cache.ts'
import type { Station } from './station.ts'

/** A station that also tells when a call's first token is out. */
export interface EngineStation extends Station {
  advance(done: (job: number) => void, first?: (job: number) => void): void
  /** Tokens that a job in service has made so far; 0 for one that waits, NaN for one that is unknown. */
  progress(job: number): number
}

/** Where virtual time is set back to 0, so that it never loses digits. */
const rebaseAt = 2 ** 40

/**
 * Load-dependent processor sharing. Virtual time runs at the rate that every job in service gets, so a job that
 * arrives at virtual time V with work w leaves at V + w, however many come and go meanwhile: O(log n) a job.
 * Where the KV cache is full, the call that was admitted last goes back to the head of the line, and reads its context
 * again when it returns, as vLLM does (preemption by recomputation).
 */
class SharedEngine implements EngineStation {
  readonly #stepMs: number
  readonly #decodeMs: number
  readonly #prefillMs: number
  readonly #slots: number
  readonly #ends = new JobHeap()
  readonly #firsts = new JobHeap()
  readonly #line = new JobLine()
  /** Absent where the file sets no limit; then contexts are not kept either. */
  readonly #kv: KvCache | undefined
  readonly #contexts = new Map<number, number>()
  /** Tokens that a preempted job had made. */
  readonly #made = new Map<number, number>()
  readonly #rereadMs: number
  #virtual = 0
  /** Told by the caller: time may pass up to here. */
  #untilMs = 0
  atMs = 0
  nextAtMs = Infinity

  constructor(engine: Engine, prefillPerOutput: number) {
    this.#stepMs = engine.stepMs
    this.#decodeMs = engine.decodeMs
    this.#prefillMs = engine.prefillMs * prefillPerOutput
    this.#slots = engine.slots
    this.#kv = engine.kvTokens === undefined ? undefined : new KvCache(engine.kvTokens)
    this.#rereadMs = engine.prefillMs
  }

  get inService(): number {
    return this.#ends.length
  }

  get waiting(): number {
    return this.#line.length
  }

  at(atMs: number): this {
    this.#untilMs = atMs
    return this
  }

  arrive(job: number, work: number, context = 0): boolean {
    this.#move()
    if (this.#kv) this.#contexts.set(job, context)
    if (this.#line.length === 0 && this.#hasRoomFor(job)) this.#serve(job, work)
    else this.#line.push(job, work)
    this.#lookAhead()
    return true
  }

  leave(job: number): void {
    this.#move()
    if (this.#ends.remove(job)) {
      this.#firsts.remove(job)
      this.#kv?.release(job, this.#virtual)
      this.#forget(job)
      this.#next()
    } else if (this.#line.remove(job)) this.#forget(job)
    this.#lookAhead()
  }

  advance(done: (job: number) => void, first?: (job: number) => void): void {
    const untilMs = this.#untilMs
    while (this.nextAtMs <= untilMs) {
      this.atMs = this.nextAtMs
      const fullAt = this.#fullAt()
      if (this.#firsts.firstKey <= Math.min(this.#ends.firstKey, fullAt)) {
        this.#virtual = Math.max(this.#virtual, this.#firsts.firstKey)
        const started = this.#firsts.pop()
        this.#lookAhead()
        first?.(started)
      } else if (fullAt < this.#ends.firstKey) {
        this.#virtual = Math.max(this.#virtual, fullAt)
        this.#preempt()
        this.#lookAhead()
      } else {
        this.#virtual = Math.max(this.#virtual, this.#ends.firstKey)
        const job = this.#ends.pop()
        this.#kv?.release(job, this.#virtual)
        this.#forget(job)
        this.#next()
        this.#lookAhead()
        done(job)
      }
    }
    this.at(untilMs).#move()
    this.#lookAhead()
  }

  progress(job: number): number {
    this.#move()
    this.#lookAhead()
    const work = this.#ends.workOf(job)
    const made = this.#made.get(job) ?? 0
    if (Number.isNaN(work)) return this.#line.has(job) ? made : NaN
    // While a preempted job reads its context again it makes nothing.
    return Math.max(made, work - Math.max(0, this.#ends.keyOf(job) - this.#virtual))
  }

  #msPerToken(): number {
    return this.#stepMs + this.#ends.length * (this.#decodeMs + this.#prefillMs)
  }

  #move(): void {
    if (!(this.#untilMs > this.atMs)) return
    if (this.#ends.length > 0) this.#virtual += (this.#untilMs - this.atMs) / this.#msPerToken()
    this.atMs = this.#untilMs
  }

  /** After whatever changes when something next happens. */
  #lookAhead(): void {
    const next = Math.min(this.#ends.firstKey, this.#firsts.firstKey, this.#fullAt())
    const ms = Math.max(0, next - this.#virtual) * this.#msPerToken()
    this.nextAtMs = next === Infinity ? Infinity : this.atMs + ms
  }

  #serve(job: number, work: number): void {
    if (this.#ends.length === 0) this.#virtual = 0
    else if (this.#virtual > rebaseAt) this.#rebase()
    const made = this.#made.get(job)
    const context = this.#contexts.get(job) ?? 0
    this.#kv?.admit(job, context, this.#virtual)
    if (made !== undefined) {
      this.#ends.by(this.#virtual + work - made + this.#rereadWork(context)).push(job, work)
      return
    }
    this.#ends.by(this.#virtual + work).push(job, work)
    this.#firsts.by(this.#virtual + this.#firstWork(work)).push(job)
  }

  /** The first token comes after the whole prefill: its share of T(b) at the load that the job meets. */
  #firstWork(work: number): number {
    const b = this.#ends.length
    const firstMs = this.#stepMs + b * (this.#decodeMs + this.#prefillMs * work)
    return Math.min(work, firstMs / this.#msPerToken())
  }

  #next(): void {
    while (this.#line.length > 0 && this.#hasRoomFor(this.#line.first)) {
      const work = this.#line.firstWork
      this.#serve(this.#line.shift(), work)
    }
  }

  #hasRoomFor(job: number): boolean {
    if (this.#ends.length >= this.#slots) return false
    return this.#kv?.fits(this.#contexts.get(job) ?? 0, this.#virtual) ?? true
  }

  #fullAt(): number {
    return this.#kv ? this.#kv.fullAt() : Infinity
  }

  /** The call that came last makes room; it keeps its tokens and stands first in the line. */
  #preempt(): void {
    const job = this.#kv!.last()
    const work = this.#ends.workOf(job)
    const isStarted = !this.#firsts.remove(job)
    const made = Math.max(this.#made.get(job) ?? 0, work - (this.#ends.keyOf(job) - this.#virtual))
    this.#ends.remove(job)
    this.#kv!.release(job, this.#virtual)
    if (isStarted) {
      this.#contexts.set(job, this.#contexts.get(job)! + made - (this.#made.get(job) ?? 0))
      this.#made.set(job, made)
    }
    this.#line.unshift(job, work)
  }

  /** Reading a context again, in the tokens that could be made meanwhile. */
  #rereadWork(context: number): number {
    const b = this.#ends.length + 1
    return (b * this.#rereadMs * context) / (this.#stepMs + b * (this.#decodeMs + this.#prefillMs))
  }

  #forget(job: number): void {
    if (!this.#kv) return
    this.#contexts.delete(job)
    this.#made.delete(job)
  }

  #rebase(): void {
    this.#ends.shift(-this.#virtual)
    this.#firsts.shift(-this.#virtual)
    this.#kv?.rebase(this.#virtual)
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
