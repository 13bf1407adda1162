import type { TurnRecord } from '../result/records.ts'
import { type Alarm } from './edge/run-clock.ts'
import { type EndedTurn, type TurnContext, runTurn } from './run-turn.ts'
import { type Shape, arrivalMs, durationMs, peakLevel, spansOfUser } from './stages.ts'

/** The users of a run, from the first to the last. */
export interface Population {
  /** No new turns from now on; those in flight go on. */
  stop(): void
  /** Resolves when nobody is left and no turn is in flight. Rejects on a bug. */
  readonly gone: Promise<void>
  readonly sessions: { started: number; ended: number }
}

export interface TurnEvents {
  started(): void
  ended(turn: EndedTurn): void
}

/** Lets users come and go as `shape` says, until its end or `stop`. */
export function startPopulation(context: TurnContext, shape: Shape, events: TurnEvents): Population {
  const { clock, sessions, workload } = context
  const endMs = durationMs(shape)
  const sleepers = new Map<(on: boolean) => void, Alarm>()
  const counts = { started: 0, ended: 0 }
  let stopped = false

  /** True at the instant; false as soon as the run is over before it. */
  function until(atMs: number): Promise<boolean> {
    if (stopped || !(atMs < endMs)) return Promise.resolve(false)
    return new Promise((resolve) => {
      const wake = (on: boolean): void => {
        sleepers.delete(wake)
        resolve(on)
      }
      sleepers.set(
        wake,
        clock.at(atMs, () => wake(true)),
      )
    })
  }

  function stop(): void {
    stopped = true
    for (const [wake, alarm] of sleepers) {
      alarm.cancel()
      wake(false)
    }
  }

  /** Plays a session and answers when it ended; undefined when the run or the user's time was over before. */
  async function playSession(session: number, startMs: number, untilMs: number): Promise<number | undefined> {
    const turns = sessions.turns(session)
    let intendedAtMs = startMs
    for (let turn = 0; ; turn++) {
      if (intendedAtMs >= untilMs || !(await until(intendedAtMs)) || stopped) return undefined
      if (turn === 0) counts.started++
      const record = await playTurn(session, turn, intendedAtMs, turn === turns - 1)
      if (record.errorKind === 'cut') return undefined
      const left = record.outcome === 'abandoned' && workload.users.patience?.then === 'leave'
      if (left || turn === turns - 1) {
        counts.ended++
        return record.endedAtMs
      }
      intendedAtMs = record.endedAtMs + sessions.thinkMs(session, turn + 1)
    }
  }

  async function playTurn(
    session: number,
    turn: number,
    intendedAtMs: number,
    last: boolean,
  ): Promise<TurnRecord> {
    events.started()
    const ended = await runTurn(context, { session, turn, intendedAtMs, last })
    events.ended(ended)
    return ended.record
  }

  /** Closed load: user u has the sessions u, u + users, u + 2 users, ... and waits for each answer. */
  async function playUser(user: number, users: number): Promise<void> {
    let session = user
    for (const { fromMs, untilMs } of spansOfUser(shape, user)) {
      // The first session begins in the middle of a think time, so that users do not arrive all at once.
      let startMs = fromMs + (session === user ? sessions.startMs(session) : 0)
      for (;;) {
        const endedMs = await playSession(session, startMs, untilMs)
        session += users
        if (endedMs === undefined) break
        startMs = endedMs + sessions.thinkMs(session, 0)
      }
    }
  }

  /** Open load: sessions start at absolute instants, whatever happens to the others. */
  async function playArrivals(): Promise<void> {
    const playing = new Set<Promise<unknown>>()
    for (let session = 0; ; session++) {
      const startMs = arrivalMs(shape, sessions.unitArrival(session))
      if (!(await until(startMs))) break
      const play = guard(playSession(session, startMs, Infinity))
      playing.add(play)
      void play.finally(() => playing.delete(play))
    }
    await Promise.all(playing)
  }

  let bug: { error: unknown } | undefined
  /** A bug in one user's turn ends the run instead of that user only. */
  async function guard(work: Promise<unknown>): Promise<void> {
    try {
      await work
    } catch (error) {
      bug ??= { error }
      stop()
    }
  }

  async function playAll(): Promise<void> {
    const level = peakLevel(shape)
    if ('users' in level)
      await Promise.all(Array.from({ length: level.users }, (_, user) => guard(playUser(user, level.users))))
    else await guard(playArrivals())
    if (bug) throw bug.error
  }

  return { stop, gone: playAll(), sessions: counts }
}
