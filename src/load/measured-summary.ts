import type { SelfUse } from '../host/edge/self-probe.ts'
import { joinRecords } from '../result/join-records.ts'
import { keptApart, knownAgent } from '../result/kept-apart.ts'
import type { MeasuredWindow } from '../result/measured-window.ts'
import type { CallRecord } from '../result/records.ts'
import { type SoakSummary, soakObjectives } from '../result/soak.ts'
import { createSummarizer } from '../result/summarize.ts'
import type { GeneratorReport, ServerUse, Summary } from '../result/summary.ts'
import type { TurnLog } from '../result/turn-log.ts'
import type { AdminStats } from '../wire/admin-api.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import type { CallPlayers } from './calls/call-players.ts'
import type { CrewAtEnd } from './crew.ts'
import type { LoadOptions } from './load-options.ts'
import { runSeries } from './run-series.ts'
import { windowOf } from './run-window.ts'
import type { ScriptNotes } from './script/script-notes.ts'
import { selfCheck } from './self-check.ts'
import { serviceUse } from './service-use.ts'
import type { SessionTally } from './session-tally.ts'
import { speechWaits } from './speech-waits.ts'
import { type Shape, valueAt } from './stages.ts'
import { unjoinedCalls } from './unjoined-calls.ts'

/** What is looked at once, when a run ends. */
export interface SeenAtEnd {
  readonly self: SelfUse
  readonly stats: AdminStats | undefined
  readonly server: ServerUse | undefined
  readonly soak: SoakSummary | undefined
  readonly crew: CrewAtEnd
}

/** All that a load test has seen. */
export interface MeasuredRun extends SeenAtEnd {
  readonly workload: Workload
  readonly options: LoadOptions
  readonly shape: Shape
  readonly level: Level
  /** When it ended, workload time. */
  readonly endedMs: number
  readonly turns: TurnLog
  readonly calls: readonly CallRecord[]
  readonly sessions: SessionTally
  readonly notes: ScriptNotes
  /** Where the sessions were calls by telephone. */
  readonly callers: CallPlayers | undefined
  /** Call records that the provider dropped before they were read; undefined where none was asked. */
  readonly lostCalls: number | undefined
  /** Why the result may not be valid, known before the run. */
  readonly doubts: readonly string[]
}

/** The summary of a load test; `messages` say what is wrong with the answers that were kept apart, a line each. */
export function measuredSummary(run: MeasuredRun): {
  readonly summary: Summary
  readonly messages: readonly string[]
} {
  const { workload, options, turns, calls, callers, notes } = run
  const { seed, speed, runId } = options
  const window = windowOf(options.warmupMs, run.endedMs)
  const summarizer = createSummarizer({
    workload,
    origin: 'measured',
    level: run.level,
    seed,
    speed,
    window,
    runId,
    ...(callers ? { calls: true, ...speechWaits(run.stats) } : {}),
    ...(run.lostCalls === undefined ? { callsUnseen: true } : {}),
    ...(options.stages ? { stages: true } : {}),
  })
  for (const { gapMs, count, of } of run.crew.gaps) summarizer.interToken(gapMs, count, of)
  const kept = keptApart(turns, calls, { window, ...knownAgent(workload) })
  for (const record of joinRecords(kept.turns, calls)) summarizer.add(record)
  const sessions = run.sessions.within(window)
  for (const session of sessions.ended) summarizer.session(session)
  for (const call of callers?.records ?? []) summarizer.phone(call)
  const noted = notes.within(window)
  const { canaries } = kept
  const parts: Partial<Summary> = {
    generator: generatorOf(run, window),
    ...(run.server ? { server: run.server } : {}),
    sessions: {
      started: sessions.started,
      ended: sessions.ended.length,
      ...(options.maxUsers === undefined ? {} : { turnedAway: sessions.turnedAway }),
    },
    ...(noted.script ? { script: noted.script } : {}),
    ...(canaries ? { canaries } : {}),
    ...behindTurns(run, window),
  }
  const summary = summarizer.finish(parts, callers?.frames())
  const soaked = run.soak ? soakObjectives(run.soak) : []
  const objectives = [...summary.objectives, ...noted.objectives, ...soaked]
  return { summary: { ...summary, objectives }, messages: kept.messages }
}

/** How the agent, its services and the users behaved, beside the times of turns. */
function behindTurns(run: MeasuredRun, window: MeasuredWindow): Partial<Summary> {
  const { workload, options, turns, calls, callers, server, soak, shape, lostCalls } = run
  const phone = callers?.records
  const cpu = server && { cores: server.cpuCores, ofCores: options.agentCores ?? 1 }
  const services = serviceUse({ workload, turns, calls, ...(phone ? { phone } : {}), window, cpu })
  return {
    ...(soak ? { soak } : {}),
    series: runSeries({
      turns,
      calls,
      ...(phone ? { phone } : {}),
      endMs: run.endedMs,
      usersAt: (atMs) => valueAt(shape, atMs),
    }),
    ...(services.length > 0 ? { services } : {}),
    ...(lostCalls === undefined
      ? {}
      : { unjoined: unjoinedCalls(turns, calls, { window, lost: lostCalls }) }),
    ...(run.crew.behaviour ? { behaviour: { ...run.crew.behaviour } } : {}),
  }
}

function generatorOf(run: MeasuredRun, window: MeasuredWindow): GeneratorReport {
  const { options, stats, server, crew, callers } = run
  return selfCheck({
    turns: run.turns,
    window,
    speed: options.speed,
    self: run.self,
    ...(crew.workers ? { workers: crew.workers } : {}),
    doubts: run.doubts,
    agentCores: options.agentCores ?? 1,
    ...(stats ? { providerLatenessP99Ms: stats.latenessP99Ms } : {}),
    ...(server ? { agentCpu: server.cpuCores } : {}),
    ...(callers ? { frameLatenessP99Ms: callers.frames().latenessP99Ms } : {}),
  })
}
