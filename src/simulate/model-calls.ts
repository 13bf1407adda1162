import type { Deadlines } from '../clock/deadlines.ts'
import { refusedByBreaker } from '../service/breaker.ts'
import type { Demand, Usage } from '../service/quota.ts'
import { retryDelayMs } from '../service/retry.ts'
import type { ErrorKind, Outcome } from '../result/records.ts'
import { uniformOf } from '../sessions/uniform.ts'
import type { Model } from '../workload/workload.ts'
import type { Breakers } from './breakers.ts'
import { phases } from './clients.ts'
import { ConnectionPool } from './connections.ts'
import { type Endpoint, endpointsOf } from './endpoint.ts'
import { events, purposes } from './events.ts'
import { LiveOutput } from './live-output.ts'
import { Relays } from './relays.ts'
import { TimeAverage } from './time-average.ts'
import type { Workers } from './workers.ts'
import { loopDraws, planDeadlines, type World } from './world.ts'

/** Who hears what became of a loop's model call. */
export interface ModelCallsOwner {
  /** The first token for the user is out. */
  firstToken(client: number): void
  answered(client: number): void
  /** There is no answer, and no further try; `tokens` of one had come. */
  unanswered(client: number, kind: ErrorKind, tokens: number): void
}

/** The model calls of loops: breaker, connection, quota, retries and fallback, then the model's own time or the engine's. */
export class ModelCalls {
  readonly endpoints: readonly Endpoint[]
  readonly relays: Relays
  readonly #live: LiveOutput
  readonly connections: ConnectionPool | undefined
  readonly #world: World
  readonly #owner: ModelCallsOwner
  readonly #breakers: Breakers | undefined
  readonly #limitMs: number
  /** Of calls that engines serve, whose end is not known when they are sent. */
  readonly #limits: Deadlines | undefined
  readonly #demand: Demand = { inputTokens: NaN, cachedTokens: NaN, maxTokens: NaN }
  readonly #usage: Usage = {
    inputTokens: NaN,
    cachedTokens: NaN,
    outputTokens: NaN,
    admittedAtMs: NaN,
    generatedTokens: NaN,
  }

  constructor(world: World, workers: Workers, breakers: Breakers | undefined, owner: ModelCallsOwner) {
    const { workload, meter, clients, queue } = world
    const { agent } = workload
    this.#world = world
    this.#owner = owner
    this.#breakers = breakers
    this.#limitMs = agent.limits.callMs ?? Infinity
    this.relays = new Relays(world, workers)
    this.#live = new LiveOutput(world)
    this.endpoints = endpointsOf(queue, workload, meter.window)
    if (this.#limitMs < Infinity && this.endpoints.some(({ engine }) => engine))
      this.#limits = planDeadlines(world, events.callLimit, this.#limitMs, () => clients.generation)
    const size = agent.connections?.model ?? Infinity
    if (size < Infinity)
      this.connections = new ConnectionPool(
        size,
        workers.count,
        new TimeAverage(queue, meter.window),
        () => clients.generation,
        (client) => this.#send(client),
      )
  }

  /** The next call of a loop, before any of its tries. */
  begin(client: number): void {
    const { clients } = this.#world
    const draws = loopDraws(this.#world, client)
    const session = clients.session[client]!
    const lane = clients.lane[client]!
    const step = clients.step[client]!
    if (step === 1) clients.inputTokens[client] = draws.inputTokens(session, lane, step)
    else
      clients.inputTokens[client]! +=
        clients.drawnTokens[client]! + draws.resultTokens(session, lane, step - 1, clients.tool[client])
    const tokens = draws.tokens(session, lane, step)
    clients.drawnTokens[client] = tokens
    clients.outputTokens[client] = tokens
    this.#ask(client, clients.asks[client]!)
  }

  /** One try: at once, or after the wait that the last one ended with. */
  attempt(client: number): void {
    const { clients } = this.#world
    const worker = clients.worker[client]!
    if (this.#breakers) {
      const ticket = this.#breakers.admit(clients.model[client]!, worker)
      if (ticket === refusedByBreaker) {
        this.#giveUp(client, 'circuit_open')
        return
      }
      clients.ticket[client] = ticket
    }
    if (this.connections?.take(worker, client) === false) clients.enter(client, phases.connection)
    else this.#send(client)
  }

  /** The call's time is over, or its limit is reached: settle, tell, go on. */
  finish(client: number): void {
    const { clients, queue } = this.#world
    if (queue.atMs < clients.callEndAtMs[client]!) {
      this.#timeOut(client)
      return
    }
    this.#close(client, clients.outputTokens[client]!, 'completed', 'none')
    this.#owner.answered(client)
  }

  /** The limit on a call that an engine serves; a later call of the same turn is not meant. */
  limit(client: number): void {
    const { clients, queue } = this.#world
    const inFlight = clients.phase[client] === phases.model && Number.isNaN(clients.callEndAtMs[client]!)
    if (inFlight && clients.callSentAtMs[client]! + this.#limitMs === queue.atMs) this.#timeOut(client)
  }

  /** The caller is gone: what was made so far is settled. */
  cut(client: number): void {
    const { clients } = this.#world
    if (clients.phase[client] === phases.connection) this.#dropTicket(client)
    if (clients.phase[client] !== phases.model) return
    const tokens = this.tokensSoFar(client)
    this.#leaveEngine(client)
    this.#close(client, tokens, 'abandoned', 'abandoned')
  }

  /** Output tokens of the call in flight that are out by now. */
  tokensSoFar(client: number): number {
    const { clients, queue } = this.#world
    const { atMs } = queue
    const engine = this.#endpointOf(client).engine
    if (engine) return Math.floor(engine.at(atMs).progress(client))
    const firstAtMs = clients.callFirstAtMs[client]!
    if (atMs < firstAtMs) return 0
    const rest = clients.outputTokens[client]! - 1
    const streamMs = clients.callEndAtMs[client]! - firstAtMs
    return 1 + (streamMs > 0 ? Math.floor(((atMs - firstAtMs) / streamMs) * rest) : rest)
  }

  /** The engine of a model has reached an instant at which something happens. */
  wakeEngine(model: number, generation: number): void {
    const endpoint = this.endpoints[model]!
    if (generation !== endpoint.generation) return
    endpoint.wakeAtMs = Infinity
    endpoint.engine!.at(this.#world.queue.atMs).advance(this.#engineDone, this.#engineFirst)
    this.#wake(model)
  }

  /** Tokens of the call that were not passed on while it streamed: an engine's pace is not known in advance. */
  unrelayedTokens(client: number): number {
    return this.#endpointOf(client).engine ? this.relays.relayedTokens(client) : 0
  }

  readonly #engineDone = (client: number): void => {
    const { clients, queue } = this.#world
    clients.callEndAtMs[client] = queue.atMs
    this.finish(client)
  }

  readonly #engineFirst = (client: number): void => {
    const { clients, queue } = this.#world
    clients.callFirstAtMs[client] = queue.atMs
    if (clients.answersUser(client)) this.#owner.firstToken(client)
  }

  /** The first try at a model. */
  #ask(client: number, model: number): void {
    const { clients, meter } = this.#world
    clients.model[client] = model
    clients.attempt[client] = 0
    if (meter.isMeasuring) this.#countAsked(client)
    this.attempt(client)
  }

  #send(client: number): void {
    const { clients, queue, meter } = this.#world
    const endpoint = this.#endpointOf(client)
    const { atMs } = queue
    clients.callSentAtMs[client] = atMs
    clients.callFirstAtMs[client] = NaN
    const waitMs = endpoint.quota?.at(atMs).admit(this.#demandOf(client, endpoint.model)) ?? 0
    if (waitMs > 0) {
      clients.waitMs[client] = waitMs
      this.#reject(client)
      return
    }
    clients.spilled[client] = waitMs < 0 ? 1 : 0
    clients.enter(client, phases.model)
    meter.callStarted()
    if (endpoint.engine) {
      clients.callEndAtMs[client] = NaN
      endpoint.engine.at(atMs).arrive(client, clients.outputTokens[client]!, clients.inputTokens[client])
      this.#wake(clients.model[client]!)
      this.#limits?.at(atMs + this.#limitMs).plan(client, clients.generation[client]!)
      return
    }
    this.#plan(client)
    const endAtMs = Math.min(clients.callEndAtMs[client]!, atMs + this.#limitMs)
    if (endpoint.stopsLive && clients.spilled[client] === 0) this.#live.plan(client, endAtMs)
    else queue.at(endAtMs).push(events.phaseEnd, client, clients.generation[client]!)
  }

  /** What the call comes to at each limit of its quota. */
  #countAsked(client: number): void {
    const { clients, meter } = this.#world
    const { model, settlements } = this.#endpointOf(client)
    if (settlements.length === 0) return
    const demand = this.#demandOf(client, model)
    const usage = this.#usage
    usage.inputTokens = demand.inputTokens
    usage.cachedTokens = demand.cachedTokens
    usage.outputTokens = clients.outputTokens[client]!
    const asked = meter.asked[clients.model[client]!]!
    for (let i = 0; i < settlements.length; i++) asked[i]! += settlements[i]!(demand, usage)
  }

  /** Draws the call's instants and plans what happens on the way. */
  #plan(client: number): void {
    const { clients, durations, queue } = this.#world
    const session = clients.session[client]!
    const lane = clients.lane[client]!
    const step = clients.step[client]!
    const attempt = clients.attempt[client]!
    const model = clients.model[client]!
    const { callFirstAtMs, callEndAtMs } = clients
    const { ttfts, perTokens } = model === clients.asks[client] ? durations : durations.elsewhere
    ttfts[model]!.write(callFirstAtMs, client, session, lane, step, attempt)
    callFirstAtMs[client]! += queue.atMs
    const rest = clients.outputTokens[client]! - 1
    callEndAtMs[client] = 0
    if (rest > 0) perTokens[model]!.write(callEndAtMs, client, session, lane, step, attempt)
    callEndAtMs[client] = callFirstAtMs[client]! + rest * callEndAtMs[client]
    // A call that is cut before its first token may be tried again, and must leave nothing behind.
    if (callFirstAtMs[client]! <= queue.atMs + this.#limitMs) this.relays.plan(client)
  }

  #reject(client: number): void {
    const { clients } = this.#world
    this.#tell(client, 0, 'rejected', 'rate_limited')
    this.#breakers?.failed(clients.model[client]!, clients.worker[client]!, clients.ticket[client]!)
    this.connections?.give(clients.worker[client]!)
    if (this.#endpointOf(client).model.fallback?.when === 'overQuota') this.#giveUp(client, 'rate_limited')
    else this.#tryAgain(client, 'rate_limited')
  }

  /** A call whose output is charged while it is made: it goes on, or stops midway. */
  lookAt(client: number): void {
    const { clients } = this.#world
    const endAtMs = Math.min(clients.callEndAtMs[client]!, clients.callSentAtMs[client]! + this.#limitMs)
    const made = this.tokensSoFar(client)
    if (this.#live.goesOn(client, endAtMs, made, this.#endpointOf(client).quota!)) return
    this.#close(client, made, 'failed', 'cut')
    this.#owner.unanswered(client, 'cut', made)
  }

  #timeOut(client: number): void {
    const { clients, counts, meter, queue } = this.#world
    const tokens = this.tokensSoFar(client)
    const begun = clients.callFirstAtMs[client]! <= queue.atMs
    this.#leaveEngine(client)
    if (meter.isMeasuring) counts.callsTimedOut[clients.model[client]!]!++
    this.#close(client, tokens, 'failed', 'timeout')
    clients.waitMs[client] = NaN
    // What the user has seen cannot be taken back, so a broken stream is not tried again.
    if (begun) this.#owner.unanswered(client, 'timeout', tokens)
    else this.#tryAgain(client, 'timeout')
  }

  /** After the wait that the call was told, its `waitMs`, if its client honours it. */
  #tryAgain(client: number, kind: ErrorKind): void {
    const { clients, uniforms, workload, queue } = this.#world
    const { session, lane, step, waitMs } = clients
    const attempt = clients.attempt[client]!
    const bits = uniforms.bitsAt(session[client]!, lane[client]!, step[client]!, attempt, purposes.retry)
    const delayMs = retryDelayMs(workload.agent.retries, attempt, waitMs[client]!, uniformOf(bits))
    if (delayMs === Infinity) {
      this.#giveUp(client, kind)
      return
    }
    clients.attempt[client] = attempt + 1
    clients.enter(client, phases.retry)
    queue.at(queue.atMs + delayMs).push(events.phaseEnd, client, clients.generation[client]!)
  }

  /** This model will not answer: another may. */
  #giveUp(client: number, kind: ErrorKind): void {
    const { clients, counts, meter } = this.#world
    const { fallback } = this.#endpointOf(client).model
    if (!fallback) {
      this.#owner.unanswered(client, kind, 0)
      return
    }
    if (meter.isMeasuring) counts.fellBack[clients.model[client]!]!++
    const { maxTokens = Infinity } = this.endpoints[fallback.to]!.model
    clients.outputTokens[client] = Math.min(clients.outputTokens[client]!, maxTokens)
    this.#ask(client, fallback.to)
  }

  #leaveEngine(client: number): void {
    const { engine } = this.#endpointOf(client)
    if (!engine) return
    engine.at(this.#world.queue.atMs).leave(client)
    this.#wake(this.#world.clients.model[client]!)
  }

  #close(client: number, tokens: number, outcome: Outcome, kind: ErrorKind): void {
    const { clients, meter, queue } = this.#world
    const endpoint = this.#endpointOf(client)
    meter.callEnded()
    if (endpoint.quota && clients.spilled[client] === 0) {
      const demand = this.#demandOf(client, endpoint.model)
      this.#usage.inputTokens = demand.inputTokens
      this.#usage.cachedTokens = demand.cachedTokens
      this.#usage.outputTokens = tokens
      this.#usage.admittedAtMs = clients.callSentAtMs[client]!
      this.#usage.generatedTokens = endpoint.stopsLive ? clients.generatedTokens[client]! : 0
      endpoint.quota.at(queue.atMs).settle(demand, this.#usage)
    }
    this.#tell(client, tokens, outcome, kind)
    if (this.#breakers) this.#resolveTicket(client, outcome)
    // Whoever gets the connection now goes on from here: this call's numbers are told already.
    this.connections?.give(clients.worker[client]!)
  }

  #resolveTicket(client: number, outcome: Outcome): void {
    const { clients } = this.#world
    const [model, worker, ticket] = [clients.model[client]!, clients.worker[client]!, clients.ticket[client]!]
    if (outcome === 'completed') this.#breakers!.succeeded(model, worker, ticket)
    else if (outcome === 'failed') this.#breakers!.failed(model, worker, ticket)
    else this.#dropTicket(client)
  }

  #dropTicket(client: number): void {
    const { clients } = this.#world
    this.#breakers?.dropped(clients.model[client]!, clients.worker[client]!, clients.ticket[client]!)
  }

  #tell(client: number, tokens: number, outcome: Outcome, kind: ErrorKind): void {
    const { clients, meter, queue } = this.#world
    const { maxTokens, model } = this.#endpointOf(client)
    const record = meter.call
    record.kind = 'model'
    record.service = clients.model[client]!
    record.session = clients.session[client]!
    record.turn = clients.turn[client]!
    record.step = clients.loop[client]! < 0 ? clients.step[client]! : 0
    record.attempt = clients.attempt[client]!
    record.sentAtMs = clients.callSentAtMs[client]!
    // A first token that was still to come never did.
    if (clients.callFirstAtMs[client]! > queue.atMs) clients.callFirstAtMs[client] = NaN
    record.firstTokenAtMs = clients.callFirstAtMs[client]!
    record.endedAtMs = queue.atMs
    record.inputTokens = clients.inputTokens[client]!
    record.cachedTokens = record.inputTokens * model.cached
    record.outputTokens = tokens
    record.maxTokens = maxTokens
    record.depth = clients.depth[client]!
    record.outcome = outcome
    record.errorKind = kind
    record.status = outcome === 'rejected' ? 429 : outcome === 'failed' ? 0 : 200
    record.joinedBy = 'id'
    meter.callAnswersUser = outcome === 'completed' && clients.answersUser(client)
    meter.tellCall()
  }

  #endpointOf(client: number): Endpoint {
    return this.endpoints[this.#world.clients.model[client]!]!
  }

  #demandOf(client: number, model: Model): Demand {
    const demand = this.#demand
    demand.inputTokens = this.#world.clients.inputTokens[client]!
    demand.cachedTokens = demand.inputTokens * model.cached
    demand.maxTokens = model.maxTokens ?? 0
    return demand
  }

  /** Sees to it that the engine is looked at when something next happens there. */
  #wake(model: number): void {
    const endpoint = this.endpoints[model]!
    endpoint.inEngine.set(endpoint.engine!.inService)
    const { nextAtMs } = endpoint.engine!
    if (nextAtMs === endpoint.wakeAtMs) return
    endpoint.wakeAtMs = nextAtMs
    this.#world.queue.at(nextAtMs).push(events.engineStation, model, ++endpoint.generation)
  }
}
