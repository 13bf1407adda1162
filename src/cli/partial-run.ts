import { existsSync } from 'node:fs'
import { joinRecords } from '../result/join-records.ts'
import type { ScriptSample, TurnRecord } from '../result/records.ts'
import type { Run } from '../result/run.ts'
import { ScriptNotes } from '../load/script/script-notes.ts'
import { keptApart, knownAgent } from '../result/kept-apart.ts'
import type { MeasuredWindow } from '../result/measured-window.ts'
import { createSummarizer } from '../result/summarize.ts'
import type { Summary } from '../result/summary.ts'
import type { OpenedRun, StoredProbe } from '../store/open-run.ts'
import type { MetricThreshold } from '../workload/metric-threshold.ts'
import { parseObjectiveLine } from '../workload/parse-objective-line.ts'
import type { Workload } from '../workload/workload.ts'
import { UserError } from './exit-codes.ts'
import type { Io } from './io.ts'
import { judgedByScript } from './read-script.ts'
import { readWorkload } from './read-workload.ts'
import { withThresholds } from './thresholds.ts'

/** How a killed run was started, where its own note of it does not do. */
export interface KilledRunFlags {
  /** The workload file; where the run says it was where absent. */
  readonly workload?: string
  /** As `--set` has them. */
  readonly set: readonly string[]
}

/** A run whose process was killed, told from the records that it left: one summary for each probe that has turns. */
export function partialRun(run: Run, opened: OpenedRun, started: KilledRunFlags, io: Io): Run {
  const withTurns = opened.probes.filter(({ id }) => !opened.readTurns(id).next().done)
  if (withTurns.length === 0)
    return { ...run, interrupted: true, notes: ['the run was killed before the first turn ended'] }
  const workload = workloadOf(run, opened, started, io)
  const summaries = withTurns.map((probe) => summaryOf(run, workload, opened, probe))
  const notes = [
    'the run was killed: turns in flight then, and the check of the load generator, are not known',
  ]
  return { ...run, interrupted: true, summaries, notes }
}

function workloadOf(run: Run, opened: OpenedRun, { workload, set }: KilledRunFlags, io: Io): Workload {
  const file = workload ?? run.workload.file
  const again = `plimsoll report ${opened.path} --workload ${file ?? 'FILE'}`
  if (file === undefined || !existsSync(file))
    throw new UserError(`the run was killed; to summarise its records, the workload file is needed`, {
      hint: `${again} (and --set as it was started with)`,
    })
  const read = readWorkload(file, set, io)
  if (read.hash === run.workload.hash)
    return withThresholds(read, (run.thresholds ?? []).map(parseObjectiveLine))
  throw new UserError(
    `${file} is not what this run was started with: its hash is ${read.hash}, the run's ${run.workload.hash}`,
    {
      hint: `${again} --set path=value, with every --set that it was started with`,
    },
  )
}

function summaryOf(run: Run, whole: Workload, opened: OpenedRun, probe: StoredProbe): Summary {
  const turns = [...opened.readTurns(probe.id)]
  const samples = [...opened.readSamples(probe.id)]
  const isScripted = samples.length > 0 || turns.some(({ tags }) => tags)
  const workload = isScripted ? judgedByScript(whole) : whole
  const calls = [...opened.readCalls(probe.id)]
  const phone = [...opened.readPhone(probe.id)]
  const { origin, level, seed = 1, warmupMs = 0, measuredMs = 0, finished } = probe
  const untilMs = finished ? warmupMs + measuredMs : turns.at(-1)!.endedAtMs
  // Killed before the warm-up was over, everything counts: it is all there is.
  const leftMs = untilMs > warmupMs ? warmupMs : 0
  const window = { warmupMs: leftMs, measuredMs: untilMs - leftMs }
  const summarizer = createSummarizer({
    workload,
    origin,
    level,
    seed,
    speed: run.speed,
    window,
    runId: run.runId,
    calls: phone.length > 0,
    callsUnseen: calls.length === 0,
  })
  const kept = keptApart(turns, calls, { window, ...knownAgent(workload) })
  for (const record of joinRecords(kept.turns, calls)) summarizer.add(record)
  for (const call of phone) summarizer.phone(call)
  const noted = notedIn(isScripted ? (whole.thresholds ?? []) : [], { samples, turns }, window)
  const summary = summarizer.finish({
    ...(kept.canaries ? { canaries: kept.canaries } : {}),
    ...(noted.script ? { script: noted.script } : {}),
  })
  return { ...summary, objectives: [...summary.objectives, ...noted.objectives] }
}

/** What scripts noted, and the thresholds on it. */
function notedIn(
  thresholds: readonly MetricThreshold[],
  seen: { readonly samples: readonly ScriptSample[]; readonly turns: readonly TurnRecord[] },
  window: MeasuredWindow,
): ReturnType<ScriptNotes['within']> {
  const notes = new ScriptNotes(thresholds)
  for (const sample of seen.samples) notes.add(sample)
  for (const turn of seen.turns) notes.addTurn(turn)
  return notes.within(window)
}
