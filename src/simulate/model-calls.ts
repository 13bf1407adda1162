import type { Demand, Quota, Usage } from '../service/quota.ts'
import { retryDelayMs } from '../service/retry.ts'
import { type EngineStation, engineStation } from '../service/engine-station.ts'
import { prefillPerOutput } from '../service/prefill-per-output.ts'
import { quotaOf } from '../service/token-bucket-quota.ts'
import type { Outcome } from '../result/records.ts'
import { termsOf } from '../workload/provider-quota.ts'
import { type QuotaTerm, settledBy } from '../workload/quota-terms.ts'
import type { Model } from '../workload/workload.ts'
import { phases } from './clients.ts'
import { events, purposes } from './events.ts'
import { TimeAverage } from './time-average.ts'
import type { Workers } from './workers.ts'
import type { World } from './world.ts'

/** Who hears what became of a turn's model call. */
export interface ModelCallsOwner {
  /** The first token of the last step is out. */
  firstToken(client: number, atMs: number): void
  answered(client: number, atMs: number): void
  /** Every try was rejected. */
  refused(client: number, atMs: number): void
}

/** Streamed tokens reach the event loop in pieces worth this much CPU, in at most so many pieces a call. */
const relayGrainMs = 2
const mostRelays = 32

interface Endpoint {
  readonly model: Model
  readonly quota: Quota | undefined
  readonly terms: readonly QuotaTerm[]
  readonly engine: EngineStation | undefined
  readonly inEngine: TimeAverage
  /** Bumped whenever the engine's next instant changes; older wake-ups are skipped. */
  generation: number
  wakeAtMs: number
}

/** The model calls of turns: quota and retries, then the model's own time or the engine's. */
export class ModelCalls {
  readonly endpoints: readonly Endpoint[]
  readonly #world: World
  readonly #workers: Workers
  readonly #owner: ModelCallsOwner
  readonly #modelOf: Int32Array
  readonly #demand: Demand = { inputTokens: 0, cachedTokens: 0, maxTokens: 0 }
  readonly #usage: Usage = { inputTokens: 0, cachedTokens: 0, outputTokens: 0, admittedAtMs: 0 }
  readonly #relaysTokens: boolean

  constructor(world: World, workers: Workers, owner: ModelCallsOwner) {
    const { workload, meter } = world
    this.#world = world
    this.#workers = workers
    this.#owner = owner
    this.#modelOf = Int32Array.from(workload.scenarios, (scenario) => scenario.model)
    this.#relaysTokens = workload.agent.overhead.cpuPerTokenMs > 0
    this.endpoints = workload.models.map((model, index) => ({
      model,
      quota: quotaOf(model),
      terms: model.quota ? termsOf(model.quota) : [],
      engine: model.engine && engineStation(model.engine, prefillPerOutput(workload, index)),
      inEngine: new TimeAverage(meter.window.fromMs, meter.window.toMs),
      generation: 0,
      wakeAtMs: Infinity,
    }))
  }

  /** Share in use of the fullest quota; undefined where no model has one. */
  quotaUsed(atMs: number): number | undefined {
    let used: number | undefined
    for (const { quota } of this.endpoints) if (quota) used = Math.max(used ?? 0, quota.level(atMs))
    return used
  }

  /** The next call of a turn, before any of its tries. */
  begin(client: number, atMs: number): void {
    const { clients, sessions, meter } = this.#world
    const session = clients.session[client]!
    const turn = clients.turn[client]!
    const step = clients.step[client]!
    clients.attempt[client] = 0
    clients.outputTokens[client] = sessions.tokens(session, turn, step)
    if (step === 1) clients.inputTokens[client] = sessions.inputTokens(session, turn, step)
    else clients.inputTokens[client]! += sessions.addedTokens(session, turn, step - 1)
    if (meter.isMeasured(atMs)) this.#countAsked(client)
    this.attempt(client, atMs)
  }

  /** One try: at once, or after the wait that the last rejection asked for. */
  attempt(client: number, atMs: number): void {
    const { clients, queue } = this.#world
    const endpoint = this.#endpointOf(client)
    clients.callSentAtMs[client] = atMs
    clients.callFirstAtMs[client] = NaN
    const waitMs = endpoint.quota ? endpoint.quota.admit(atMs, this.#demandOf(client, endpoint.model)) : 0
    if (waitMs > 0) {
      this.#rejected(client, atMs, waitMs)
      return
    }
    clients.spilled[client] = waitMs < 0 ? 1 : 0
    clients.enter(client, phases.model, atMs)
    this.#world.meter.callsInFlight.add(atMs, 1)
    if (endpoint.engine) {
      clients.callEndAtMs[client] = NaN
      endpoint.engine.arrive(atMs, client, clients.outputTokens[client]!, clients.inputTokens[client]!)
      this.#wake(this.#modelOf[clients.scenario[client]!]!, atMs)
      return
    }
    this.#plan(client, atMs)
    queue.push(clients.callEndAtMs[client]!, events.phaseEnd, client, clients.generation[client]!)
  }

  /** The call's time is over: settle, tell, go on. */
  finish(client: number, atMs: number): void {
    this.#close(client, atMs, this.#world.clients.outputTokens[client]!, 'completed')
    this.#owner.answered(client, atMs)
  }

  /** The caller is gone: what was made so far is settled. */
  cut(client: number, atMs: number): void {
    const endpoint = this.#endpointOf(client)
    const tokens = this.tokensSoFar(client, atMs)
    if (endpoint.engine) {
      endpoint.engine.leave(atMs, client)
      this.#wake(this.#modelOf[this.#world.clients.scenario[client]!]!, atMs)
    }
    this.#close(client, atMs, tokens, 'abandoned')
  }

  /** Output tokens of the call in flight that are out at `atMs`. */
  tokensSoFar(client: number, atMs: number): number {
    const { clients } = this.#world
    const engine = this.#endpointOf(client).engine
    if (engine) return Math.floor(engine.progress(atMs, client))
    const firstAtMs = clients.callFirstAtMs[client]!
    if (atMs < firstAtMs) return 0
    const rest = clients.outputTokens[client]! - 1
    const streamMs = clients.callEndAtMs[client]! - firstAtMs
    return 1 + (streamMs > 0 ? Math.floor(((atMs - firstAtMs) / streamMs) * rest) : rest)
  }

  /** The engine of a model has reached an instant at which something happens. */
  wakeEngine(model: number, atMs: number, generation: number): void {
    const endpoint = this.endpoints[model]!
    if (generation !== endpoint.generation) return
    endpoint.wakeAtMs = Infinity
    endpoint.engine!.advance(atMs, this.#engineDone, this.#engineFirst)
    this.#wake(model, atMs)
  }

  /** Tokens still to pass on when the call is over: the last one, unless it was the first one too. */
  lastTokens(client: number): number {
    const { clients } = this.#world
    return clients.isLastStep(client) && clients.outputTokens[client] === 1 ? 0 : 1
  }

  /** Tokens of the call that were not passed on while it streamed: an engine's pace is not known in advance. */
  unrelayedTokens(client: number): number {
    return this.#endpointOf(client).engine ? this.#relayedTokens(client) : 0
  }

  /** A piece of the stream costs the event loop its share, and the next piece is planned. */
  relay(client: number, atMs: number): void {
    const { clients, workload, queue } = this.#world
    if (clients.phase[client] !== phases.model || clients.relays[client] === 0) return
    const pieces = this.#relaysOf(client)
    const workMs = this.#relayedTokens(client) * workload.agent.overhead.cpuPerTokenMs
    this.#workers.burn(atMs, clients.worker[client]!, workMs / pieces)
    if (--clients.relays[client]! > 0) {
      const everyMs = (clients.callEndAtMs[client]! - clients.callFirstAtMs[client]!) / pieces
      queue.push(atMs + everyMs, events.relay, client, clients.generation[client]!)
    }
  }

  readonly #engineDone = (client: number, atMs: number): void => {
    this.#world.clients.callEndAtMs[client] = atMs
    this.finish(client, atMs)
  }

  readonly #engineFirst = (client: number, atMs: number): void => {
    const { clients } = this.#world
    clients.callFirstAtMs[client] = atMs
    if (clients.isLastStep(client)) this.#owner.firstToken(client, atMs)
  }

  /** What the call comes to at each limit of its quota. */
  #countAsked(client: number): void {
    const { clients, meter } = this.#world
    const { model, terms } = this.#endpointOf(client)
    if (terms.length === 0) return
    const demand = this.#demandOf(client, model)
    const usage = this.#usage
    usage.inputTokens = demand.inputTokens
    usage.cachedTokens = demand.cachedTokens
    usage.outputTokens = clients.outputTokens[client]!
    const asked = meter.asked[this.#modelOf[clients.scenario[client]!]!]!
    for (let i = 0; i < terms.length; i++) asked[i]! += settledBy(terms[i]!, demand, usage)
  }

  /** Draws the call's instants and plans what happens on the way. */
  #plan(client: number, atMs: number): void {
    const { clients, sessions, queue } = this.#world
    const session = clients.session[client]!
    const turn = clients.turn[client]!
    const step = clients.step[client]!
    const attempt = clients.attempt[client]!
    const firstAtMs = atMs + sessions.ttftMs(session, turn, step, attempt)
    const rest = clients.outputTokens[client]! - 1
    const streamMs = rest > 0 ? rest * sessions.perTokenMs(session, turn, step, attempt) : 0
    clients.callFirstAtMs[client] = firstAtMs
    clients.callEndAtMs[client] = firstAtMs + streamMs
    if (!this.#relaysTokens) return
    const generation = clients.generation[client]!
    if (clients.isLastStep(client)) queue.push(firstAtMs, events.firstToken, client, generation)
    const pieces = this.#relaysOf(client)
    clients.relays[client] = pieces
    if (pieces > 0) queue.push(firstAtMs + streamMs / pieces / 2, events.relay, client, generation)
  }

  /** Tokens that are passed on between the first one that the user sees and the last. */
  #relayedTokens(client: number): number {
    const { clients } = this.#world
    return Math.max(0, clients.outputTokens[client]! - (clients.isLastStep(client) ? 2 : 1))
  }

  /** Pieces in which they reach the event loop while the call streams. */
  #relaysOf(client: number): number {
    const workMs = this.#relayedTokens(client) * this.#world.workload.agent.overhead.cpuPerTokenMs
    return workMs > 0 ? Math.min(mostRelays, Math.ceil(workMs / relayGrainMs)) : 0
  }

  #rejected(client: number, atMs: number, waitMs: number): void {
    const { clients, sessions, workload, queue } = this.#world
    this.#tell(client, atMs, 0, 'rejected')
    const attempt = clients.attempt[client]!
    const uniform = sessions.uniform(
      clients.session[client]!,
      clients.turn[client]!,
      clients.step[client]!,
      attempt,
      purposes.retry,
    )
    const delayMs = retryDelayMs(workload.agent.retries, attempt, waitMs, uniform)
    if (delayMs === undefined) {
      this.#owner.refused(client, atMs)
      return
    }
    clients.attempt[client] = attempt + 1
    clients.enter(client, phases.retry, atMs)
    queue.push(atMs + delayMs, events.phaseEnd, client, clients.generation[client]!)
  }

  #close(client: number, atMs: number, tokens: number, outcome: Outcome): void {
    const { clients, meter } = this.#world
    const endpoint = this.#endpointOf(client)
    meter.callsInFlight.add(atMs, -1)
    if (endpoint.quota && clients.spilled[client] === 0) {
      const demand = this.#demandOf(client, endpoint.model)
      this.#usage.inputTokens = demand.inputTokens
      this.#usage.cachedTokens = demand.cachedTokens
      this.#usage.outputTokens = tokens
      this.#usage.admittedAtMs = clients.callSentAtMs[client]!
      endpoint.quota.settle(atMs, demand, this.#usage)
    }
    this.#tell(client, atMs, tokens, outcome)
  }

  #tell(client: number, atMs: number, tokens: number, outcome: Outcome): void {
    const { clients, meter } = this.#world
    const endpoint = this.#endpointOf(client)
    const record = meter.call
    record.kind = 'model'
    record.service = this.#modelOf[clients.scenario[client]!]!
    record.session = clients.session[client]!
    record.turn = clients.turn[client]!
    record.step = clients.step[client]!
    record.attempt = clients.attempt[client]!
    record.sentAtMs = clients.callSentAtMs[client]!
    const firstAtMs = clients.callFirstAtMs[client]!
    record.firstTokenAtMs = firstAtMs <= atMs ? firstAtMs : NaN
    record.endedAtMs = atMs
    record.inputTokens = clients.inputTokens[client]!
    record.cachedTokens = record.inputTokens * endpoint.model.cached
    record.outputTokens = tokens
    record.maxTokens = endpoint.model.maxTokens ?? NaN
    record.depth = clients.depth[client]!
    record.outcome = outcome
    record.errorKind =
      outcome === 'completed' ? 'none' : outcome === 'rejected' ? 'rate_limited' : 'abandoned'
    record.status = outcome === 'rejected' ? 429 : 200
    record.joinedBy = 'id'
    meter.tellCall()
  }

  #endpointOf(client: number): Endpoint {
    return this.endpoints[this.#modelOf[this.#world.clients.scenario[client]!]!]!
  }

  #demandOf(client: number, model: Model): Demand {
    const demand = this.#demand
    demand.inputTokens = this.#world.clients.inputTokens[client]!
    demand.cachedTokens = demand.inputTokens * model.cached
    demand.maxTokens = model.maxTokens ?? 0
    return demand
  }

  /** Sees to it that the engine is looked at when something next happens there. */
  #wake(model: number, atMs: number): void {
    const endpoint = this.endpoints[model]!
    endpoint.inEngine.set(atMs, endpoint.engine!.inService)
    const nextAtMs = endpoint.engine!.nextAtMs()
    if (nextAtMs === endpoint.wakeAtMs) return
    endpoint.wakeAtMs = nextAtMs
    this.#world.queue.push(nextAtMs, events.engineStation, model, ++endpoint.generation)
  }
}
