import { longer } from '../stats/columns.ts'
import type { Clients } from './clients.ts'

const none = -1

/** Where a call is: at a tool that takes so many at once, in line there, or where it takes up no place. */
export const stands = { elsewhere: 0, inLine: 1, atTool: 2 } as const

/** Tool calls in flight, in arrays by job. Jobs are numbered, reused, and chained for each client. */
export class ToolJobs {
  client = new Int32Array(64)
  tool = new Int32Array(64)
  index = new Int32Array(64)
  /** Raised when the job is over. */
  generation = new Int32Array(64)
  /** NaN while it waits for a connection. */
  sentAtMs = new Float64Array(64)
  /** At the tool. */
  latencyMs = new Float64Array(64)
  /** One of `stands`. */
  stands = new Int32Array(64)
  /** From its breaker. */
  ticket = new Int32Array(64)
  /** The client that is the loop of a sub-agent; -1 where there is none. */
  loop = new Int32Array(64).fill(none)
  #next = new Int32Array(64)
  #free = none
  #count = 0
  readonly #clients: Clients

  constructor(clients: Clients) {
    this.#clients = clients
  }

  take(client: number, tool: number, index: number, ticket: number): number {
    let job = this.#free
    if (job === none) {
      if (this.#count === this.client.length) this.#grow()
      job = this.#count++
    } else this.#free = this.#next[job]!
    const { toolJob } = this.#clients
    this.client[job] = client
    this.tool[job] = tool
    this.index[job] = index
    this.sentAtMs[job] = NaN
    this.stands[job] = stands.elsewhere
    this.ticket[job] = ticket
    this.loop[job] = none
    this.#next[job] = toolJob[client]!
    toolJob[client] = job
    return job
  }

  release(job: number): void {
    const { toolJob } = this.#clients
    const client = this.client[job]!
    if (toolJob[client] === job) toolJob[client] = this.#next[job]!
    else {
      let before = toolJob[client]!
      while (this.#next[before] !== job) before = this.#next[before]!
      this.#next[before] = this.#next[job]!
    }
    this.generation[job]!++
    this.#next[job] = this.#free
    this.#free = job
  }

  #grow(): void {
    const length = this.client.length * 2
    this.client = longer(this.client, length)
    this.tool = longer(this.tool, length)
    this.index = longer(this.index, length)
    this.generation = longer(this.generation, length)
    this.stands = longer(this.stands, length)
    this.ticket = longer(this.ticket, length)
    this.loop = longer(this.loop, length)
    this.#next = longer(this.#next, length)
    this.sentAtMs = longer(this.sentAtMs, length)
    this.latencyMs = longer(this.latencyMs, length)
  }
}
