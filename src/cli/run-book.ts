import { basename, isAbsolute } from 'node:path'
import { machine } from '../host/machine.ts'
import type { Capacity } from '../result/capacity.ts'
import { backlogHolds } from '../result/backlog-words.ts'
import { phoneHolds } from '../result/phone-words.ts'
import type { Differences } from '../result/differences.ts'
import { isKeptApart } from '../result/kept-apart.ts'
import type { Run, VerdictLine } from '../result/run.ts'
import type { Summary } from '../result/summary.ts'
import { version } from '../result/version.ts'
import { reporters } from '../report/reporters.ts'
import { createRunFolder, type RunFolder } from '../store/run-folder.ts'
import type { Workload } from '../workload/workload.ts'
import { type ExitCode, exitCodes, UserError } from './exit-codes.ts'
import { inputCount, originsOf } from './inputs.ts'
import type { Io } from './io.ts'
import { palette } from './palette.ts'

/** What the engines of one command found. */
export interface Findings {
  readonly summaries: readonly Summary[]
  readonly capacities: readonly Capacity[]
  /** Of a plan. */
  readonly phone?: NonNullable<Run['phone']>
  readonly peak?: NonNullable<Run['peak']>
  readonly quotaEffects?: NonNullable<Run['quotaEffects']>
  readonly fleet?: NonNullable<Run['fleet']>
  readonly backlog?: NonNullable<Run['backlog']>
  readonly differences?: Differences
  readonly against?: NonNullable<Run['against']>
  readonly brief?: NonNullable<Run['brief']>
  readonly sweeps?: NonNullable<Run['sweeps']>
  readonly derivations?: NonNullable<Run['derivations']>
  readonly verdict: readonly VerdictLine[]
  readonly notes: readonly string[]
  readonly interrupted?: boolean
}

/** One command's run: its id, its folder where it leaves one, and the report at the end. */
export interface RunBook {
  readonly runId: string
  readonly folder: RunFolder | undefined
  /** Writes what there is (also of a run that was stopped) and prints it. */
  finish(findings: Findings): Run
  /** Writes it and prints nothing. */
  keep(findings: Findings): Run
}

export interface RunBookOptions {
  readonly verb: string
  readonly file: string
  readonly workload: Workload
  /** As `--threshold` says them. */
  readonly thresholds?: readonly string[]
  readonly speed: number
  readonly startedAt: Date
  /** Root of run folders; undefined leaves none. */
  readonly out: string | undefined
  readonly sharedWith: readonly string[]
}

/** Of a run that leaves no folder: a simulation is one with all that are like it, so that they are the same to the byte. */
function nameOf({ verb, workload, startedAt }: RunBookOptions): string {
  return `${verb}-${verb === 'simulate' ? workload.hash : startedAt.getTime().toString(36)}`
}

export function openRunBook(options: RunBookOptions, io: Io): RunBook {
  const { workload, startedAt, thresholds = [] } = options
  const folder = options.out === undefined ? undefined : runFolderIn(options.out, workload.name, startedAt)
  const runId = folder ? basename(folder.path) : nameOf(options)
  const begun: Run = {
    format: 1,
    runId,
    version,
    startedAt: startedAt.toISOString(),
    command: options.verb,
    workload: {
      name: workload.name,
      hash: workload.hash,
      file: isAbsolute(options.file) ? basename(options.file) : options.file,
      inputs: inputCount(workload),
      origins: originsOf(workload),
    },
    ...(thresholds.length > 0 ? { thresholds } : {}),
    machine: machine({ sharedWith: options.sharedWith }),
    speed: options.speed,
    summaries: [],
    capacities: [],
    verdict: [],
    notes: [],
  }
  // Without an end: a process that is killed leaves this behind, and `report` reads the records beside it.
  folder?.writeRun(begun)
  const keep = (findings: Findings): Run => {
    const run: Run = { ...begun, endedAt: new Date().toISOString(), ...findings }
    if (folder) writeFolder(folder, run)
    return run
  }
  return {
    runId,
    folder,
    keep,
    finish(findings) {
      const run = keep(findings)
      print(run, folder, io)
      return run
    },
  }
}

function runFolderIn(root: string, name: string, startedAt: Date): RunFolder {
  try {
    return createRunFolder({ root, name, startedAt })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined || !/^(EACCES|EROFS|ENOENT|ENOTDIR|ENOSPC|EPERM|EEXIST)$/.test(code)) throw error
    throw new UserError(`no run can be kept under ${root} (${code})`, {
      hint: 'choose another folder with --out',
    })
  }
}

function writeFolder(folder: RunFolder, run: Run): void {
  folder.writeRun(run)
  const only = run.capacities.length === 0 && run.summaries.length === 1 ? run.summaries[0] : undefined
  folder.writeSummary(only ?? { summaries: run.summaries, capacities: run.capacities })
  folder.writeReport(reporters.html(run))
  folder.close()
}

function print(run: Run, folder: RunFolder | undefined, io: Io): void {
  if (io.json) {
    io.result(JSON.stringify(jsonAnswer(run)))
    return
  }
  const where = folder ? { reportPath: folder.reportPath } : {}
  const { width, details } = io
  io.result(reporters.terminal(run, { palette: palette(io.color), width, details, ...where }))
}

/** `--json`: the summary itself where there is one engine and one level, with `capacity` where it was asked. */
function jsonAnswer(run: Run): unknown {
  const [capacity] = run.capacities
  const { origins: inputs } = run.workload
  // What a plan tells besides; JSON leaves out what is undefined.
  const { phone, peak, quotaEffects, fleet, backlog, differences, against, notes } = run
  // A measured run's own phone part stands where there is no plan of one.
  const planned = phone ? { phone } : {}
  const besides = { inputs, ...planned, peak, quotaEffects, fleet, backlog, against, notes }
  if (run.capacities.length === 1 && capacity)
    return {
      ...run.summaries[0],
      capacity,
      verdict: run.verdict,
      ...besides,
    }
  const [only] = run.summaries
  if (run.capacities.length === 0 && run.summaries.length === 1 && only)
    return { ...only, ...besides, differences }
  return run
}

/** What happened besides what the run's numbers say. */
interface Besides {
  /** An objective ended the run. */
  readonly missed?: boolean
  /** A script threw. */
  readonly threw?: boolean
}

/** 105 before 109 before 107 before 99: what makes the numbers unusable is said first. */
export function exitCodeOf(run: Run, { missed = false, threw = false }: Besides = {}): ExitCode {
  if (run.interrupted) return exitCodes.interrupted
  const invalid =
    run.summaries.some(({ generator }) => generator?.valid === false) ||
    run.against?.capacity.invalid !== undefined
  if (invalid || run.capacities.some((capacity) => capacity.invalid?.length))
    return exitCodes.generatorInvalid
  if (threw) return exitCodes.scriptThrew
  if (missed) return exitCodes.objectiveMissed
  if (run.phone && !phoneHolds(run.phone)) return exitCodes.objectiveMissed
  if (run.backlog && !backlogHolds(run.backlog)) return exitCodes.objectiveMissed
  if (run.summaries.some(({ canaries }) => canaries && !isKeptApart(canaries)))
    return exitCodes.objectiveMissed
  if (run.against?.gate?.regressed) return exitCodes.objectiveMissed
  const single = run.capacities.length === 0 ? run.summaries : []
  if (single.some((summary) => summary.objectives.some(({ pass }) => pass === false)))
    return exitCodes.objectiveMissed
  const none = run.capacities.some(
    ({ level }) => ('users' in level ? level.users : level.sessionsPerSecond) <= 0,
  )
  return none ? exitCodes.objectiveMissed : exitCodes.ok
}
