import type { Deadlines } from '../clock/deadlines.ts'
import { refusedByBreaker } from '../service/breaker.ts'
import { JobLine } from '../service/job-line.ts'
import type { ErrorKind, Outcome } from '../result/records.ts'
import type { Breakers } from './breakers.ts'
import { ConnectionPool } from './connections.ts'
import { events } from './events.ts'
import { TimeAverage } from './time-average.ts'
import { stands, ToolJobs } from './tool-jobs.ts'
import type { Workers } from './workers.ts'
import { loopDraws, planDeadlines, type World } from './world.ts'

/** A tool with as many calls at once as the file allows it; the others wait in line. */
interface ToolServer {
  readonly capacity: number
  readonly busy: TimeAverage
  readonly line: JobLine
}

/** Who runs sub-agents and hears when a step's calls are back. */
export interface ToolCallsOwner {
  allBack(client: number): void
  /** Begins the loop of a sub-agent; answers its client. */
  beginLoop(client: number, tool: number, job: number, index: number): number
  cutLoop(loop: number): void
}

const none = -1

/**
 * The tool calls of loops: those of one step at once, each past its breaker, with a connection of its worker, waiting
 * for its tool's capacity where there is one. A sub-agent is a tool whose call is a loop, and holds no connection itself.
 */
export class ToolCalls {
  readonly servers: readonly ToolServer[]
  readonly connections: ConnectionPool | undefined
  readonly #world: World
  readonly #owner: ToolCallsOwner
  readonly #breakers: Breakers | undefined
  readonly #limitMs: number
  readonly #limits: Deadlines | undefined
  readonly #jobs: ToolJobs
  /** The client whose step is being begun: calls that are back at once do not end it. */
  #beginning = none

  constructor(world: World, workers: Workers, breakers: Breakers | undefined, owner: ToolCallsOwner) {
    const { agent, tools } = world.workload
    const { window } = world.meter
    this.#world = world
    this.#owner = owner
    this.#breakers = breakers
    this.#limitMs = agent.limits.toolMs ?? Infinity
    this.#jobs = new ToolJobs(world.clients)
    if (this.#limitMs < Infinity)
      this.#limits = planDeadlines(world, events.toolLimit, this.#limitMs, () => this.#jobs.generation)
    this.servers = tools.map(({ capacity }) => ({
      capacity,
      busy: new TimeAverage(world.queue, window),
      line: new JobLine(),
    }))
    const size = agent.connections?.tools ?? Infinity
    if (size < Infinity)
      this.connections = new ConnectionPool(
        size,
        workers.count,
        new TimeAverage(world.queue, window),
        () => this.#jobs.generation,
        (job) => this.#send(job),
      )
  }

  /** Makes the calls of a step; false when none of them is in flight. */
  begin(client: number): boolean {
    const { clients } = this.#world
    const draws = loopDraws(this.#world, client)
    const session = clients.session[client]!
    const lane = clients.lane[client]!
    const step = clients.step[client]!
    const tool = draws.tool(session, lane, step)
    clients.tool[client] = tool
    if (tool < 0) return false
    const count = draws.fanOut(session, lane, step, tool)
    const before = this.#beginning
    this.#beginning = client
    for (let index = 0; index < count; index++) this.#call(client, tool, index)
    this.#beginning = before
    return clients.toolJob[client] !== none
  }

  /** The caller is gone: its calls are cut, waiting or not. */
  cut(client: number): void {
    const { clients } = this.#world
    while (clients.toolJob[client] !== none) {
      const job = clients.toolJob[client]!
      this.#stop(job)
      this.#close(job, 'abandoned', 'abandoned', 0)
    }
  }

  /** A call's time at its tool is over. */
  end(job: number, generation: number): void {
    if (generation !== this.#jobs.generation[job]) return
    this.#leave(job)
    this.#back(job)
  }

  /** The agent's limit on a call is reached. */
  limit(job: number, generation: number): void {
    if (generation !== this.#jobs.generation[job]) return
    const { counts, meter } = this.#world
    if (meter.isMeasuring) counts.toolsTimedOut[this.#jobs.tool[job]!]!++
    this.#stop(job)
    this.#backAs(job, 'failed', 'timeout', 0)
  }

  /** The loop of a sub-agent is over. */
  loopEnded(job: number, failed: boolean): void {
    this.#jobs.loop[job] = none
    if (failed) this.#backAs(job, 'failed', 'http_5xx', 500)
    else this.#back(job)
  }

  #call(client: number, tool: number, index: number): void {
    const worker = this.#world.clients.worker[client]!
    const ticket = this.#breakers ? this.#breakers.admit(this.#service(tool), worker) : 0
    // Refused, it is back at once with an error that the model reads like any other result.
    if (ticket === refusedByBreaker) return
    const job = this.#jobs.take(client, tool, index, ticket)
    if (this.#connectionsTo(tool)?.take(worker, job) !== false) this.#send(job)
  }

  #send(job: number): void {
    const { clients, durations, queue, workload } = this.#world
    const jobs = this.#jobs
    const client = jobs.client[job]!
    const tool = jobs.tool[job]!
    const index = jobs.index[job]!
    const generation = jobs.generation[job]!
    const { atMs } = queue
    jobs.sentAtMs[job] = atMs
    this.#limits?.at(atMs + this.#limitMs).plan(job, generation)
    if (workload.tools[tool]!.subagent) {
      const loop = this.#owner.beginLoop(client, tool, job, index)
      // It may be over already: refused at its first call.
      if (generation === jobs.generation[job]) jobs.loop[job] = loop
      return
    }
    const session = clients.session[client]!
    const lane = clients.lane[client]!
    durations.tool(
      jobs.latencyMs,
      job,
      clients.loop[client]!,
      session,
      lane,
      clients.step[client]!,
      index,
      tool,
    )
    const { busy, capacity, line } = this.servers[tool]!
    if (busy.level === capacity) {
      jobs.stands[job] = stands.inLine
      line.push(job)
      return
    }
    if (capacity < Infinity) {
      jobs.stands[job] = stands.atTool
      busy.add(1)
    }
    this.#planEnd(job)
  }

  /** A call leaves its tool, or the line there. Whoever waits longest takes its place. */
  #leave(job: number): void {
    const jobs = this.#jobs
    const stood = jobs.stands[job]
    if (stood === stands.elsewhere) return
    const { busy, line } = this.servers[jobs.tool[job]!]!
    if (stood === stands.inLine) line.remove(job)
    else if (line.length === 0) busy.add(-1)
    else {
      const next = line.shift()
      jobs.stands[next] = stands.atTool
      this.#planEnd(next)
    }
  }

  /** The call takes its time at the tool. */
  #planEnd(job: number): void {
    const { queue } = this.#world
    const { generation, latencyMs } = this.#jobs
    queue.at(queue.atMs + latencyMs[job]!).push(events.toolEnd, job, generation[job]!)
  }

  #back(job: number): void {
    const { clients } = this.#world
    const client = this.#jobs.client[job]!
    const fails = loopDraws(this.#world, client).toolFails(
      clients.session[client]!,
      clients.lane[client]!,
      clients.step[client]!,
      this.#jobs.index[job]!,
      this.#jobs.tool[job],
    )
    if (fails) this.#backAs(job, 'failed', 'http_5xx', 500)
    else this.#backAs(job, 'completed', 'none', 200)
  }

  #backAs(job: number, outcome: Outcome, kind: ErrorKind, status: number): void {
    const client = this.#jobs.client[job]!
    this.#close(job, outcome, kind, status)
    if (client !== this.#beginning && this.#world.clients.toolJob[client] === none)
      this.#owner.allBack(client)
  }

  /** Takes a call out of wherever it is. */
  #stop(job: number): void {
    const loop = this.#jobs.loop[job]!
    if (loop !== none) {
      this.#jobs.loop[job] = none
      this.#owner.cutLoop(loop)
    }
    this.#leave(job)
  }

  /** Tells of a call that is over, and frees what it held. One that never left the agent is not told. */
  #close(job: number, outcome: Outcome, kind: ErrorKind, status: number): void {
    const worker = this.#world.clients.worker[this.#jobs.client[job]!]!
    const sent = !Number.isNaN(this.#jobs.sentAtMs[job]!)
    const connections = this.#connectionsTo(this.#jobs.tool[job]!)
    if (sent) this.#tell(job, outcome, kind, status)
    if (this.#breakers) this.#resolveTicket(job, worker, outcome)
    this.#jobs.release(job)
    if (sent) connections?.give(worker)
  }

  /** None to a sub-agent, a loop in the process of its turn: its own calls might wait for that one for ever. */
  #connectionsTo(tool: number): ConnectionPool | undefined {
    return this.#world.workload.tools[tool]!.subagent ? undefined : this.connections
  }

  #resolveTicket(job: number, worker: number, outcome: Outcome): void {
    const service = this.#service(this.#jobs.tool[job]!)
    const ticket = this.#jobs.ticket[job]!
    if (outcome === 'completed') this.#breakers!.succeeded(service, worker, ticket)
    else if (outcome === 'failed') this.#breakers!.failed(service, worker, ticket)
    else this.#breakers!.dropped(service, worker, ticket)
  }

  /** Tools come after the models among what has a breaker. */
  #service(tool: number): number {
    return this.#world.workload.models.length + tool
  }

  #tell(job: number, outcome: Outcome, kind: ErrorKind, status: number): void {
    const { clients, meter, queue } = this.#world
    const client = this.#jobs.client[job]!
    const record = meter.call
    record.kind = 'tool'
    record.service = this.#jobs.tool[job]!
    record.session = clients.session[client]!
    record.turn = clients.turn[client]!
    record.step = clients.loop[client]! < 0 ? clients.step[client]! : 0
    record.attempt = 0
    record.sentAtMs = this.#jobs.sentAtMs[job]!
    record.firstTokenAtMs = NaN
    record.endedAtMs = queue.atMs
    record.inputTokens = record.cachedTokens = record.outputTokens = 0
    record.maxTokens = NaN
    record.depth = clients.depth[client]!
    record.outcome = outcome
    record.errorKind = kind
    record.status = status
    record.joinedBy = 'id'
    meter.tellCall()
  }
}
