import { EndingWatch } from './ending-watch.ts'
import type { TurnRecord } from '../result/records.ts'
import { type CrewNews, type CrewPart, everybody } from './crew.ts'
import { type Alarm, sleep } from './edge/run-clock.ts'
import { onAbort } from './many-listeners.ts'
import { type EndedTurn, type TurnContext, type TurnPlan, runTurn } from './run-turn.ts'
import { requestWithin } from './request-within.ts'
import { playScript } from './script/play-script.ts'
import { scriptFailure } from './script/script-failure.ts'
import type { Script } from './script/script.ts'
import type { Player } from './script/scripted-session.ts'
import { type Shape, arrivalMs, durationMs, peakLevel, spansOfUser } from './stages.ts'

/** The users of a run, from the first to the last. */
export interface Population {
  /** No new turns from now on; those in flight go on. */
  stop(): void
  /** Resolves when nobody is left and no turn is in flight. Rejects on a bug. */
  readonly gone: Promise<void>
}

/** Scripts whose turns were cut have so long for what comes after them; wall time. */
const scriptGraceMs = 500

/** Lets users come and go as `shape` says, until its end or `stop`. */
export function startPopulation(context: TurnContext, shape: Shape, events: CrewNews): Population {
  return new PlayedPopulation(context, shape, events)
}

class PlayedPopulation implements Population {
  readonly gone: Promise<void>
  readonly #context: TurnContext
  readonly #shape: Shape
  readonly #events: CrewNews
  readonly #endMs: number
  /** Users who wait for an instant; each is told true at it, or false when the run is over before. */
  readonly #sleepers = new Map<(on: boolean) => void, Alarm>()
  /** Sessions of scripts, each until it ended; once the run is over they are given up. */
  readonly #awaited = new Set<() => void>()
  #isStopped = false
  #bug: { readonly error: unknown } | undefined

  constructor(context: TurnContext, shape: Shape, events: CrewNews) {
    this.#context = context
    this.#shape = shape
    this.#events = events
    this.#endMs = durationMs(shape)
    if (context.scripts) onAbort(context.cut, () => void this.#giveUpScripts())
    this.gone = this.#playAll()
  }

  stop(): void {
    this.#isStopped = true
    for (const [wake, alarm] of this.#sleepers) {
      alarm.cancel()
      wake(false)
    }
  }

  async #playAll(): Promise<void> {
    const level = peakLevel(this.#shape)
    const { part = everybody } = this.#context
    if ('users' in level) {
      const users = usersOf(part, level.users)
      await Promise.all(users.map((user) => this.#guard(this.#playUser(user, level.users))))
    } else await this.#guard(this.#playArrivals())
    if (this.#bug) throw this.#bug.error
  }

  /** A bug in one user's turn ends the run instead of that user only. */
  async #guard(work: Promise<unknown>): Promise<void> {
    try {
      await work
    } catch (error) {
      this.#bug ??= { error }
      this.stop()
    }
  }

  /** Closed load: user u has the sessions u, u + users, u + 2 users, ... and waits for each answer. */
  async #playUser(user: number, users: number): Promise<void> {
    const { sessions } = this.#context
    let session = user
    let iteration = 0
    for (const { fromMs, untilMs } of spansOfUser(this.#shape, user)) {
      // The first session begins in the middle of a think time, so that users do not arrive all at once.
      let startMs = fromMs + (session === user ? sessions.startMs(session) : 0)
      for (;;) {
        const endedMs = await this.#playSession({ session, user, iteration: iteration++ }, startMs, untilMs)
        session += users
        if (endedMs === undefined) break
        startMs = endedMs + sessions.thinkMs(session, 0)
      }
    }
  }

  /** Open load: sessions start at absolute instants, whatever happens to the others. */
  async #playArrivals(): Promise<void> {
    const { clock, sessions, maxUsers = Infinity, part = everybody } = this.#context
    const playing = new Set<Promise<unknown>>()
    const most = partOf(part, maxUsers)
    for (let session = part.index; ; session += part.of) {
      const startMs = arrivalMs(this.#shape, sessions.unitArrival(session))
      if (!(await this.#until(startMs))) break
      if (playing.size >= most) {
        this.#events.sessionTurnedAway(clock.now())
        continue
      }
      const player = { session, user: session, iteration: 0 }
      const play = this.#guard(this.#playSession(player, startMs, Infinity))
      playing.add(play)
      void play.finally(() => playing.delete(play))
    }
    await Promise.all(playing)
  }

  /** Plays a session and answers when it ended; undefined when the run or the user's time was over before. */
  async #playSession(player: Player, startMs: number, untilMs: number): Promise<number | undefined> {
    const { session } = player
    const { clock, sessions, workload, scripts } = this.#context
    const scenario = sessions.scenario(session)
    const script = scripts?.[scenario]
    if (script) return this.#playScripted(script, player, startMs, untilMs)
    const turns = sessions.turns(session)
    let intendedAtMs = startMs
    let firstSentAtMs = NaN
    const watch = new EndingWatch(workload.scenarios[scenario]!.expect)
    for (let turn = 0; ; turn++) {
      if (intendedAtMs >= untilMs || !(await this.#until(intendedAtMs)) || this.#isStopped) return undefined
      if (turn === 0) {
        intendedAtMs = await this.#whenReady(session, intendedAtMs)
        if (this.#isStopped) return undefined
        this.#events.sessionStarted(clock.now())
      }
      const last = turn === turns - 1
      const { record, said } = await this.#playTurn({ session, turn, intendedAtMs, last })
      watch.answered(said)
      if (record.errorKind === 'cut') return undefined
      const { endedAtMs } = record
      if (turn === 0) firstSentAtMs = record.sentAtMs
      const left = this.#leaves(record)
      if (left || watch.isEscalated || last) {
        this.#events.sessionEnded(endedAtMs, {
          scenario,
          durationMs: endedAtMs - firstSentAtMs,
          turns: turn + 1,
          completed: !left,
          ...watch.ending(left),
        })
        return endedAtMs
      }
      intendedAtMs = endedAtMs + sessions.thinkMs(session, turn + 1)
    }
  }

  /** As `#playSession`, where a script says what the user does. */
  async #playScripted(
    script: Script,
    player: Player,
    startMs: number,
    untilMs: number,
  ): Promise<number | undefined> {
    const { session } = player
    const { clock, driver, sessions, workload } = this.#context
    const scenario = sessions.scenario(session)
    if (startMs >= untilMs || !(await this.#until(startMs)) || this.#isStopped) return undefined
    await this.#whenReady(session, startMs)
    if (this.#isStopped) return undefined
    this.#events.sessionStarted(clock.now())
    let left = false
    const watch = new EndingWatch(workload.scenarios[scenario]!.expect)
    let [firstSentAtMs, lastEndedAtMs] = [NaN, NaN]
    const { whole, stuck, nextTurn, thrown } = await playScript(script, player, {
      sessions,
      scenarioName: workload.scenarios[scenario]!.name,
      now: () => clock.now(),
      until: async (atMs) => atMs < untilMs && (await this.#until(atMs)) && !this.#isStopped,
      isOver: () => this.#isStopped || clock.now() >= Math.min(untilMs, this.#endMs),
      onGivenUp: (tell) => this.#onGivenUp(tell),
      say: async (plan) => {
        const ended = await this.#playTurn({ ...plan, session, last: false })
        left = this.#leaves(ended.record)
        watch.answered(ended.said)
        lastEndedAtMs = ended.record.endedAtMs
        if (plan.turn === 0) firstSentAtMs = ended.record.sentAtMs
        return { ended, left }
      },
      request: requestWithin(this.#context),
      sampled: (sample) => this.#events.sampled(sample),
    })
    driver.leave(session)
    if (stuck)
      this.#events.remarked(
        `${script.name}: a session still awaited something of its own when the run was over`,
      )
    thrown.forEach((error, i) => this.#threw(session, nextTurn + i, scriptFailure(script, error)))
    if (!whole && !left) return undefined
    const endedAtMs = clock.now()
    this.#events.sessionEnded(endedAtMs, {
      scenario,
      durationMs: Number.isNaN(lastEndedAtMs) ? 0 : lastEndedAtMs - firstSentAtMs,
      turns: nextTurn,
      completed: !left && thrown.length === 0,
      ...watch.ending(left),
    })
    return endedAtMs
  }

  async #playTurn(plan: TurnPlan): Promise<EndedTurn> {
    const { mayBegin } = this.#context
    if (mayBegin && !mayBegin()) {
      this.stop()
      return this.#neverSent(plan)
    }
    this.#events.started()
    const ended = await runTurn(this.#context, plan)
    this.#events.ended(ended)
    return ended
  }

  /** True at the instant; false as soon as the run is over before it. */
  #until(atMs: number): Promise<boolean> {
    const { clock } = this.#context
    if (this.#isStopped || !(atMs < this.#endMs)) return Promise.resolve(false)
    if (atMs <= clock.now()) return Promise.resolve(true)
    return new Promise((resolve) => {
      const wake = (on: boolean): void => {
        this.#sleepers.delete(wake)
        resolve(on)
      }
      this.#sleepers.set(
        wake,
        clock.at(atMs, () => wake(true)),
      )
    })
  }

  /** The instant from which on the user can write: what comes before the first message is no part of its turn. */
  async #whenReady(session: number, atMs: number): Promise<number> {
    const { clock, cut, driver } = this.#context
    if (!driver.ready) return atMs
    await driver.ready(session, cut)
    return clock.now()
  }

  #leaves({ outcome }: TurnRecord): boolean {
    return outcome === 'abandoned' && this.#context.workload.users.patience?.then === 'leave'
  }

  /** A turn that a limit forbade: as one that the end of the run cut, but nobody is told of it. */
  #neverSent({ session, turn, intendedAtMs }: TurnPlan): EndedTurn {
    const at = { session, turn, intendedAtMs, sentAtMs: this.#context.clock.now() }
    const record = this.#unsentTurn(at, { outcome: 'abandoned', errorKind: 'cut' })
    return { record, message: undefined, usage: undefined }
  }

  /** What a script threw is a turn of its own that failed: what it would have said was never sent. */
  #threw(session: number, turn: number, message: string): void {
    const atMs = this.#context.clock.now()
    const at = { session, turn, intendedAtMs: atMs, sentAtMs: atMs }
    const record = this.#unsentTurn(at, { outcome: 'failed', errorKind: 'script' })
    this.#events.started()
    this.#events.ended({ record, message, usage: undefined })
  }

  /** The record of a turn that ended at the instant at which it would have been sent. */
  #unsentTurn(
    at: Pick<TurnRecord, 'session' | 'turn' | 'intendedAtMs' | 'sentAtMs'>,
    end: Pick<TurnRecord, 'outcome' | 'errorKind'>,
  ): TurnRecord {
    const scenario = this.#context.sessions.scenario(at.session)
    const nothing = { firstTokenAtMs: NaN, endedAtMs: at.sentAtMs, tokens: 0, status: 0 }
    return { kind: 'turn', ...at, scenario, ...nothing, ...end }
  }

  async #giveUpScripts(): Promise<void> {
    await sleep(this.#context.clock, scriptGraceMs)
    this.#awaited.forEach((tell) => tell())
  }

  #onGivenUp(tell: () => void): () => void {
    this.#awaited.add(tell)
    return () => void this.#awaited.delete(tell)
  }
}

/** The users that a part of the crew plays. */
function usersOf({ index, of }: CrewPart, users: number): number[] {
  return Array.from({ length: partOf({ index, of }, users) }, (_, i) => index + i * of)
}

/** How many of so many a part of the crew has. */
function partOf({ index, of }: CrewPart, count: number): number {
  return Math.ceil((count - index) / of)
}
