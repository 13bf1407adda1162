import { longer } from '../stats/columns.ts'

/** Jobs by key, the smallest first and equal ones in order of arrival, each with its work. Grows; allocates nothing per job. */
export class JobHeap {
  length = 0
  /** Key of the job that was removed last. */
  removedKey = NaN
  #keys = new Float64Array(16)
  #order = new Float64Array(16)
  #jobs = new Float64Array(16)
  #works = new Float64Array(16)
  #pushed = 0
  /** Of the job that looks for its place: see `EventQueue`. */
  #key = NaN

  /** Key of the first job; Infinity when there is none. */
  get firstKey(): number {
    return this.length === 0 ? Infinity : this.#keys[0]!
  }

  get firstWork(): number {
    return this.#works[0]!
  }

  /** Key of the job that is pushed next: `heap.by(key).push(job)`. */
  by(key: number): this {
    this.#key = key
    return this
  }

  push(job: number, work = 0): void {
    if (this.length === this.#keys.length) this.#grow()
    this.#rise(this.length++, this.#pushed++, job, work)
  }

  /** Takes the first job out; the caller has looked that there is one. */
  pop(): number {
    const job = this.#jobs[0]!
    this.#removeAt(0)
    return job
  }

  /** Takes a job out wherever it is: linear, since giving up is rare and arriving is not. */
  remove(job: number): boolean {
    const index = this.#indexOf(job)
    if (index < 0) return false
    this.removedKey = this.#keys[index]!
    this.#removeAt(index)
    return true
  }

  /** Key of a job; NaN when it is not here. */
  keyOf(job: number): number {
    const index = this.#indexOf(job)
    return index < 0 ? NaN : this.#keys[index]!
  }

  /** NaN for a job that is not here. */
  workOf(job: number): number {
    const index = this.#indexOf(job)
    return index < 0 ? NaN : this.#works[index]!
  }

  /** Moves every key by the same amount, which keeps their order. */
  shift(by: number): void {
    for (let i = 0; i < this.length; i++) this.#keys[i]! += by
  }

  #indexOf(job: number): number {
    for (let i = 0; i < this.length; i++) if (this.#jobs[i] === job) return i
    return -1
  }

  #removeAt(index: number): void {
    const last = --this.length
    if (index === last) return
    this.#key = this.#keys[last]!
    const order = this.#order[last]!
    const job = this.#jobs[last]!
    const work = this.#works[last]!
    const parent = (index - 1) >> 1
    if (index > 0 && this.#before(order, parent)) this.#rise(index, order, job, work)
    else this.#sink(index, order, job, work)
  }

  /** Whether the job that looks for its place comes before another. */
  #before(order: number, index: number): boolean {
    const other = this.#keys[index]!
    return this.#key < other || (this.#key === other && order < this.#order[index]!)
  }

  #rise(index: number, order: number, job: number, work: number): void {
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!this.#before(order, parent)) break
      this.#move(parent, index)
      index = parent
    }
    this.#put(index, order, job, work)
  }

  #sink(index: number, order: number, job: number, work: number): void {
    for (;;) {
      let child = 2 * index + 1
      if (child >= this.length) break
      if (child + 1 < this.length && this.#isBefore(child + 1, child)) child++
      if (this.#before(order, child)) break
      this.#move(child, index)
      index = child
    }
    this.#put(index, order, job, work)
  }

  #isBefore(index: number, other: number): boolean {
    const key = this.#keys[index]!
    const otherKey = this.#keys[other]!
    return key < otherKey || (key === otherKey && this.#order[index]! < this.#order[other]!)
  }

  #move(from: number, to: number): void {
    this.#keys[to] = this.#keys[from]!
    this.#order[to] = this.#order[from]!
    this.#jobs[to] = this.#jobs[from]!
    this.#works[to] = this.#works[from]!
  }

  #put(index: number, order: number, job: number, work: number): void {
    this.#keys[index] = this.#key
    this.#order[index] = order
    this.#jobs[index] = job
    this.#works[index] = work
  }

  #grow(): void {
    const length = this.#keys.length * 2
    this.#keys = longer(this.#keys, length)
    this.#order = longer(this.#order, length)
    this.#jobs = longer(this.#jobs, length)
    this.#works = longer(this.#works, length)
  }
}
