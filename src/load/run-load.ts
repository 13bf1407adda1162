import { monotonicMs } from '../clock/now.ts'
import type { CallRecord } from '../result/records.ts'
import { TurnLog } from '../result/turn-log.ts'
import { createSessions } from '../sessions/sessions.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import type { CallPlayers } from './calls/call-players.ts'
import { type CallDriverName, isCallDriverName } from './drivers/call-driver-names.ts'
import type { Crew, CrewNews, CrewTask, ReadyCrews } from './crew.ts'
import { crewTask, limitsOf } from './crew-task.ts'
import { lookEveryMs, ServerMeter, type SessionsNow } from './server-meter.ts'
import { type SelfProbe, startSelfProbe } from '../host/edge/self-probe.ts'
import { prepareDriver } from './drivers/prepare-driver.ts'
import { startAlarmThread } from './edge/alarm-thread.ts'
import { type RunClock, sleep, startRunClock } from './edge/run-clock.ts'
import { keepHeapSmall } from './edge/small-heap.ts'
import type { LoadOptions } from './load-options.ts'
import type { LoadResult } from './load-result.ts'
import { measuredSummary, type SeenAtEnd } from './measured-summary.ts'
import { FaultSamples } from './fault-samples.ts'
import { type ProviderAdmin, createProviderAdmin, providerMismatch, untilIdle } from './provider-admin.ts'
import type { EndedTurn } from './run-turn.ts'
import { usersThroughout, windowOf } from './run-window.ts'
import { ScriptNotes } from './script/script-notes.ts'
import { SessionTally } from './session-tally.ts'
import { requireAllowedTarget } from './local-target.ts'
import { type Shape, durationMs, peakLevel, shapeOfLevel, shapeOfStages, valueAt } from './stages.ts'
import { StopRules } from './stop-rules.ts'
import { startCrew } from './start-crew.ts'
import { TurnTally } from './turn-tally.ts'

export type { LoadOptions, LoadShape } from './load-options.ts'
export type { LoadProgress, LoadResult } from './load-result.ts'

const usualGraceMs = 1000
const graceAfterInterruptMs = 2000
const progressEveryMs = 500
const fetchEveryMs = 3000
const stopEveryMs = 500

/**
 * Plays the workload's users against a target and says what happened. Aborting `signal` ends it early, still with a
 * summary. What a target does is in the records; it throws only when the provider is not there.
 */
export async function runLoad(
  workload: Workload,
  options: LoadOptions,
  signal: AbortSignal,
): Promise<LoadResult> {
  requireAllowedTarget(options.target, options.allowTargets ?? [])
  const shape = options.stages
    ? shapeOfStages(options.stages)
    : shapeOfLevel(options.level, options.warmupMs + options.measuredMs, options.rampMs)
  const admin =
    options.providerAdminUrl === undefined
      ? undefined
      : createProviderAdmin(options.providerAdminUrl, options.adminToken)
  const most = peakLevel(shape)
  if ('users' in most) keepHeapSmall(most.users)
  const probe = startSelfProbe()
  try {
    const health = await admin?.reset({ runId: options.runId, seed: options.seed })
    const doubts = health ? providerMismatch(health, workload, options.speed) : []
    // Before the clock starts: loading what plays calls takes a while.
    if (isCallDriverName(options.driver)) await import('./calls/call-crew.ts')
    else if (!options.muster) prepareDriver(options)
    const task = crewTask(workload, options, shape)
    const crews = await options.muster?.(task, limitsOf(workload, options))
    return await new LoadRun(workload, options, task, { admin, probe, doubts, crews }).run(signal)
  } finally {
    probe.stop()
    await admin?.close()
  }
}

interface Around {
  /** Threads that play the users, where it is not this one. */
  readonly crews: ReadyCrews | undefined
  readonly admin: ProviderAdmin | undefined
  readonly probe: SelfProbe
  /** Why the result may not be valid, known before the run. */
  readonly doubts: readonly string[]
}

class LoadRun {
  readonly #workload: Workload
  readonly #options: LoadOptions
  readonly #task: CrewTask
  readonly #shape: Shape
  readonly #level: Level
  readonly #crews: ReadyCrews | undefined
  readonly #admin: ProviderAdmin | undefined
  readonly #probe: SelfProbe
  readonly #doubts: readonly string[]
  readonly #clock: RunClock
  readonly #tally = new TurnTally()
  readonly #sessionTally = new SessionTally()
  readonly #notes: ScriptNotes
  readonly #faults = new FaultSamples()
  readonly #turns = new TurnLog()
  readonly #calls: CallRecord[] = []
  readonly #server: ServerMeter | undefined
  readonly #stop: StopRules
  #callers: CallPlayers | undefined
  #halt: () => void = () => {}
  #fetching: Promise<void> = Promise.resolve()
  #endedMs: number

  constructor(workload: Workload, options: LoadOptions, task: CrewTask, around: Around) {
    this.#workload = workload
    this.#options = options
    this.#task = task
    this.#shape = task.shape
    this.#endedMs = durationMs(task.shape)
    this.#level = task.level
    this.#crews = around.crews
    this.#stop = new StopRules(workload, options, this.#level)
    this.#notes = new ScriptNotes(options.scripts ? (workload.thresholds ?? []) : [])
    this.#admin = around.admin
    this.#probe = around.probe
    this.#doubts = around.doubts
    // Threads that play the users have clocks of their own.
    this.#clock = startRunClock(options.speed, monotonicMs(), this.#crews ? undefined : startAlarmThread)
    if (options.agentSample) this.#server = new ServerMeter(options.agentSample, () => this.#sessionsNow())
  }

  async run(signal: AbortSignal): Promise<LoadResult> {
    const { driver, graceMs } = this.#options
    const crew = isCallDriverName(driver) ? await this.#startCallers(driver) : this.#startUsers()
    this.#startTicks()
    try {
      const endedMs = (this.#endedMs = await this.#untilEnd(crew, signal))
      const interrupted = endedMs < durationMs(this.#shape) && this.#stop.reason === undefined
      const self = this.#probe.read()
      const stats = await this.#admin?.stats()
      const { warmupMs } = windowOf(this.#options.warmupMs, endedMs)
      const answered = this.#turns.endedWithin(warmupMs, endedMs)
      const server = await this.#server?.read(answered, usersThroughout(this.#options, this.#level))
      const soak = await this.#server?.soak(this.#options.soak)
      // The agent should not start the next run with what this one left half done.
      const usual = interrupted ? graceAfterInterruptMs : usualGraceMs
      await Promise.race([crew.gone, sleep(this.#clock, graceMs ?? usual)])
      crew.cut()
      await crew.gone
      const crewAtEnd = await crew.close()
      await this.#fetchLastCalls()
      return this.#result(endedMs, { self, stats, server, soak, crew: crewAtEnd }, interrupted)
    } finally {
      this.#clock.stop()
      await crew.close()
      await this.#fetching.catch(() => {})
    }
  }

  #startUsers(): Crew {
    const news: CrewNews = {
      started: () => this.#onTurnStarted(),
      ended: (turn) => this.#onTurnEnded(turn),
      sessionStarted: (atMs) => this.#sessionTally.started(atMs),
      sessionEnded: (atMs, session) => this.#sessionTally.ended(atMs, session),
      sessionTurnedAway: (atMs) => this.#sessionTally.turnedAway(atMs),
      sampled: (sample) => {
        this.#notes.add(sample)
        this.#options.sink?.(sample)
      },
      remarked: (message) => this.#faults.add(message),
      refused: (limit) => {
        this.#stop.refused(limit)
        this.#halt()
      },
    }
    if (this.#crews) return this.#crews.begin(this.#clock.startedMs, news)
    const { scripts } = this.#options
    const here = { clock: this.#clock, ...(scripts ? { scripts } : {}) }
    return startCrew(this.#workload, this.#task, here, news)
  }

  async #startCallers(driver: CallDriverName): Promise<Crew> {
    const { startCallCrew } = await import('./calls/call-crew.ts')
    const world = {
      workload: this.#workload,
      sessions: createSessions(this.#workload, this.#options.seed, this.#level),
      clock: this.#clock,
    }
    const { crew, callers } = startCallCrew(world, { ...this.#options, driver }, this.#shape, {
      turnStarted: () => this.#onTurnStarted(),
      turnEnded: (record, message) => this.#onTurnEnded({ record, message, usage: undefined }),
      callEnded: (record, message) => {
        this.#options.sink?.(record)
        if (message !== undefined) this.#faults.add(message, this.#placeOf(record.endedAtMs))
      },
    })
    this.#callers = callers
    return crew
  }

  #sessionsNow(): SessionsNow {
    const { closed, open } = this.#sessionTally
    return { closed, open: this.#callers?.active() ?? open }
  }

  #onTurnStarted(): void {
    this.#tally.start()
    this.#stop.started(this.#tally)
    if (this.#stop.reason !== undefined) this.#halt()
  }

  #onTurnEnded({ record, message, usage }: EndedTurn): void {
    this.#notes.addTurn(record)
    this.#tally.end(record)
    this.#stop.ended(record, usage)
    this.#turns.add(record)
    if (message !== undefined) this.#faults.add(message, this.#placeOf(record.endedAtMs))
    this.#options.sink?.(record)
  }

  #placeOf(atMs: number): 'before' | 'within' | 'after' {
    if (atMs < this.#options.warmupMs) return 'before'
    return atMs < this.#endedMs ? 'within' : 'after'
  }

  /** What happens now and then: the window's begin, progress, and reading the provider before its buffer is full. */
  #startTicks(): void {
    const clock = this.#clock
    const every = (wallMs: number, run: () => void): void => {
      const tick = (atMs: number): void => {
        clock.at(atMs, () => {
          run()
          tick(Math.max(clock.now(), atMs) + wallMs * clock.speed)
        })
      }
      tick(wallMs * clock.speed)
    }
    clock.at(this.#options.warmupMs, () => {
      this.#probe.restart()
      this.#callers?.restart()
      this.#server?.restart()
    })
    every(stopEveryMs, () => {
      if (this.#stop.look(clock.now(), this.#tally.read(), this.#notes.missed) !== undefined) this.#halt()
    })
    if (this.#options.onProgress) every(progressEveryMs, () => this.#reportProgress())
    if (this.#server) every(lookEveryMs(this.#options, durationMs(this.#shape)), () => this.#server!.tick())
    if (this.#admin) every(fetchEveryMs, () => this.#fetchCalls())
  }

  #reportProgress(): void {
    const atMs = this.#clock.now()
    const untilMs = durationMs(this.#shape)
    this.#options.onProgress?.({
      atMs,
      untilMs,
      share: Math.min(1, atMs / untilMs),
      level: valueAt(this.#shape, atMs),
      ...(this.#callers ? { onTheLine: this.#callers.active() } : {}),
      ...this.#tally.read(),
    })
  }

  /** One fetch at a time; a failed one is tried again by the next, and the last one must succeed. */
  #fetchCalls(): void {
    this.#fetching = this.#fetching.then(
      () => this.#takeCalls(),
      () => this.#takeCalls(),
    )
    this.#fetching.catch(() => {})
  }

  async #takeCalls(): Promise<void> {
    if (!this.#admin) return
    for (const call of await this.#admin.takeRecords(this.#clock.startedMs, this.#clock.speed)) {
      this.#calls.push(call)
      this.#options.sink?.(call)
    }
  }

  async #fetchLastCalls(): Promise<void> {
    if (!this.#admin) return
    await untilIdle(this.#admin, this.#clock)
    this.#fetchCalls()
    await this.#fetching
  }

  /** Resolves at the end of the shape, or at once when the user interrupts. Rejects on a bug. */
  async #untilEnd(crew: Crew, signal: AbortSignal): Promise<number> {
    const endMs = durationMs(this.#shape)
    await new Promise<void>((resolve, reject) => {
      this.#clock.at(endMs, resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
      this.#halt = () => {
        crew.stop()
        resolve()
      }
      if (signal.aborted || this.#stop.reason !== undefined) resolve()
      crew.gone.catch(reject)
    })
    crew.stop()
    const isEarly = signal.aborted || this.#stop.reason !== undefined
    return isEarly ? Math.min(endMs, this.#clock.now()) : endMs
  }

  #result(endedMs: number, seen: SeenAtEnd, interrupted: boolean): LoadResult {
    const { summary, messages } = measuredSummary({
      ...seen,
      workload: this.#workload,
      options: this.#options,
      shape: this.#shape,
      level: this.#level,
      endedMs,
      turns: this.#turns,
      calls: this.#calls,
      sessions: this.#sessionTally,
      notes: this.#notes,
      callers: this.#callers,
      lostCalls: this.#admin?.lost,
      doubts: this.#doubts,
    })
    for (const message of messages) this.#faults.add(message)
    return {
      summary,
      turns: this.#tally.read(),
      interrupted,
      ...(this.#stop.reason === undefined
        ? {}
        : { stopped: { reason: this.#stop.reason, failed: this.#stop.failed } }),
      spend: this.#stop.spend(),
      faults: this.#faults.read(windowOf(this.#options.warmupMs, endedMs).warmupMs === 0),
      lostCalls: this.#admin?.lost ?? 0,
    }
  }
}
