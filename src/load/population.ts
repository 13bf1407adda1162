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
  const { clock, sessions, workload, part = everybody } = context
  const endMs = durationMs(shape)
  const sleepers = new Map<(on: boolean) => void, Alarm>()
  let stopped = false
  /** Sessions of scripts, each until it ended; once the run is over they are given up. */
  const awaited = new Set<() => void>()
  if (context.scripts)
    onAbort(context.cut, () => void sleep(clock, scriptGraceMs).then(() => awaited.forEach((tell) => tell())))

  /** True at the instant; false as soon as the run is over before it. */
  function until(atMs: number): Promise<boolean> {
    if (stopped || !(atMs < endMs)) return Promise.resolve(false)
    if (atMs <= clock.now()) return Promise.resolve(true)
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
  async function playSession(player: Player, startMs: number, untilMs: number): Promise<number | undefined> {
    const { session } = player
    const script = context.scripts?.[sessions.scenario(session)]
    if (script) return playScripted(script, player, startMs, untilMs)
    const turns = sessions.turns(session)
    const scenario = sessions.scenario(session)
    let intendedAtMs = startMs
    let firstSentAtMs = NaN
    const watch = new EndingWatch(workload.scenarios[scenario]!.expect)
    for (let turn = 0; ; turn++) {
      if (intendedAtMs >= untilMs || !(await until(intendedAtMs)) || stopped) return undefined
      if (turn === 0) {
        intendedAtMs = await whenReady(session, intendedAtMs)
        if (stopped) return undefined
        events.sessionStarted(clock.now())
      }
      const { record, said } = await playTurn({ session, turn, intendedAtMs, last: turn === turns - 1 })
      watch.answered(said)
      if (record.errorKind === 'cut') return undefined
      const { endedAtMs } = record
      if (turn === 0) firstSentAtMs = record.sentAtMs
      const left = leaves(record)
      if (left || watch.isEscalated || turn === turns - 1) {
        const durationMs = endedAtMs - firstSentAtMs
        events.sessionEnded(endedAtMs, {
          scenario,
          durationMs,
          turns: turn + 1,
          completed: !left,
          ...watch.ending(left),
        })
        return endedAtMs
      }
      intendedAtMs = endedAtMs + sessions.thinkMs(session, turn + 1)
    }
  }

  /** The instant from which on the user can write: what comes before the first message is no part of its turn. */
  async function whenReady(session: number, atMs: number): Promise<number> {
    const { ready } = context.driver
    if (!ready) return atMs
    await ready(session, context.cut)
    return clock.now()
  }

  const leaves = ({ outcome }: TurnRecord): boolean =>
    outcome === 'abandoned' && workload.users.patience?.then === 'leave'

  async function playTurn(plan: TurnPlan): Promise<EndedTurn> {
    if (context.mayBegin && !context.mayBegin()) {
      stop()
      return neverSent(plan)
    }
    events.started()
    const ended = await runTurn(context, plan)
    events.ended(ended)
    return ended
  }

  /** A turn that a limit forbade: as one that the end of the run cut, but nobody is told of it. */
  function neverSent({ session, turn, intendedAtMs }: TurnPlan): EndedTurn {
    const atMs = clock.now()
    const instants = { intendedAtMs, sentAtMs: atMs, firstTokenAtMs: NaN, endedAtMs: atMs }
    const scenario = sessions.scenario(session)
    const result = { outcome: 'abandoned', errorKind: 'cut', status: 0, tokens: 0 } as const
    const record: TurnRecord = { kind: 'turn', session, turn, scenario, ...instants, ...result }
    return { record, message: undefined, usage: undefined }
  }

  /** As `playSession`, where a script says what the user does. */
  async function playScripted(
    script: Script,
    player: Player,
    startMs: number,
    untilMs: number,
  ): Promise<number | undefined> {
    const { session } = player
    const scenario = sessions.scenario(session)
    if (startMs >= untilMs || !(await until(startMs)) || stopped) return undefined
    await whenReady(session, startMs)
    if (stopped) return undefined
    events.sessionStarted(clock.now())
    let left = false
    const watch = new EndingWatch(workload.scenarios[scenario]!.expect)
    let [firstSentAtMs, lastEndedAtMs] = [NaN, NaN]
    const { whole, stuck, nextTurn, thrown } = await playScript(script, player, {
      sessions,
      scenarioName: workload.scenarios[scenario]!.name,
      now: () => clock.now(),
      until: async (atMs) => atMs < untilMs && (await until(atMs)) && !stopped,
      isOver: () => stopped || clock.now() >= Math.min(untilMs, endMs),
      onGivenUp,
      async say(plan) {
        const ended = await playTurn({ ...plan, session, last: false })
        left = leaves(ended.record)
        watch.answered(ended.said)
        lastEndedAtMs = ended.record.endedAtMs
        if (plan.turn === 0) firstSentAtMs = ended.record.sentAtMs
        return { ended, left }
      },
      request: requestWithin(context),
      sampled: (sample) => events.sampled(sample),
    })
    context.driver.leave(session)
    if (stuck)
      events.remarked(`${script.name}: a session still awaited something of its own when the run was over`)
    thrown.forEach((error, i) => threw(session, nextTurn + i, scriptFailure(script, error)))
    if (!whole && !left) return undefined
    const endedAtMs = clock.now()
    const durationMs = Number.isNaN(lastEndedAtMs) ? 0 : lastEndedAtMs - firstSentAtMs
    events.sessionEnded(endedAtMs, {
      scenario,
      durationMs,
      turns: nextTurn,
      completed: !left && thrown.length === 0,
      ...watch.ending(left),
    })
    return endedAtMs
  }

  function onGivenUp(tell: () => void): () => void {
    awaited.add(tell)
    return () => void awaited.delete(tell)
  }

  /** What a script threw is a turn of its own that failed: what it would have said was never sent. */
  function threw(session: number, turn: number, message: string): void {
    const atMs = clock.now()
    events.started()
    events.ended({
      record: {
        kind: 'turn',
        session,
        turn,
        scenario: sessions.scenario(session),
        intendedAtMs: atMs,
        sentAtMs: atMs,
        firstTokenAtMs: NaN,
        endedAtMs: atMs,
        tokens: 0,
        outcome: 'failed',
        errorKind: 'script',
        status: 0,
      },
      message,
      usage: undefined,
    })
  }

  /** Closed load: user u has the sessions u, u + users, u + 2 users, ... and waits for each answer. */
  async function playUser(user: number, users: number): Promise<void> {
    let session = user
    let iteration = 0
    for (const { fromMs, untilMs } of spansOfUser(shape, user)) {
      // The first session begins in the middle of a think time, so that users do not arrive all at once.
      let startMs = fromMs + (session === user ? sessions.startMs(session) : 0)
      for (;;) {
        const endedMs = await playSession({ session, user, iteration: iteration++ }, startMs, untilMs)
        session += users
        if (endedMs === undefined) break
        startMs = endedMs + sessions.thinkMs(session, 0)
      }
    }
  }

  /** Open load: sessions start at absolute instants, whatever happens to the others. */
  async function playArrivals(): Promise<void> {
    const playing = new Set<Promise<unknown>>()
    const most = partOf(part, context.maxUsers ?? Infinity)
    for (let session = part.index; ; session += part.of) {
      const startMs = arrivalMs(shape, sessions.unitArrival(session))
      if (!(await until(startMs))) break
      if (playing.size >= most) {
        events.sessionTurnedAway(clock.now())
        continue
      }
      const play = guard(playSession({ session, user: session, iteration: 0 }, startMs, Infinity))
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
      await Promise.all(usersOf(part, level.users).map((user) => guard(playUser(user, level.users))))
    else await guard(playArrivals())
    if (bug) throw bug.error
  }

  return { stop, gone: playAll() }
}

/** The users that a part of the crew plays. */
function usersOf({ index, of }: CrewPart, users: number): number[] {
  return Array.from({ length: partOf({ index, of }, users) }, (_, i) => index + i * of)
}

/** How many of so many a part of the crew has. */
function partOf({ index, of }: CrewPart, count: number): number {
  return Math.ceil((count - index) / of)
}
