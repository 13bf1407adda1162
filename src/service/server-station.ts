import { JobHeap } from './job-heap.ts'
import { JobLine } from './job-line.ts'
import type { Station } from './station.ts'

/** `servers` jobs at once, first come first served; more than `queue` waiting are shed. Work is milliseconds of service. */
class ServerStation implements Station {
  readonly #servers: number
  readonly #queue: number
  readonly #served = new JobHeap()
  readonly #line = new JobLine()

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

  arrive(atMs: number, job: number, work: number): boolean {
    if (this.#served.length < this.#servers) this.#served.push(atMs + work, job)
    else if (this.#line.length < this.#queue) this.#line.push(job, work)
    else return false
    return true
  }

  leave(atMs: number, job: number): void {
    if (this.#served.remove(job)) this.#next(atMs)
    else this.#line.remove(job)
  }

  nextAtMs(): number {
    return this.#served.firstKey
  }

  advance(atMs: number, done: (job: number, atMs: number) => void): void {
    for (;;) {
      const endMs = this.#served.firstKey
      if (!(endMs <= atMs)) return
      const job = this.#served.pop()
      this.#next(endMs)
      done(job, endMs)
    }
  }

  #next(atMs: number): void {
    if (this.#line.length === 0) return
    const work = this.#line.firstWork
    this.#served.push(atMs + work, this.#line.shift())
  }
}

/** A tool, a pool, a worker: jobs of a known length on a number of servers. Both limits may be `Infinity`. */
export function serverStation(options: { readonly servers: number; readonly queue?: number }): Station {
  return new ServerStation(options.servers, options.queue ?? Infinity)
}
