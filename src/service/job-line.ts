/** Jobs waiting first come first served, each with its work. Grows; allocates nothing per job. */
export class JobLine {
  length = 0
  #head = 0
  #jobs = new Float64Array(16)
  #works = new Float64Array(16)

  get first(): number {
    return this.#jobs[this.#head]!
  }

  get firstWork(): number {
    return this.#works[this.#head]!
  }

  /** The job before which so many others stand, and its work. */
  jobAt(place: number): number {
    return this.#jobs[(this.#head + place) & (this.#jobs.length - 1)]!
  }

  workAt(place: number): number {
    return this.#works[(this.#head + place) & (this.#jobs.length - 1)]!
  }

  push(job: number, work = 0): void {
    if (this.length === this.#jobs.length) this.#grow()
    this.#put((this.#head + this.length++) & (this.#jobs.length - 1), job, work)
  }

  /** Ahead of all others. */
  unshift(job: number, work: number): void {
    if (this.length === this.#jobs.length) this.#grow()
    this.#head = (this.#head - 1) & (this.#jobs.length - 1)
    this.length++
    this.#put(this.#head, job, work)
  }

  /** Takes the first job out; the caller has looked that there is one. */
  shift(): number {
    const job = this.#jobs[this.#head]!
    this.#head = (this.#head + 1) & (this.#jobs.length - 1)
    this.length--
    return job
  }

  /** Takes a job out wherever it stands; those behind it move up. */
  remove(job: number): boolean {
    const mask = this.#jobs.length - 1
    let found = false
    for (let i = 0; i < this.length; i++) {
      const at = (this.#head + i) & mask
      if (found) this.#put((at - 1) & mask, this.#jobs[at]!, this.#works[at]!)
      else if (this.#jobs[at] === job) found = true
    }
    if (found) this.length--
    return found
  }

  #put(at: number, job: number, work: number): void {
    this.#jobs[at] = job
    this.#works[at] = work
  }

  /** Capacity stays a power of two, so that positions wrap with a mask. */
  #grow(): void {
    const mask = this.#jobs.length - 1
    const unrolled = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(old.length * 2)
      for (let i = 0; i < this.length; i++) grown[i] = old[(this.#head + i) & mask]!
      return grown
    }
    this.#jobs = unrolled(this.#jobs)
    this.#works = unrolled(this.#works)
    this.#head = 0
  }
}
