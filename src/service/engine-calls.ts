import { longer } from '../stats/columns.ts'

/**
 * The calls that an engine has, waiting or in service. A call is a small whole number: the place in each column where what
 * is known of it stands, another call's once it is gone. Grows; allocates nothing per call.
 */
export class EngineCalls {
  /** Virtual time, in tokens that each call in service makes. */
  virtual = 0
  /** Who calls; NaN where nobody does. */
  jobs = new Float64Array(16)
  /** Tokens of the context when it is admitted: the prompt, and what was made before. */
  contexts = new Float64Array(16)
  /** Tokens that were made before the call last had to make room; 0 if none. */
  made = new Float64Array(16)
  /** 1 once the first token was told. */
  begun = new Int32Array(16)
  /** Places that were ever taken, and those of them that are free again. */
  #count = 0
  #free = new Int32Array(16)
  #freeCount = 0

  take(job: number, context: number): number {
    if (this.#freeCount === 0 && this.#count === this.jobs.length) this.#grow()
    const call = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.#count++
    this.jobs[call] = job
    this.contexts[call] = context
    this.made[call] = 0
    this.begun[call] = 0
    return call
  }

  giveBack(call: number): void {
    this.jobs[call] = NaN
    this.#free[this.#freeCount++] = call
  }

  /** The call of a job; -1 when it has none. Linear, since giving up is rare and arriving is not. */
  of(job: number): number {
    for (let call = 0; call < this.#count; call++) if (this.jobs[call] === job) return call
    return -1
  }

  #grow(): void {
    const length = this.jobs.length * 2
    this.jobs = longer(this.jobs, length)
    this.contexts = longer(this.contexts, length)
    this.made = longer(this.made, length)
    this.begun = longer(this.begun, length)
    this.#free = longer(this.#free, length)
  }
}
