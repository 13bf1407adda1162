import { serverStation } from '../service/server-station.ts'
import type { Station } from '../service/station.ts'
import { events } from './events.ts'
import { TimeAverage } from './time-average.ts'
import type { World } from './world.ts'

interface ToolServer {
  /** Absent where the file sets no limit: such a tool only takes its time. */
  readonly station: Station | undefined
  readonly busy: TimeAverage
  generation: number
  wakeAtMs: number
}

const none = -1

/** The tool calls of turns: those of one step at once, each waiting for its tool's capacity where there is one. */
export class ToolCalls {
  readonly servers: readonly ToolServer[]
  readonly #world: World
  /** Told when the last of a step's calls is back. */
  readonly #allBack: (client: number, atMs: number) => void
  // By job: jobs are numbered, reused, and chained for each client.
  #client = new Int32Array(64)
  #tool = new Int32Array(64)
  #index = new Int32Array(64)
  #generation = new Int32Array(64)
  #next = new Int32Array(64)
  #sentAtMs = new Float64Array(64)
  #free = none
  #jobs = 0

  constructor(world: World, allBack: (client: number, atMs: number) => void) {
    this.#world = world
    this.#allBack = allBack
    const { window } = world.meter
    this.servers = world.workload.tools.map(({ capacity }) => ({
      station: capacity < Infinity ? serverStation({ servers: capacity }) : undefined,
      busy: new TimeAverage(window.fromMs, window.toMs),
      generation: 0,
      wakeAtMs: Infinity,
    }))
  }

  /** Makes the calls of a step; false when it has none. */
  begin(client: number, atMs: number): boolean {
    const { clients, sessions, queue } = this.#world
    const session = clients.session[client]!
    const turn = clients.turn[client]!
    const step = clients.step[client]!
    const tool = sessions.tool(session, turn, step)
    if (tool < 0) return false
    const count = sessions.fanOut(session, turn, step)
    const server = this.servers[tool]!
    for (let index = 0; index < count; index++) {
      const job = this.#take(client, tool, index, atMs)
      const latencyMs = sessions.toolMs(session, turn, step, index)
      if (server.station) server.station.arrive(atMs, job, latencyMs)
      else queue.push(atMs + latencyMs, events.toolEnd, job, this.#generation[job]!)
    }
    if (server.station) this.#wake(tool, atMs)
    return count > 0
  }

  /** The caller is gone: its calls are cut, waiting or not. */
  cut(client: number, atMs: number): void {
    const { clients } = this.#world
    while (clients.toolJob[client] !== none) {
      const job = clients.toolJob[client]!
      const tool = this.#tool[job]!
      this.servers[tool]!.station?.leave(atMs, job)
      this.#tell(job, atMs, true)
      this.#release(job)
      if (this.servers[tool]!.station) this.#wake(tool, atMs)
    }
  }

  /** A call of a tool without a limit is back. */
  end(job: number, atMs: number, generation: number): void {
    if (generation === this.#generation[job]) this.#back(job, atMs)
  }

  wake(tool: number, atMs: number, generation: number): void {
    const server = this.servers[tool]!
    if (generation !== server.generation) return
    server.wakeAtMs = Infinity
    server.station!.advance(atMs, this.#back)
    this.#wake(tool, atMs)
  }

  readonly #back = (job: number, atMs: number): void => {
    const client = this.#client[job]!
    this.#tell(job, atMs, false)
    this.#release(job)
    if (this.#world.clients.toolJob[client] === none) this.#allBack(client, atMs)
  }

  #wake(tool: number, atMs: number): void {
    const server = this.servers[tool]!
    server.busy.set(atMs, server.station!.inService)
    const nextAtMs = server.station!.nextAtMs()
    if (nextAtMs === server.wakeAtMs) return
    server.wakeAtMs = nextAtMs
    this.#world.queue.push(nextAtMs, events.toolStation, tool, ++server.generation)
  }

  #take(client: number, tool: number, index: number, atMs: number): number {
    let job = this.#free
    if (job === none) {
      if (this.#jobs === this.#client.length) this.#grow()
      job = this.#jobs++
    } else this.#free = this.#next[job]!
    const { toolJob } = this.#world.clients
    this.#client[job] = client
    this.#tool[job] = tool
    this.#index[job] = index
    this.#sentAtMs[job] = atMs
    this.#next[job] = toolJob[client]!
    toolJob[client] = job
    return job
  }

  #release(job: number): void {
    const { toolJob } = this.#world.clients
    const client = this.#client[job]!
    if (toolJob[client] === job) toolJob[client] = this.#next[job]!
    else {
      let before = toolJob[client]!
      while (this.#next[before] !== job) before = this.#next[before]!
      this.#next[before] = this.#next[job]!
    }
    this.#generation[job]!++
    this.#next[job] = this.#free
    this.#free = job
  }

  #tell(job: number, atMs: number, cut: boolean): void {
    const { clients, sessions, meter } = this.#world
    const client = this.#client[job]!
    const record = meter.call
    record.kind = 'tool'
    record.service = this.#tool[job]!
    record.session = clients.session[client]!
    record.turn = clients.turn[client]!
    record.step = clients.step[client]!
    record.attempt = 0
    record.sentAtMs = this.#sentAtMs[job]!
    record.firstTokenAtMs = NaN
    record.endedAtMs = atMs
    record.inputTokens = record.cachedTokens = record.outputTokens = 0
    record.maxTokens = NaN
    record.depth = clients.depth[client]!
    const fails = !cut && sessions.toolFails(record.session, record.turn, record.step, this.#index[job]!)
    record.outcome = cut ? 'abandoned' : fails ? 'failed' : 'completed'
    record.errorKind = cut ? 'abandoned' : fails ? 'http_5xx' : 'none'
    record.status = cut ? 0 : fails ? 500 : 200
    record.joinedBy = 'id'
    meter.tellCall()
  }

  #grow(): void {
    const twice = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(old.length * 2)
      grown.set(old)
      return grown
    }
    this.#client = twice(this.#client)
    this.#tool = twice(this.#tool)
    this.#index = twice(this.#index)
    this.#generation = twice(this.#generation)
    this.#next = twice(this.#next)
    const sentAtMs = new Float64Array(this.#sentAtMs.length * 2)
    sentAtMs.set(this.#sentAtMs)
    this.#sentAtMs = sentAtMs
  }
}
