import { joinRecords } from '../result/join-records.ts'
import type { CallRecord, RecordSink, TurnRecord } from '../result/records.ts'
import { createSummarizer } from '../result/summarize.ts'
import type { Summary } from '../result/summary.ts'
import { createSessions } from '../sessions/sessions.ts'
import { runNumber } from '../sessions/turn-key.ts'
import type { AdminStats } from '../wire/admin-api.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { type DriverName, drivers } from './drivers/drivers.ts'
import { driverOptions } from './driver-options.ts'
import { type MachineProbe, type MachineUse, startMachineProbe } from './edge/machine-probe.ts'
import { type RunClock, startRunClock } from './edge/run-clock.ts'
import { FaultSamples } from './fault-samples.ts'
import { InterTokenTally } from './inter-token-tally.ts'
import { type Population, startPopulation } from './population.ts'
import { type ProviderAdmin, createProviderAdmin } from './provider-admin.ts'
import type { EndedTurn } from './run-turn.ts'
import { selfCheck } from './self-check.ts'
import { serviceUse } from './service-use.ts'
import { requireAllowedTarget } from './local-target.ts'
import {
  type Shape,
  type Stages,
  durationMs,
  peakLevel,
  shapeOfLevel,
  shapeOfStages,
  valueAt,
} from './stages.ts'
import { type TurnAccounting, TurnTally } from './turn-tally.ts'

/** One load test. Durations are workload time. */
export type LoadOptions = LoadShape & {
  /** Base URL of the agent under test. */
  readonly target: string
  readonly driver: DriverName
  readonly warmupMs: number
  readonly seed: number
  /** Time compression; 1 is real time. */
  readonly speed: number
  readonly runId: string
  /** The simulated provider behind the agent, for the other half of what happened. */
  readonly providerAdminUrl?: string
  readonly adminToken?: string
  /** Whether messages end with a mark that names their turn: it joins both sides and defeats answer caches. */
  readonly marker: 'suffix' | 'none'
  /** Receives every record: turns as they end, calls as they are fetched. */
  readonly sink?: RecordSink
  readonly onProgress?: (progress: LoadProgress) => void
  /** A turn without an answer fails after this long. Default: ten minutes. */
  readonly turnTimeoutMs?: number
  /** After an interrupt, turns in flight may go on for this long. Default: two seconds of wall time. */
  readonly graceMs?: number
  /** Hosts beyond this machine that may be loaded. */
  readonly allowTargets?: readonly string[]
}

/** A steady level, reached over `rampMs`, or stages whose lengths add up to the whole run. */
export type LoadShape =
  | {
      readonly level: Level
      readonly measuredMs: number
      readonly rampMs?: number
      readonly stages?: undefined
    }
  | {
      readonly stages: Stages
      readonly level?: undefined
      readonly measuredMs?: number
      readonly rampMs?: undefined
    }

export interface LoadProgress extends TurnAccounting {
  readonly atMs: number
  readonly untilMs: number
  /** Of the run that is over, 0 to 1. */
  readonly share: number
  /** Users who should be there now, or sessions a second. */
  readonly level: number
}

export interface LoadResult {
  readonly summary: Summary
  /** Of the whole run, warm-up included; the summary counts the window. */
  readonly turns: TurnAccounting
  readonly interrupted: boolean
  /** What went wrong, in the target's words, each kind once with how often. */
  readonly faults: readonly { readonly message: string; readonly count: number }[]
  /** Call records that the provider had dropped before they were read. */
  readonly lostCalls: number
}

const defaultTurnTimeoutMs = 600_000
const defaultGraceMs = 2000
const progressEveryMs = 500
const fetchEveryMs = 3000
const settleEveryMs = 20
const settleAtMostMs = 1000

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
  const probe = startMachineProbe()
  try {
    await admin?.reset({ runId: options.runId, seed: options.seed })
    return await new LoadRun(workload, options, shape, admin, probe).run(signal)
  } finally {
    probe.stop()
    await admin?.close()
  }
}

class LoadRun {
  readonly #workload: Workload
  readonly #options: LoadOptions
  readonly #shape: Shape
  readonly #level: Level
  readonly #admin: ProviderAdmin | undefined
  readonly #probe: MachineProbe
  readonly #clock: RunClock
  readonly #tally = new TurnTally()
  readonly #interToken: InterTokenTally
  readonly #faults = new FaultSamples()
  readonly #turns: TurnRecord[] = []
  readonly #calls: CallRecord[] = []
  readonly #cut = new AbortController()
  #fetching: Promise<void> = Promise.resolve()

  constructor(
    workload: Workload,
    options: LoadOptions,
    shape: Shape,
    admin: ProviderAdmin | undefined,
    probe: MachineProbe,
  ) {
    this.#workload = workload
    this.#options = options
    this.#shape = shape
    this.#level = peakLevel(shape)
    this.#admin = admin
    this.#probe = probe
    this.#clock = startRunClock(options.speed)
    this.#interToken = new InterTokenTally(options.warmupMs)
  }

  async run(signal: AbortSignal): Promise<LoadResult> {
    const options = this.#options
    const level = this.#level
    const sessions = createSessions(this.#workload, options.seed, level)
    const driver = drivers[options.driver](driverOptions(this.#workload, options.target, level, this.#clock))
    const context = {
      workload: this.#workload,
      sessions,
      clock: this.#clock,
      driver,
      run: runNumber(options.runId),
      marker: options.marker,
      turnTimeoutMs: options.turnTimeoutMs ?? defaultTurnTimeoutMs,
      cut: this.#cut.signal,
      interToken: this.#interToken,
    }
    const population = startPopulation(context, this.#shape, {
      started: () => this.#tally.start(),
      ended: (turn) => this.#onTurnEnded(turn),
    })
    this.#startTicks()
    try {
      const endedMs = await this.#untilEnd(population, signal)
      const interrupted = endedMs < durationMs(this.#shape)
      const machine = this.#probe.read()
      const stats = await this.#admin?.stats()
      if (interrupted) await this.#within(options.graceMs ?? defaultGraceMs, population.gone)
      this.#cut.abort()
      await population.gone
      await driver.close()
      await this.#fetchLastCalls()
      return this.#result(endedMs, machine, stats, interrupted)
    } finally {
      population.stop()
      this.#cut.abort()
      this.#clock.stop()
      await driver.close()
      await this.#fetching.catch(() => {})
    }
  }

  #onTurnEnded({ record, message }: EndedTurn): void {
    this.#tally.end(record)
    this.#turns.push(record)
    if (message !== undefined) this.#faults.add(message)
    this.#options.sink?.(record)
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
    clock.at(this.#options.warmupMs, () => this.#probe.restart())
    if (this.#options.onProgress) every(progressEveryMs, () => this.#reportProgress())
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

  /** The agent notices after a moment that its users have left; until then its calls are still under way. */
  async #fetchLastCalls(): Promise<void> {
    if (!this.#admin) return
    for (let waitedMs = 0; waitedMs < settleAtMostMs; waitedMs += settleEveryMs) {
      if ((await this.#admin.health()).inFlight === 0) break
      await this.#sleep(settleEveryMs)
    }
    this.#fetchCalls()
    await this.#fetching
  }

  /** Resolves at the end of the shape, or at once when the user interrupts. Rejects on a bug. */
  async #untilEnd(population: Population, signal: AbortSignal): Promise<number> {
    const endMs = durationMs(this.#shape)
    await new Promise<void>((resolve, reject) => {
      this.#clock.at(endMs, resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
      if (signal.aborted) resolve()
      population.gone.catch(reject)
    })
    population.stop()
    return signal.aborted ? Math.min(endMs, this.#clock.now()) : endMs
  }

  #sleep(wallMs: number): Promise<void> {
    return new Promise((resolve) => this.#clock.at(this.#clock.now() + wallMs * this.#clock.speed, resolve))
  }

  #within(wallMs: number, done: Promise<void>): Promise<void> {
    return Promise.race([done, this.#sleep(wallMs)])
  }

  #result(
    endedMs: number,
    machine: MachineUse,
    stats: AdminStats | undefined,
    interrupted: boolean,
  ): LoadResult {
    const { seed, speed, runId } = this.#options
    const workload = this.#workload
    const window = windowOf(this.#options.warmupMs, endedMs)
    const summarizer = createSummarizer({
      workload,
      origin: 'measured',
      level: this.#level,
      seed,
      speed,
      window,
      runId,
    })
    this.#interToken.forEach((gapMs, count) => summarizer.interToken(gapMs, count))
    for (const record of joinRecords(this.#turns, this.#calls)) summarizer.add(record)
    const services = serviceUse({ workload, turns: this.#turns, calls: this.#calls, window })
    const generator = selfCheck({
      turns: this.#turns,
      window,
      speed,
      machine,
      ...(stats ? { providerLatenessP99Ms: stats.latenessP99Ms } : {}),
    })
    return {
      summary: summarizer.finish({ generator, ...(services.length > 0 ? { services } : {}) }),
      turns: this.#tally.read(),
      interrupted,
      faults: this.#faults.read(),
      lostCalls: this.#admin?.lost ?? 0,
    }
  }
}

/** Stopped before the warm-up was over, everything counts: it is all there is. */
function windowOf(warmupMs: number, endedMs: number): { warmupMs: number; measuredMs: number } {
  const left = endedMs > warmupMs ? warmupMs : 0
  return { warmupMs: left, measuredMs: endedMs - left }
}
