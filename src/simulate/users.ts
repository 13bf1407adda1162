import type { Deadlines } from '../clock/deadlines.ts'
import type { Outcome } from '../result/records.ts'
import { refusedPauseMs } from '../sessions/refused-pause.ts'
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
      clients.intendedAtMs[client] = sessions.startMs(user)
      this.#planSend(client)
    }
    meter.users.set(this.#level.users)
  }

  /** A new session arrives and sends its first message. */
  arrive(): void {
    const { clients, meter, queue } = this.#world
    const client = clients.take()
    this.#beginSession(client, this.#arrivals++)
    meter.users.add(1)
    clients.intendedAtMs[client] = queue.atMs
    this.#planArrival()
    this.send(client)
  }

  send(client: number): void {
    const { clients, sessions, meter, queue } = this.#world
    const { atMs } = queue
    const session = clients.session[client]!
    const turn = clients.turn[client]!
    if (turn === 0) meter.sessionStarted()
    clients.sentAtMs[client] = atMs
    clients.firstSeenAtMs[client] = NaN
    clients.clearParts(client)
    meter.turnStarted()
    this.#patience?.at(atMs + sessions.patienceMs(session, turn)).plan(client, clients.generation[client]!)
    this.#agent.arrive(client)
  }

  /** Patience is over: for the whole answer, or only if not a word of it has come. */
  loseHeart(client: number): void {
    if (this.#world.workload.users.patience!.of === 'firstToken' && this.#agent.hasSeen(client)) return
    this.#agent.stop(client, 'abandoned')
  }

  turnEnded(client: number, outcome: Outcome): void {
    const { clients, workload, meter } = this.#world
    const leaves = outcome === 'abandoned' && workload.users.patience!.then === 'leave'
    const turn = clients.turn[client]! + 1
    if (!leaves && turn < clients.turns[client]!) {
      clients.turn[client] = turn
      this.#think(client, outcome)
      return
    }
    meter.sessionEnded()
    if ('sessionsPerSecond' in this.#level) {
      meter.users.add(-1)
      clients.giveBack(client)
      return
    }
    const session = clients.session[client]! + this.#level.users
    this.#beginSession(client, session)
    this.#think(client, outcome)
  }

  /** The user thinks before the next turn, after one that ended so. */
  #think(client: number, outcome: Outcome): void {
    const { clients, durations, queue } = this.#world
    const { intendedAtMs, scenario, sentAtMs, session, turn } = clients
    durations.think(intendedAtMs, client, session[client]!, turn[client]!, scenario[client]!)
    const gotNowhere = outcome !== 'completed' && queue.atMs === sentAtMs[client]
    if (gotNowhere && intendedAtMs[client] === 0) intendedAtMs[client] = refusedPauseMs
    intendedAtMs[client]! += queue.atMs
    this.#planSend(client)
  }

  #planSend(client: number): void {
    const { clients } = this.#world
    this.#sends.at(clients.intendedAtMs[client]!).plan(client, clients.generation[client]!)
  }

  #beginSession(client: number, session: number): void {
    const { clients, sessions } = this.#world
    clients.session[client] = session
    clients.scenario[client] = sessions.scenario(session)
    clients.turn[client] = 0
    clients.turns[client] = sessions.turns(session)
  }

  #planArrival(): void {
    this.#world.queue.at(this.#world.sessions.startMs(this.#arrivals)).push(events.arrival, 0, 0)
  }
}
