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
export type TurnEnd = (client: number, outcome: Outcome) => void

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
    this.breakers = breakers && new Breakers(world.queue, breakers, services, meter.window.fromMs)
    this.loops = new Loops(world, this.workers, this.breakers, this)
    this.models = this.loops.models
    this.tools = this.loops.tools
    this.store = state && new StateStore(world, state, (client) => this.phaseEnd(client))
    this.#admission = new Admission(world, () => this.servers.up)
    if (limits.turnMs < Infinity)
      this.#limits = planDeadlines(world, events.turnLimit, limits.turnMs, () => clients.generation)
    this.#loadMs = new Draw(overhead.stateMs, world.uniforms, purposes.stateLoad)
    this.#promptMs = new Draw(overhead.promptMs, world.uniforms, purposes.prompt)
    this.#saveMs = new Draw(overhead.stateMs, world.uniforms, purposes.stateSave)
  }

  /** A user's message arrives. */
  arrive(client: number): void {
    const { clients, meter } = this.#world
    clients.enter(client, phases.queue)
    if (this.workers.hasRoom) {
      this.#planLimit(client)
      this.#admit(client)
      return
    }
    if (this.servers.up === 0) {
      this.#end(client, 0, 'failed', 'connect', 0)
      return
    }
    const scenario = clients.scenario[client]!
    if (!this.#admission.isOpen) {
      const other = this.#admission.displaced(scenario, meter.isMeasuring)
      if (other < 0) {
        this.#end(client, 0, 'rejected', 'overloaded', 503)
        return
      }
      this.#end(other, 0, 'rejected', 'overloaded', 503)
    }
    this.#planLimit(client)
    this.#admission.push(client, scenario)
  }

  /** The phase that a turn waited in is over. */
  phaseEnd(client: number): void {
    switch (this.#world.clients.phase[client]) {
      case phases.load:
        if (!this.#storeFailed(client)) this.#prompt(client)
        break
      case phases.prompt:
        this.loops.call(client)
        break
      case phases.save:
        if (!this.#storeFailed(client)) this.#complete(client)
        break
      default:
        this.loops.phaseEnd(client)
    }
  }

  /** The user has given up, or the agent's time limit is reached: all that the turn holds is freed at once. */
  stop(client: number, outcome: 'abandoned' | 'failed'): void {
    if (outcome === 'abandoned') this.#stopAs(client, outcome, 'abandoned', 0)
    else this.#stopAs(client, outcome, 'timeout', 504)
  }

  /** Whether the user has seen answer text by now. */
  hasSeen(client: number): boolean {
    this.#noteFirstSeen(client)
    return this.#world.clients.firstSeenAtMs[client]! <= this.#world.queue.atMs
  }

  /** Whether the user had seen answer text by `atMs`. */
  hasSeenBy(client: number, atMs: number): boolean {
    this.#noteFirstSeen(client)
    return this.#world.clients.firstSeenAtMs[client]! <= atMs
  }

  /** Of `Loops`: the answer is complete. */
  answered(client: number): void {
    const { clients } = this.#world
    if (this.store) {
      clients.enter(client, phases.save)
      this.store.begin(client)
      return
    }
    if (!this.#waits(client, phases.save, this.#saveMs)) this.#complete(client)
  }

  /** Of `Loops`: the model gave no answer, and so must the agent. */
  unanswered(client: number, kind: ErrorKind, tokens: number): void {
    if (!this.hasSeen(client)) this.#world.clients.firstSeenAtMs[client] = NaN
    this.#end(client, tokens, 'failed', kind, statusOf[kind] ?? 500)
  }

  /** Of `Servers`: turns that wait go on while there are free slots. A loop, as a turn may end where it begins. */
  roomFreed(): void {
    if (this.#admitting) return
    this.#admitting = true
    while (this.#admission.length > 0 && this.workers.hasRoom) this.#admit(this.#admission.take())
    this.#admitting = false
  }

  /** Of `Servers`: what its processes knew was lost with those before them. */
  serverBegins(server: number): void {
    for (const worker of this.workers.workersOf(server)) this.breakers?.forget(worker)
  }

  /** Of `Servers`: its turns are lost; with the last server also those that wait. */
  serverFailed(server: number): void {
    const { clients } = this.#world
    // Before turns that are cut give their connections back: nobody there makes calls any more.
    for (const worker of this.workers.workersOf(server)) {
      this.models.connections?.forget(worker)
      this.tools.connections?.forget(worker)
    }
    // Nobody is admitted to the slots of a server that is down, so that the turns met are those that were there.
    for (let ordinal = 0; ordinal < clients.count; ordinal++) {
      const client = clients.at(ordinal)
      const phase = clients.phase[client]!
      const isTurn = phase !== phases.idle && phase !== phases.queue && clients.loop[client]! < 0
      if (isTurn && this.workers.serverOf(clients.worker[client]!) === server)
        this.#stopAs(client, 'failed', 'cut', 0)
    }
    if (this.servers.up > 0) return
    while (this.#admission.length > 0) this.#end(this.#admission.take(), 0, 'failed', 'connect', 0)
  }

  #stopAs(client: number, outcome: 'abandoned' | 'failed', kind: ErrorKind, status: number): void {
    const { clients } = this.#world
    const phase = clients.phase[client]!
    if (phase === phases.load || phase === phases.save) this.store?.cut(client)
    const tokens = this.loops.cut(client)
    if (!this.hasSeen(client)) clients.firstSeenAtMs[client] = NaN
    this.#end(client, tokens, outcome, kind, status)
  }

  /** A text that streams is seen at the call's first token, which need not have been an event. */
  #noteFirstSeen(client: number): void {
    const { clients } = this.#world
    if (Number.isNaN(clients.firstSeenAtMs[client]!) && this.#streamsAnswer(client))
      clients.firstSeenAtMs[client] = clients.callFirstAtMs[client]!
  }

  #streamsAnswer(client: number): boolean {
    const { clients, workload } = this.#world
    const relayed = workload.agent.overhead.cpuPerTokenMs > 0
    return !relayed && clients.phase[client] === phases.model && clients.isLastStep(client)
  }

  #planLimit(client: number): void {
    const { clients, queue, workload } = this.#world
    this.#limits?.at(queue.atMs + workload.agent.limits.turnMs).plan(client, clients.generation[client]!)
  }

  #admit(client: number): void {
    const { clients, sessions, workload } = this.#world
    const turn = clients.turn[client]!
    // Also where nothing is loaded: whoever is past the queue holds a slot.
    clients.enter(client, phases.load)
    this.servers.count()
    clients.worker[client] = this.workers.take()
    clients.lane[client] = turn
    clients.asks[client] = sessions.model(clients.session[client]!, turn)
    if (workload.agent.degrade) this.#startUnderLoad(client)
    else this.loops.start(client, Infinity)
    if (this.store) {
      this.store.begin(client)
      return
    }
    if (!this.#waits(client, phases.load, this.#loadMs)) this.#prompt(client)
  }

  /** A loop of the steps that the rules leave a turn of its priority, with as many slots in use as there are now. */
  #startUnderLoad(client: number): void {
    const { clients, workload, counts, meter } = this.#world
    const { priority = 0 } = workload.scenarios[clients.scenario[client]!]!
    const used = this.workers.turns / this.workers.openSlots
    let steps = Infinity
    for (const rule of workload.agent.degrade!)
      if (used > rule.above && priority < rule.below && rule.steps < steps) steps = rule.steps
    this.loops.start(client, steps)
    const whole = Math.min(clients.depth[client]!, workload.agent.limits.steps)
    if (clients.steps[client]! < whole && meter.isMeasuring) counts.degraded++
  }

  #prompt(client: number): void {
    if (!this.#waits(client, phases.prompt, this.#promptMs)) this.loops.call(client)
  }

  #storeFailed(client: number): boolean {
    if (!this.store?.failed(client)) return false
    const { clients, counts, meter } = this.#world
    if (meter.isMeasuring) counts.stateFailures++
    const tokens = clients.phase[client] === phases.save ? clients.outputTokens[client]! : 0
    this.#end(client, tokens, 'failed', 'http_5xx', 500)
    return true
  }

  #complete(client: number): void {
    this.#end(client, this.#world.clients.outputTokens[client]!, 'completed', 'none', 200)
  }

  /** Enters a phase that takes as long as is drawn; false where it takes no time. */
  #waits(client: number, phase: number, draw: Draw): boolean {
    const { clients, queue } = this.#world
    const { waitMs } = clients
    draw.write(waitMs, client, clients.session[client]!, clients.turn[client]!, 0, 0)
    if (!(waitMs[client]! > 0)) return false
    clients.enter(client, phase)
    queue.at(queue.atMs + waitMs[client]!).push(events.phaseEnd, client, clients.generation[client]!)
    return true
  }

  /** Ends a turn: told first, then its slot goes to the next in line, then its user goes on. */
  #end(client: number, tokens: number, outcome: Outcome, errorKind: ErrorKind, status: number): void {
    const { clients, meter, queue } = this.#world
    const waited = clients.phase[client] === phases.queue
    clients.enter(client, phases.idle)
    clients.generation[client]!++
    clients.endedAtMs[client] = queue.atMs
    meter.turnEnded(clients, client, tokens, outcome, errorKind, status)
    if (waited) this.#admission.leave(client)
    else this.#release(client)
    this.#ended(client, outcome)
  }

  #release(client: number): void {
    const worker = this.#world.clients.worker[client]!
    this.servers.count()
    this.workers.give(worker)
    this.servers.ended(worker)
    if (this.#admission.length > 0) this.roomFreed()
  }
}
