import type { Deadlines } from '../clock/deadlines.ts'
import type { Outcome } from '../result/records.ts'
import type { Distribution } from '../stats/distribution.ts'
import type { Level } from '../workload/level.ts'
import type { Agent } from './agent.ts'
import { events } from './events.ts'
import { planDeadlines, type World } from './world.ts'

/**
 * The users: they send, wait as long as their patience lasts, think and go on. Closed load: user u has sessions
 * u, u + N, u + 2N, ... without end. Open load: every session is somebody new who leaves after it.
 */
export class Users {
  readonly #world: World
  readonly #agent: Agent
  readonly #level: Level
  readonly #patience: Deadlines | undefined
  /** Messages that are thought about. */
  readonly #sends: Deadlines
  #arrivals = 0

  constructor(world: World, agent: Agent, level: Level) {
    this.#world = world
    this.#agent = agent
    this.#level = level
    const { clients, workload } = world
    const { patience, think } = workload.users
    const planned = (kind: number, waitMs: Distribution): Deadlines =>
      planDeadlines(world, kind, waitMs.quantile(0.5), () => clients.generation)
    this.#sends = planned(events.send, think)
    if (patience) this.#patience = planned(events.patience, patience.after)
  }

  /** Plans everyone's first message. */
  begin(): void {
    if ('sessionsPerSecond' in this.#level) {
      this.#planArrival()
      return
    }
    const { clients, sessions, meter } = this.#world
    for (let user = 0; user < this.#level.users; user++) {
      const client = clients.take()
      this.#beginSession(client, user)
      this.#planSend(client, sessions.startMs(user))
    }
    meter.users = this.#level.users
  }

  /** A new session arrives and sends its first message. */
  arrive(atMs: number): void {
    const { clients, meter } = this.#world
    const client = clients.take()
    this.#beginSession(client, this.#arrivals++)
    meter.users++
    clients.intendedAtMs[client] = atMs
    this.#planArrival()
    this.send(client, atMs)
  }

  send(client: number, atMs: number): void {
    const { clients, sessions, meter } = this.#world
    const session = clients.session[client]!
    const turn = clients.turn[client]!
    if (turn === 0) meter.sessionStarted(atMs)
    clients.sentAtMs[client] = atMs
    clients.firstSeenAtMs[client] = NaN
    clients.clearParts(client)
    meter.turnStarted(atMs)
    this.#patience?.plan(atMs + sessions.patienceMs(session, turn), client, clients.generation[client]!)
    this.#agent.arrive(client, atMs)
  }

  /** Patience is over: for the whole answer, or only if not a word of it has come. */
  loseHeart(client: number, atMs: number): void {
    if (this.#world.workload.users.patience!.of === 'firstToken' && this.#agent.firstSeenBy(client, atMs))
      return
    this.#agent.stop(client, atMs, 'abandoned')
  }

  turnEnded(client: number, atMs: number, outcome: Outcome): void {
    const { clients, sessions, workload, meter } = this.#world
    const leaves = outcome === 'abandoned' && workload.users.patience!.then === 'leave'
    const turn = clients.turn[client]! + 1
    if (!leaves && turn < clients.turns[client]!) {
      clients.turn[client] = turn
      this.#planSend(client, atMs + sessions.thinkMs(clients.session[client]!, turn))
      return
    }
    meter.sessionEnded(atMs)
    if ('sessionsPerSecond' in this.#level) {
      meter.users--
      clients.giveBack(client)
      return
    }
    const session = clients.session[client]! + this.#level.users
    this.#beginSession(client, session)
    this.#planSend(client, atMs + sessions.thinkMs(session, 0))
  }

  #planSend(client: number, atMs: number): void {
    const { clients } = this.#world
    clients.intendedAtMs[client] = atMs
    this.#sends.plan(atMs, client, clients.generation[client]!)
  }

  #beginSession(client: number, session: number): void {
    const { clients, sessions } = this.#world
    clients.session[client] = session
    clients.scenario[client] = sessions.scenario(session)
    clients.turn[client] = 0
    clients.turns[client] = sessions.turns(session)
  }

  #planArrival(): void {
    this.#world.queue.push(this.#world.sessions.startMs(this.#arrivals), events.arrival, 0, 0)
  }
}
