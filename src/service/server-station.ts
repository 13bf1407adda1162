import { JobHeap } from './job-heap.ts'
import { JobLine } from './job-line.ts'
import type { Station } from './station.ts'

/** `servers` jobs at once, first come first served; more than `queue` waiting are shed. Work is milliseconds of service. */
class ServerStation implements Station {
  readonly #servers: number
  readonly #queue: number
  readonly #served = new JobHeap()
  readonly #line = new JobLine()
  atMs = 0

  constructor(servers: number, queue: number) {
    this.#servers = servers
    this.#queue = queue
  }

  get inService(): number {
    return this.#served.length
  }

  get waiting(): number {
    return this.#line.length
  }

  get nextAtMs(): number {
    return this.#served.firstKey
  }

  at(atMs: number): this {
    this.atMs = atMs
    return this
  }

  arrive(job: number, work: number): boolean {
    if (this.#served.length < this.#servers) this.#served.by(this.atMs + work).push(job)
    else if (this.#line.length < this.#queue) this.#line.push(job, work)
    else return false
    return true
  }

  leave(job: number): void {
    if (this.#served.remove(job)) this.#next()
    else this.#line.remove(job)
  }

  advance(done: (job: number) => void): void {
    const untilMs = this.atMs
    while (this.#served.firstKey <= untilMs) {
      this.atMs = this.#served.firstKey
      const job = this.#served.pop()
      this.#next()
      done(job)
    }
    this.atMs = untilMs
  }

  #next(): void {
    if (this.#line.length === 0) return
    const work = this.#line.firstWork
    this.#served.by(this.atMs + work).push(this.#line.shift())
  }
}

/** A tool, a pool, a worker: jobs of a known length on a number of servers. Both limits may be `Infinity`. */
export function serverStation(options: { readonly servers: number; readonly queue?: number }): Station {
  return new ServerStation(options.servers, options.queue ?? Infinity)
}
