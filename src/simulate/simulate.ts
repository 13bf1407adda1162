import { nextTurnOfLoop } from '../clock/next-turn-of-loop.ts'
import type { Probe, Runner } from '../find/runner.ts'
import type { AnsweredTurns } from '../result/answered-turns.ts'
import type { PhoneRecord } from '../result/phone-records.ts'
import { PhoneSeries } from '../result/phone-series.ts'
import type { CallRecord, RecordSink, TurnRecord } from '../result/records.ts'
import { createSummarizer, type Summarizer } from '../result/summarize.ts'
import type { PhonePoint, SeriesPoint, Summary } from '../result/summary.ts'
import { requireWorkload } from '../workload/require-workload.ts'
import type { Workload } from '../workload/workload.ts'
import { parts } from './clients.ts'
import { spokenTime } from './phone/spoken-time.ts'
import { requireProbe } from './require-probe.ts'
import { ruleUse } from './rule-use.ts'
import { serviceUse } from './service-use.ts'
import { isOfCalls, Simulation, usualSeriesPoints } from './simulation.ts'

/** A probe, and who looks on while it is simulated. */
export interface SimulateOptions extends Probe {
  /** Sees every record of the run, also those of the warm-up, while it lasts. */
  readonly sink?: RecordSink
  /** Likewise, of calls by telephone; a record is filled anew for the next one. */
  readonly phoneSink?: (call: Readonly<PhoneRecord>) => void
  readonly runId?: string
  /** Ends the run early by throwing the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * Plays the workload at one level on the virtual clock. The same options give the same answer to the byte. Throws a
 * `RangeError` for a probe that cannot be simulated, a `TypeError` for what is no workload, and `StandingStill` where nothing in the file takes any time.
 */
export function simulate(workload: Workload, options: SimulateOptions): Summary {
  const run = begin(workload, options)
  while (!run.simulation.goOn()) options.signal?.throwIfAborted()
  return finish(workload, run)
}

/** How far a run is, for whoever draws it while it lasts; `series` grows and is not to be kept. */
export interface Slice {
  readonly atMs: number
  readonly endMs: number
  readonly series: readonly SeriesPoint[]
}

/** Told after every slice of a run, some tens of milliseconds apart, and at its end. */
export type OnSlice = (slice: Slice) => void

/** Answers probes by simulation, and lets the event loop breathe while it does. */
export function simulateRunner(
  workload: Workload,
  options: Pick<SimulateOptions, 'sink' | 'phoneSink' | 'runId'> & { readonly onSlice?: OnSlice } = {},
): Runner {
  return async (probe, signal) => {
    const run = begin(workload, { ...options, ...probe })
    const endMs = probe.warmupMs + probe.measuredMs
    const show = (): void => {
      const { series } = run.simulation.meter
      options.onSlice?.({ atMs: series.at(-1)?.atMs ?? 0, endMs, series })
    }
    while (!run.simulation.goOn()) {
      show()
      await nextTurnOfLoop()
      signal.throwIfAborted()
    }
    show()
    return finish(workload, run)
  }
}

interface SimulatedRun {
  readonly simulation: Simulation
  readonly summarizer: Summarizer
  /** Of calls by telephone. */
  readonly phone: PhoneSeries | undefined
}

function begin(workload: Workload, options: SimulateOptions): SimulatedRun {
  requireWorkload('simulate', workload)
  requireProbe(options)
  const { level, seed, warmupMs, measuredMs, sink, phoneSink, runId } = options
  const summarizer = createSummarizer({
    workload,
    origin: 'simulated',
    level,
    seed,
    speed: 1,
    window: { warmupMs, measuredMs },
    ...(isOfCalls(workload, level) ? { calls: true } : {}),
    runId: runId ?? `simulated-${workload.hash}-${seed}`,
  })
  const count = usualSeriesPoints
  const phone = isOfCalls(workload, level)
    ? new PhoneSeries({ stretchMs: (warmupMs + measuredMs) / count, count })
    : undefined
  const tell = (record: Readonly<TurnRecord | CallRecord>): void => {
    summarizer.add(record)
    if (record.kind === 'turn') phone?.turn(record)
    const isPaced = record.kind === 'model' && record.outputTokens > 1 && record.endedAtMs >= warmupMs
    if (isPaced && simulation.meter.callAnswersUser) summarizer.paced(record)
    sink?.(record)
  }
  const tellMany = (turns: AnsweredTurns): void => {
    summarizer.answered(turns)
    for (let i = turns.first; i < turns.length; i++)
      if (turns.outputTokens[i]! > 1) summarizer.paced(turns.callAt(i))
    if (sink) turns.tellEach(sink)
  }
  const tellCall = (call: Readonly<PhoneRecord>): void => {
    summarizer.phone(call)
    phone?.call(call)
    phoneSink?.(call)
  }
  const simulation = new Simulation(workload, options, tell, tellMany, tellCall)
  return { simulation, summarizer, phone }
}

function finish(workload: Workload, { simulation, summarizer, phone }: SimulatedRun): Summary {
  const { meter } = simulation
  const rules = ruleUse(workload, simulation)
  const turnTime = parts
    .map((part, i) => ({ part, meanMs: meter.partMs[i]! / meter.partTurns }))
    .filter(({ meanMs }) => meanMs > 0)
  const told = summarizer.finish({
    sessions: { started: meter.sessionsStarted, ended: meter.sessionsEnded },
    turns: meter.turnCounts(),
    services: serviceUse(workload, simulation),
    ...(rules.length > 0 ? { rules } : {}),
    turnTime,
    series: phone ? withCalls(meter.series, phone.points()) : meter.series,
  })
  // Also of calls that are not over, of which no record tells.
  const inFlight = { mean: meter.callsInFlight.mean(meter.window.toMs) }
  const summary = { ...told, calls: { ...told.calls, inFlight } }
  return phone ? { ...summary, turnTime: spokenTime(turnTime, workload, summary.latency) } : summary
}

/** The series of a run ends where the run does: there are as many points of calls. */
const withCalls = (series: readonly SeriesPoint[], calls: readonly PhonePoint[]): SeriesPoint[] =>
  series.map((point, i) => ({ ...point, ...(calls[i] ? { phone: calls[i] } : {}) }))
