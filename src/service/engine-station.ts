import type { Engine } from '../workload/workload.ts'
import { EngineCalls } from './engine-calls.ts'
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
 * again when it returns, as vLLM does (preemption by recomputation). Heaps and line know a job by its call.
 */
class SharedEngine implements EngineStation {
  readonly #stepMs: number
  readonly #decodeMs: number
  readonly #prefillMs: number
  readonly #slots: number
  readonly #ends = new JobHeap()
  readonly #firsts = new JobHeap()
  readonly #line = new JobLine()
  readonly #calls = new EngineCalls()
  readonly #kv: KvCache
  readonly #rereadMs: number
  /** Told by the caller: time may pass up to here. */
  #untilMs = 0
  atMs = 0
  nextAtMs = Infinity

  constructor(engine: Engine, prefillPerOutput: number) {
    this.#stepMs = engine.stepMs
    this.#decodeMs = engine.decodeMs
    this.#prefillMs = engine.prefillMs * prefillPerOutput
    this.#slots = engine.slots
    this.#kv = new KvCache(engine.kvTokens ?? Infinity, this.#calls)
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
    const call = this.#calls.take(job, context)
    if (this.#line.length === 0 && this.#hasRoomFor(call)) this.#serve(call, work)
    else this.#line.push(call, work)
    this.#lookAhead()
    return true
  }

  leave(job: number): void {
    this.#move()
    const call = this.#calls.of(job)
    if (this.#ends.remove(call)) {
      this.#firsts.remove(call)
      this.#kv.release(call)
      this.#calls.giveBack(call)
      this.#next()
    } else if (this.#line.remove(call)) this.#calls.giveBack(call)
    this.#lookAhead()
  }

  advance(done: (job: number) => void, first?: (job: number) => void): void {
    const untilMs = this.#untilMs
    while (this.nextAtMs <= untilMs) {
      this.atMs = this.nextAtMs
      const { fullAt } = this.#kv
      if (this.#firsts.firstKey <= Math.min(this.#ends.firstKey, fullAt)) {
        this.#calls.virtual = Math.max(this.#calls.virtual, this.#firsts.firstKey)
        const begun = this.#firsts.pop()
        this.#calls.begun[begun] = 1
        this.#lookAhead()
        first?.(this.#calls.jobs[begun]!)
      } else if (fullAt < this.#ends.firstKey) {
        this.#calls.virtual = Math.max(this.#calls.virtual, fullAt)
        this.#preempt()
        this.#lookAhead()
      } else {
        this.#calls.virtual = Math.max(this.#calls.virtual, this.#ends.firstKey)
        const call = this.#ends.pop()
        const job = this.#calls.jobs[call]!
        this.#kv.release(call)
        this.#calls.giveBack(call)
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
    const call = this.#calls.of(job)
    if (call < 0) return NaN
    const made = this.#calls.made[call]!
    const work = this.#ends.workOf(call)
    if (Number.isNaN(work)) return made
    // While a preempted job reads its context again it makes nothing.
    return Math.max(made, work - Math.max(0, this.#ends.keyOf(call) - this.#calls.virtual))
  }

  #msPerToken(): number {
    return this.#stepMs + this.#ends.length * (this.#decodeMs + this.#prefillMs)
  }

  /** Milliseconds of a token of b calls, to divide by: 1 for an engine that takes no time, all of whose tokens are out at once. */
  #paceMs(b: number): number {
    return this.#stepMs + b * (this.#decodeMs + this.#prefillMs) || 1
  }

  #move(): void {
    if (!(this.#untilMs > this.atMs)) return
    if (this.#ends.length > 0) this.#calls.virtual += (this.#untilMs - this.atMs) / this.#msPerToken()
    this.atMs = this.#untilMs
  }

  /** After whatever changes when something next happens. */
  #lookAhead(): void {
    const next = Math.min(this.#ends.firstKey, this.#firsts.firstKey, this.#kv.fullAt)
    const ms = Math.max(0, next - this.#calls.virtual) * this.#msPerToken()
    this.nextAtMs = next === Infinity ? Infinity : this.atMs + ms
  }

  #serve(call: number, work: number): void {
    if (this.#ends.length === 0) this.#calls.virtual = 0
    else if (this.#calls.virtual > rebaseAt) this.#rebase()
    this.#kv.admit(call)
    if (this.#calls.made[call]! > 0) {
      this.#goOn(call, work)
      return
    }
    this.#ends.by(this.#calls.virtual + work).push(call, work)
    this.#firsts.by(this.#calls.virtual + this.#firstWork(work)).push(call)
  }

  /** The first token comes after the whole prefill: its share of T(b) at the load that the job meets. */
  #firstWork(work: number): number {
    const b = this.#ends.length
    const firstMs = this.#stepMs + b * (this.#decodeMs + this.#prefillMs * work)
    return Math.min(work, firstMs / this.#paceMs(b))
  }

  #next(): void {
    while (this.#line.length > 0 && this.#hasRoomFor(this.#line.first)) {
      const work = this.#line.firstWork
      this.#serve(this.#line.shift(), work)
    }
  }

  #hasRoomFor(call: number): boolean {
    return this.#ends.length < this.#slots && this.#kv.fits(call)
  }

  /**
   * The call that came last makes room; it keeps its tokens and stands first in the line. Also before its first token is
   * told: an engine reads a prompt in the first steps of its call, and reads all of it again.
   */
  #preempt(): void {
    const { contexts, made } = this.#calls
    const call = this.#kv.last
    const work = this.#ends.workOf(call)
    this.#ends.remove(call)
    this.#kv.release(call)
    const makes = Math.max(made[call]!, work - (this.#ends.removedKey - this.#calls.virtual))
    this.#firsts.remove(call)
    contexts[call] = contexts[call]! + makes - made[call]!
    made[call] = makes
    this.#line.unshift(call, work)
  }

  /** A preempted job goes on where it was; it reads its context again first, in which time tokens could be made. */
  #goOn(call: number, work: number): void {
    const { begun, contexts, made, virtual } = this.#calls
    const b = this.#ends.length + 1
    const rereadWork = (b * this.#rereadMs * contexts[call]!) / this.#paceMs(b)
    const restWork = work - made[call]! + rereadWork
    this.#ends.by(virtual + restWork).push(call, work)
    if (begun[call] === 0) this.#firsts.by(virtual + Math.min(restWork, rereadWork + 1)).push(call)
  }

  #rebase(): void {
    this.#ends.shift(-this.#calls.virtual)
    this.#firsts.shift(-this.#calls.virtual)
    this.#kv.rebase()
    this.#calls.virtual = 0
  }
}

/**
 * An inference engine: b calls in flight slow each other down to `step + b·(decode + prefill·P/K)` milliseconds a
 * token, with P/K the mean of prefilled tokens over output tokens. Work is output tokens; calls beyond `slots` wait in order.
 */
export function engineStation(engine: Engine, meanPrefillPerOutput: number): EngineStation {
  return new SharedEngine(engine, meanPrefillPerOutput)
}
