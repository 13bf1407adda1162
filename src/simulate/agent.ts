import type { ErrorKind, Outcome } from '../result/records.ts'
import { phases } from './clients.ts'
import { events, purposes } from './events.ts'
import { ModelCalls } from './model-calls.ts'
import { ToolCalls } from './tool-calls.ts'
import { WaitingLine } from './waiting-line.ts'
import { Workers } from './workers.ts'
import { drawMs, type World } from './world.ts'

/** Told when a turn is over for its user. */
export type TurnEnd = (client: number, atMs: number, outcome: Outcome) => void

/**
 * The agent server: admits turns to its slots, takes each through load, prompt, the loop of model and tool calls
 * and save, and ends them: with an answer, a refusal, its own time limit or because the user is gone.
 */
export class Agent {
  readonly workers: Workers
  readonly models: ModelCalls
  readonly tools: ToolCalls
  readonly #world: World
  readonly #ended: TurnEnd
  readonly #line = new WaitingLine()
  #waiting = 0

  constructor(world: World, ended: TurnEnd) {
    const { agent } = world.workload
    this.#world = world
    this.#ended = ended
    this.workers = new Workers(agent, world.meter.window.fromMs, world.meter.window.toMs)
    this.models = new ModelCalls(world, this.workers, this)
    this.tools = new ToolCalls(world, (client, atMs) => this.#nextStep(client, atMs))
  }

  /** Turns that wait for a slot. */
  get waiting(): number {
    return this.#waiting
  }

  /** A user's message arrives. */
  arrive(client: number, atMs: number): void {
    const { clients, workload } = this.#world
    clients.enter(client, phases.queue, atMs)
    if (this.workers.hasRoom) {
      this.#planLimit(client, atMs)
      this.#admit(client, atMs)
    } else if (this.#waiting < workload.agent.queue) {
      this.#planLimit(client, atMs)
      this.#waiting++
      this.#line.push(client, clients.generation[client]!)
    } else this.#end(client, atMs, 0, 'rejected', 'overloaded', 503)
  }

  /** The phase that a turn waited in is over. */
  phaseEnd(client: number, atMs: number): void {
    switch (this.#world.clients.phase[client]) {
      case phases.load:
        this.#prompt(client, atMs)
        break
      case phases.prompt:
        this.#call(client, atMs)
        break
      case phases.cpu:
        this.models.begin(client, atMs)
        break
      case phases.retry:
        this.models.attempt(client, atMs)
        break
      case phases.model:
        this.models.finish(client, atMs)
        break
      case phases.relay:
        this.#afterStep(client, atMs)
        break
      case phases.save:
        this.#complete(client, atMs)
        break
      default:
        throw new Error(`no timer runs in phase ${this.#world.clients.phase[client]}`)
    }
  }

  /** The user is gone, or the agent's limit is reached: everything the turn holds is freed at once. */
  stop(client: number, atMs: number, outcome: 'abandoned' | 'failed'): void {
    const { clients } = this.#world
    const phase = clients.phase[client]!
    let tokens = 0
    if (phase === phases.model) {
      if (clients.isLastStep(client)) tokens = this.models.tokensSoFar(client, atMs)
      this.models.cut(client, atMs)
    } else if (phase === phases.tools) this.tools.cut(client, atMs)
    else if (phase === phases.relay || phase === phases.save) tokens = clients.outputTokens[client]!
    if (!this.firstSeenBy(client, atMs)) clients.firstSeenAtMs[client] = NaN
    if (outcome === 'abandoned') this.#end(client, atMs, tokens, outcome, 'abandoned', 0)
    else this.#end(client, atMs, tokens, outcome, 'timeout', 504)
  }

  /** Whether the user has seen answer text by now. */
  firstSeenBy(client: number, atMs: number): boolean {
    const { clients } = this.#world
    if (Number.isNaN(clients.firstSeenAtMs[client]!) && this.#streamsAnswer(client))
      clients.firstSeenAtMs[client] = clients.callFirstAtMs[client]!
    return clients.firstSeenAtMs[client]! <= atMs
  }

  /** Of `ModelCalls`: the first token of the answer has to pass the worker's event loop before the user sees it. */
  firstToken(client: number, atMs: number): void {
    const { clients, workload } = this.#world
    const { cpuPerTokenMs } = workload.agent.overhead
    clients.firstSeenAtMs[client] = this.workers.burn(atMs, clients.worker[client]!, cpuPerTokenMs)
  }

  /** Of `ModelCalls`: an answer is complete at the agent, whose event loop still has to pass the last token on. */
  answered(client: number, atMs: number): void {
    const { clients, workload } = this.#world
    const { cpuPerTokenMs } = workload.agent.overhead
    if (cpuPerTokenMs === 0) {
      if (clients.isLastStep(client)) clients.firstSeenAtMs[client] = clients.callFirstAtMs[client]!
      this.#afterStep(client, atMs)
      return
    }
    const worker = clients.worker[client]!
    const burntAtMs = this.workers.burn(atMs, worker, this.models.lastTokens(client) * cpuPerTokenMs)
    const doneAtMs = clients.firstSeenAtMs[client]! > burntAtMs ? clients.firstSeenAtMs[client]! : burntAtMs
    // What an engine's stream cost on the way delays the others from here on, not this turn.
    this.workers.burn(atMs, worker, this.models.unrelayedTokens(client) * cpuPerTokenMs)
    this.#wait(client, phases.relay, atMs, doneAtMs)
  }

  /** Of `ModelCalls`: the model refused for good, and so must the agent. */
  refused(client: number, atMs: number): void {
    this.#end(client, atMs, 0, 'failed', 'rate_limited', 429)
  }

  #streamsAnswer(client: number): boolean {
    const { clients, workload } = this.#world
    const relayed = workload.agent.overhead.cpuPerTokenMs > 0
    return !relayed && clients.phase[client] === phases.model && clients.isLastStep(client)
  }

  #planLimit(client: number, atMs: number): void {
    const { clients, queue, workload } = this.#world
    const { turnMs } = workload.agent.limits
    if (turnMs < Infinity) queue.push(atMs + turnMs, events.turnLimit, client, clients.generation[client]!)
  }

  #admit(client: number, atMs: number): void {
    const { clients, sessions, workload } = this.#world
    const session = clients.session[client]!
    // Also where nothing is loaded: whoever is past the queue holds a slot.
    clients.enter(client, phases.load, atMs)
    clients.worker[client] = this.workers.take(atMs)
    clients.step[client] = 1
    clients.depth[client] = sessions.depth(session, clients.turn[client]!)
    clients.steps[client] = Math.max(1, Math.min(clients.depth[client], workload.agent.limits.steps))
    const loadMs = drawMs(this.#world, client, workload.agent.overhead.stateMs, purposes.stateLoad)
    if (loadMs > 0) this.#wait(client, phases.load, atMs, atMs + loadMs)
    else this.#prompt(client, atMs)
  }

  #prompt(client: number, atMs: number): void {
    const { promptMs } = this.#world.workload.agent.overhead
    const waitMs = drawMs(this.#world, client, promptMs, purposes.prompt)
    if (waitMs > 0) this.#wait(client, phases.prompt, atMs, atMs + waitMs)
    else this.#call(client, atMs)
  }

  #call(client: number, atMs: number): void {
    const { clients, workload } = this.#world
    const { cpuPerCallMs } = workload.agent.overhead
    if (cpuPerCallMs === 0) this.models.begin(client, atMs)
    else this.#wait(client, phases.cpu, atMs, this.workers.burn(atMs, clients.worker[client]!, cpuPerCallMs))
  }

  #afterStep(client: number, atMs: number): void {
    const { clients } = this.#world
    if (clients.isLastStep(client)) {
      this.#save(client, atMs)
      return
    }
    clients.enter(client, phases.tools, atMs)
    if (!this.tools.begin(client, atMs)) this.#nextStep(client, atMs)
  }

  #nextStep(client: number, atMs: number): void {
    this.#world.clients.step[client]!++
    this.#call(client, atMs)
  }

  #save(client: number, atMs: number): void {
    const { stateMs } = this.#world.workload.agent.overhead
    const saveMs = drawMs(this.#world, client, stateMs, purposes.stateSave)
    if (saveMs > 0) this.#wait(client, phases.save, atMs, atMs + saveMs)
    else this.#complete(client, atMs)
  }

  #complete(client: number, atMs: number): void {
    this.#end(client, atMs, this.#world.clients.outputTokens[client]!, 'completed', 'none', 200)
  }

  #wait(client: number, phase: number, atMs: number, untilMs: number): void {
    const { clients, queue } = this.#world
    clients.enter(client, phase, atMs)
    queue.push(untilMs, events.phaseEnd, client, clients.generation[client]!)
  }

  /** Ends a turn: told first, then its slot goes to the next in line, then its user goes on. */
  #end(
    client: number,
    atMs: number,
    tokens: number,
    outcome: Outcome,
    errorKind: ErrorKind,
    status: number,
  ): void {
    const { clients, meter } = this.#world
    const phase = clients.phase[client]!
    const waited = phase === phases.queue
    clients.enter(client, phases.idle, atMs)
    clients.generation[client]!++
    meter.turnEnded(clients, client, atMs, tokens, outcome, errorKind, status)
    if (!waited) this.#release(client, atMs)
    else if (outcome !== 'rejected') this.#waiting--
    this.#ended(client, atMs, outcome)
  }

  #release(client: number, atMs: number): void {
    const { clients } = this.#world
    this.workers.give(atMs, clients.worker[client]!)
    const next = this.#waiting > 0 ? this.#line.shift(clients.generation) : -1
    if (next < 0) return
    this.#waiting--
    this.#admit(next, atMs)
  }
}
