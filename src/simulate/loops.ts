import { laneOf } from '../sessions/loop-draws.ts'
import type { ErrorKind } from '../result/records.ts'
import type { Breakers } from './breakers.ts'
import { phases } from './clients.ts'
import type { ConnectionPool } from './connections.ts'
import { events } from './events.ts'
import { ModelCalls } from './model-calls.ts'
import { ToolCalls } from './tool-calls.ts'
import type { Workers } from './workers.ts'
import { loopDraws, type World } from './world.ts'

/** Who hears how the root loop of a turn ended. */
export interface LoopsOwner {
  /** The last answer is complete. */
  answered(client: number): void
  unanswered(client: number, kind: ErrorKind, tokens: number): void
}

/** The loops of model and tool calls: those of turns, and those of the sub-agents that they call. */
export class Loops {
  readonly models: ModelCalls
  readonly tools: ToolCalls
  readonly #world: World
  readonly #workers: Workers
  readonly #owner: LoopsOwner
  /** Of connections. */
  readonly #pools: readonly ConnectionPool[]

  constructor(world: World, workers: Workers, breakers: Breakers | undefined, owner: LoopsOwner) {
    this.#world = world
    this.#workers = workers
    this.#owner = owner
    this.models = new ModelCalls(world, workers, breakers, this)
    this.tools = new ToolCalls(world, workers, breakers, this)
    this.#pools = [this.models.connections, this.tools.connections].filter((pool) => pool !== undefined)
  }

  /** The next model call of a loop: first its CPU. */
  call(client: number): void {
    const { clients, queue, sound, workload } = this.#world
    const { cpuPerCallMs } = workload.agent.overhead
    if (sound) {
      clients.enter(client, phases.cpu)
      this.#workers.work(cpuPerCallMs).charge()
      sound.work(cpuPerCallMs).put(clients.worker[client]!, client, clients.generation[client]!)
    } else if (cpuPerCallMs === 0) this.models.begin(client)
    else {
      this.#workers.work(cpuPerCallMs).burn(clients.worker[client]!)
      clients.enter(client, phases.cpu)
      queue.at(this.#workers.doneAtMs).push(events.phaseEnd, client, clients.generation[client]!)
    }
  }

  /** The phase of a loop is over. */
  phaseEnd(client: number): void {
    switch (this.#world.clients.phase[client]) {
      case phases.cpu:
        this.models.begin(client)
        break
      case phases.retry:
        this.models.attempt(client)
        break
      case phases.model:
        this.models.finish(client)
        break
      case phases.relay:
        this.#afterStep(client)
        break
      default:
        throw new Error(`no timer runs in phase ${this.#world.clients.phase[client]}`)
    }
  }

  /**
   * Whatever a loop has in flight is cut; answers the tokens that its user had seen. Connections that it gives back are not
   * for its own sub-agents, which are about to be cut as well.
   */
  cut(client: number): number {
    const { clients } = this.#world
    const phase = clients.phase[client]!
    const worker = clients.worker[client]!
    let tokens = 0
    for (const pool of this.#pools) pool.hold(worker)
    if (phase === phases.model || phase === phases.connection) {
      if (phase === phases.model && clients.isLastStep(client)) tokens = this.models.tokensSoFar(client)
      this.models.cut(client)
    } else if (phase === phases.tools) this.tools.cut(client)
    else if (phase === phases.relay || phase === phases.save) tokens = clients.outputTokens[client]!
    for (const pool of this.#pools) pool.passOn(worker)
    return tokens
  }

  /** Of `ToolCalls`: a sub-agent begins, on the worker of the turn that it works for. */
  beginLoop(parent: number, tool: number, job: number, index: number): number {
    const { clients, queue, workload } = this.#world
    const loop = clients.take()
    clients.session[loop] = clients.session[parent]!
    clients.turn[loop] = clients.turn[parent]!
    clients.scenario[loop] = clients.scenario[parent]!
    clients.worker[loop] = clients.worker[parent]!
    clients.loop[loop] = tool
    clients.lane[loop] = laneOf(clients.lane[parent]!, clients.step[parent]!, index)
    clients.parentJob[loop] = job
    clients.asks[loop] = workload.tools[tool]!.subagent!.model
    clients.phaseAtMs[loop] = queue.atMs
    this.start(loop, Infinity)
    this.call(loop)
    return loop
  }

  /** Draws how long a loop is, cut at the agent's limit and at `mostSteps`. */
  start(client: number, mostSteps: number): void {
    const { clients, workload } = this.#world
    const depth = loopDraws(this.#world, client).depth(clients.session[client]!, clients.lane[client]!)
    clients.step[client] = 1
    clients.depth[client] = depth
    clients.steps[client] = Math.max(1, Math.min(depth, workload.agent.limits.steps, mostSteps))
  }

  /** Of `ToolCalls`: nobody waits for a sub-agent any more. */
  cutLoop(loop: number): void {
    this.cut(loop)
    this.#endLoop(loop)
  }

  /** Of `ToolCalls`: the results of a step are there. */
  allBack(client: number): void {
    this.#nextStep(client)
  }

  /** Of `ModelCalls`: the first token of the answer has to pass the worker's event loop before the user sees it. */
  firstToken(client: number): void {
    const { clients, workload } = this.#world
    const { cpuPerTokenMs } = workload.agent.overhead
    this.#workers.work(cpuPerTokenMs).burn(clients.worker[client]!)
    clients.firstSeenAtMs[client] = this.#workers.doneAtMs
  }

  /** Of `ModelCalls`: an answer is complete at the agent, whose event loop still has to pass the last token on. */
  answered(client: number): void {
    const { clients, queue, workload } = this.#world
    const { cpuPerTokenMs } = workload.agent.overhead
    if (cpuPerTokenMs === 0) {
      if (clients.isLastStep(client)) clients.firstSeenAtMs[client] = clients.callFirstAtMs[client]!
      this.#afterStep(client)
      return
    }
    const { relays } = this.models
    const worker = clients.worker[client]!
    this.#workers.work(relays.lastTokens(client) * cpuPerTokenMs).burn(worker)
    const burntAtMs = this.#workers.doneAtMs
    const isSeenLater = clients.answersUser(client) && clients.firstSeenAtMs[client]! > burntAtMs
    // What an engine's stream cost on the way delays the others from here on, not this turn.
    this.#workers.work(this.models.unrelayedTokens(client) * cpuPerTokenMs).burn(worker)
    clients.enter(client, phases.relay)
    const untilMs = isSeenLater ? clients.firstSeenAtMs[client]! : burntAtMs
    queue.at(untilMs).push(events.phaseEnd, client, clients.generation[client]!)
  }

  /** Of `ModelCalls`: there is no answer. A sub-agent fails as a tool does, and its caller goes on. */
  unanswered(client: number, kind: ErrorKind, tokens: number): void {
    const { clients } = this.#world
    if (clients.loop[client]! < 0) {
      this.#owner.unanswered(client, kind, clients.isLastStep(client) ? tokens : 0)
      return
    }
    const job = clients.parentJob[client]!
    this.#endLoop(client)
    this.tools.loopEnded(job, true)
  }

  #afterStep(client: number): void {
    const { clients } = this.#world
    if (!clients.isLastStep(client)) {
      clients.enter(client, phases.tools)
      if (!this.tools.begin(client)) this.#nextStep(client)
    } else if (clients.loop[client]! < 0) this.#owner.answered(client)
    else {
      const job = clients.parentJob[client]!
      this.#endLoop(client)
      this.tools.loopEnded(job, false)
    }
  }

  #nextStep(client: number): void {
    this.#world.clients.step[client]!++
    this.call(client)
  }

  #endLoop(loop: number): void {
    const { clients } = this.#world
    clients.enter(loop, phases.idle)
    clients.generation[loop]!++
    clients.loop[loop] = -1
    clients.giveBack(loop)
  }
}
