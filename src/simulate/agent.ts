import type { Deadlines } from '../clock/deadlines.ts'
import { Draw } from '../sessions/draw.ts'
import type { ErrorKind, Outcome } from '../result/records.ts'
import { Admission } from './admission.ts'
import { Breakers } from './breakers.ts'
import { phases } from './clients.ts'
import { events, purposes } from './events.ts'
import { Loops } from './loops.ts'
import type { ModelCalls } from './model-calls.ts'
import { Servers } from './servers.ts'
import { StateStore } from './state-store.ts'
import type { ToolCalls } from './tool-calls.ts'
import type { Workers } from './workers.ts'
import { planDeadlines, type World } from './world.ts'

/** Told when a turn is over for its user. */
export type TurnEnd = (client: number, atMs: number, outcome: Outcome) => void

const statusOf: Partial<Record<ErrorKind, number>> = { rate_limited: 429, timeout: 504, circuit_open: 503 }

/**
 * The agent: admits turns to its slots, takes each through load, prompt, the loop of model and tool calls and save,
 * and ends them: with an answer, a refusal, its own time limit or because the user is gone.
 */
export class Agent {
  readonly servers: Servers
  readonly workers: Workers
  readonly models: ModelCalls
  readonly tools: ToolCalls
  readonly breakers: Breakers | undefined
  readonly store: StateStore | undefined
  readonly #world: World
  readonly #ended: TurnEnd
  readonly #admission: Admission
  readonly #limits: Deadlines | undefined
  readonly #loadMs: Draw
  readonly #promptMs: Draw
  readonly #saveMs: Draw
  readonly loops: Loops
  #admitting = false

  constructor(world: World, ended: TurnEnd) {
    const { workload, meter, clients } = world
    const { breakers, limits, overhead, state } = workload.agent
    this.#world = world
    this.#ended = ended
    this.servers = new Servers(world, this)
    this.workers = this.servers.workers
    const services = workload.models.length + workload.tools.length
    this.breakers = breakers && new Breakers(breakers, services, meter.window.fromMs)
    this.loops = new Loops(world, this.workers, this.breakers, this)
    this.models = this.loops.models
    this.tools = this.loops.tools
    this.store = state && new StateStore(world, state, (client, atMs) => this.phaseEnd(client, atMs))
    this.#admission = new Admission(world, () => this.servers.up)
    if (limits.turnMs < Infinity)
      this.#limits = planDeadlines(world, events.turnLimit, limits.turnMs, () => clients.generation)
    this.#loadMs = new Draw(overhead.stateMs, world.uniforms, purposes.stateLoad)
    this.#promptMs = new Draw(overhead.promptMs, world.uniforms, purposes.prompt)
    this.#saveMs = new Draw(overhead.stateMs, world.uniforms, purposes.stateSave)
  }

  /** Turns that wait for a slot. */
  get waiting(): number {
    return this.#admission.length
  }

  /** A user's message arrives. */
  arrive(client: number, atMs: number): void {
    const { clients, meter } = this.#world
    clients.enter(client, phases.queue, atMs)
    if (this.workers.hasRoom) {
      this.#planLimit(client, atMs)
      this.#admit(client, atMs)
      return
    }
    if (this.servers.up === 0) {
      this.#end(client, atMs, 0, 'failed', 'connect', 0)
      return
    }
    const scenario = clients.scenario[client]!
    if (!this.#admission.isOpen) {
      const other = this.#admission.displaced(scenario, meter.isMeasured(atMs))
      if (other < 0) {
        this.#end(client, atMs, 0, 'rejected', 'overloaded', 503)
        return
      }
      this.#end(other, atMs, 0, 'rejected', 'overloaded', 503)
    }
    this.#planLimit(client, atMs)
    this.#admission.push(client, scenario)
  }

  /** The phase that a turn waited in is over. */
  phaseEnd(client: number, atMs: number): void {
    switch (this.#world.clients.phase[client]) {
      case phases.load:
        if (!this.#storeFailed(client, atMs)) this.#prompt(client, atMs)
        break
      case phases.prompt:
        this.loops.call(client, atMs)
        break
      case phases.save:
        if (!this.#storeFailed(client, atMs)) this.#complete(client, atMs)
        break
      default:
        this.loops.phaseEnd(client, atMs)
    }
  }

  /** The user is gone, or the agent's limit is reached: everything the turn holds is freed at once. */
  stop(client: number, atMs: number, outcome: 'abandoned' | 'failed'): void {
    if (outcome === 'abandoned') this.#stopAs(client, atMs, outcome, 'abandoned', 0)
    else this.#stopAs(client, atMs, outcome, 'timeout', 504)
  }

  /** Whether the user has seen answer text by now. */
  firstSeenBy(client: number, atMs: number): boolean {
    const { clients } = this.#world
    if (Number.isNaN(clients.firstSeenAtMs[client]!) && this.#streamsAnswer(client))
      clients.firstSeenAtMs[client] = clients.callFirstAtMs[client]!
    return clients.firstSeenAtMs[client]! <= atMs
  }

  /** Of `Loops`: the answer is complete. */
  answered(client: number, atMs: number): void {
    const { clients } = this.#world
    if (this.store) {
      clients.enter(client, phases.save, atMs)
      this.store.begin(client, atMs)
      return
    }
    const saveMs = this.#drawMs(this.#saveMs, client)
    if (saveMs > 0) this.#wait(client, phases.save, atMs, atMs + saveMs)
    else this.#complete(client, atMs)
  }

  /** Of `Loops`: the model gave no answer, and so must the agent. */
  unanswered(client: number, atMs: number, kind: ErrorKind, tokens: number): void {
    if (!this.firstSeenBy(client, atMs)) this.#world.clients.firstSeenAtMs[client] = NaN
    this.#end(client, atMs, tokens, 'failed', kind, statusOf[kind] ?? 500)
  }

  /** Of `Servers`: turns that wait go on while there are free slots. A loop, as a turn may end where it begins. */
  roomAt(atMs: number): void {
    if (this.#admitting) return
    this.#admitting = true
    while (this.#admission.length > 0 && this.workers.hasRoom) this.#admit(this.#admission.take(), atMs)
    this.#admitting = false
  }

  /** Of `Servers`: its turns are lost; with the last server also those that wait. */
  serverFailed(server: number, atMs: number): void {
    const { clients } = this.#world
    // Nobody is admitted to the slots of a server that is down, so that the turns met are those that were there.
    for (let ordinal = 0; ordinal < clients.count; ordinal++) {
      const client = clients.at(ordinal)
      const phase = clients.phase[client]!
      const isTurn = phase !== phases.idle && phase !== phases.queue && clients.loop[client]! < 0
      if (isTurn && this.workers.serverOf(clients.worker[client]!) === server)
        this.#stopAs(client, atMs, 'failed', 'cut', 0)
    }
    if (this.servers.up > 0) return
    while (this.#admission.length > 0) this.#end(this.#admission.take(), atMs, 0, 'failed', 'connect', 0)
  }

  #stopAs(
    client: number,
    atMs: number,
    outcome: 'abandoned' | 'failed',
    kind: ErrorKind,
    status: number,
  ): void {
    const { clients } = this.#world
    const phase = clients.phase[client]!
    if (phase === phases.load || phase === phases.save) this.store?.cut(client, atMs)
    const tokens = this.loops.cut(client, atMs)
    if (!this.firstSeenBy(client, atMs)) clients.firstSeenAtMs[client] = NaN
    this.#end(client, atMs, tokens, outcome, kind, status)
  }

  #streamsAnswer(client: number): boolean {
    const { clients, workload } = this.#world
    const relayed = workload.agent.overhead.cpuPerTokenMs > 0
    return !relayed && clients.phase[client] === phases.model && clients.isLastStep(client)
  }

  #planLimit(client: number, atMs: number): void {
    const { clients, workload } = this.#world
    this.#limits?.plan(atMs + workload.agent.limits.turnMs, client, clients.generation[client]!)
  }

  #admit(client: number, atMs: number): void {
    const { clients, sessions, workload } = this.#world
    const turn = clients.turn[client]!
    // Also where nothing is loaded: whoever is past the queue holds a slot.
    clients.enter(client, phases.load, atMs)
    this.servers.count(atMs)
    clients.worker[client] = this.workers.take(atMs)
    clients.lane[client] = turn
    clients.asks[client] = sessions.model(clients.session[client]!, turn)
    if (workload.agent.degrade) this.#startUnderLoad(client, atMs)
    else this.loops.start(client, Infinity)
    if (this.store) {
      this.store.begin(client, atMs)
      return
    }
    const loadMs = this.#drawMs(this.#loadMs, client)
    if (loadMs > 0) this.#wait(client, phases.load, atMs, atMs + loadMs)
    else this.#prompt(client, atMs)
  }

  /** A loop of the steps that the rules leave a turn of its priority, with as many slots in use as there are now. */
  #startUnderLoad(client: number, atMs: number): void {
    const { clients, workload, counts, meter } = this.#world
    const { priority = 0 } = workload.scenarios[clients.scenario[client]!]!
    const used = this.workers.busy.level / this.workers.slots.level
    let steps = Infinity
    for (const rule of workload.agent.degrade!)
      if (used > rule.above && priority < rule.below && rule.steps < steps) steps = rule.steps
    this.loops.start(client, steps)
    const whole = Math.min(clients.depth[client]!, workload.agent.limits.steps)
    if (clients.steps[client]! < whole && meter.isMeasured(atMs)) counts.degraded++
  }

  #prompt(client: number, atMs: number): void {
    const waitMs = this.#drawMs(this.#promptMs, client)
    if (waitMs > 0) this.#wait(client, phases.prompt, atMs, atMs + waitMs)
    else this.loops.call(client, atMs)
  }

  #drawMs(draw: Draw, client: number): number {
    const { session, turn } = this.#world.clients
    return draw.positive(session[client]!, turn[client]!, 0, 0)
  }

  #storeFailed(client: number, atMs: number): boolean {
    if (!this.store?.failed(client)) return false
    const { clients, counts, meter } = this.#world
    if (meter.isMeasured(atMs)) counts.stateFailures++
    const tokens = clients.phase[client] === phases.save ? clients.outputTokens[client]! : 0
    this.#end(client, atMs, tokens, 'failed', 'http_5xx', 500)
    return true
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
    const waited = clients.phase[client] === phases.queue
    clients.enter(client, phases.idle, atMs)
    clients.generation[client]!++
    meter.turnEnded(clients, client, atMs, tokens, outcome, errorKind, status)
    if (waited) this.#admission.leave(client)
    else this.#release(client, atMs)
    this.#ended(client, atMs, outcome)
  }

  #release(client: number, atMs: number): void {
    const worker = this.#world.clients.worker[client]!
    this.servers.count(atMs)
    this.workers.give(atMs, worker)
    this.servers.ended(worker, atMs)
    if (this.#admission.length > 0) this.roomAt(atMs)
  }
}
