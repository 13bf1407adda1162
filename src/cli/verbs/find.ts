import { type Command, Option } from 'commander'
import { callCapacity } from '../../plan/phone/call-capacity.ts'
import { howSearchesKeepUp } from '../how-to-keep-up.ts'
import { planCapacity } from '../../plan/plan.ts'
import type { Capacity } from '../../result/capacity.ts'
import { formatUsd } from '../../result/figure-text.ts'
import type { MeasuredWindow } from '../../result/measured-window.ts'
import type { Run } from '../../result/run.ts'
import { type Level, levelValue } from '../../workload/level.ts'
import type { Workload } from '../../workload/workload.ts'
import { measuredCapacity, type Search, simulatedCapacity } from '../capacity-engines.ts'
import { atSameLevel } from '../same-level.ts'
import { findAgainst, isDeployment } from '../find-against.ts'
import { UserError } from '../exit-codes.ts'
import { interruptSignal } from '../interrupt.ts'
import { createIo, type Io } from '../io.ts'
import {
  type CommonFlags,
  duration,
  port,
  positiveNumber,
  positiveWhole,
  share,
  withCommonFlags,
  warmUpTime,
} from '../options.ts'
import { type LivePage, withLivePage } from '../live-page.ts'
import { loadThreads } from '../load-threads.ts'
import { planNotes } from '../plan-notes.ts'
import { checkedWorld } from '../preflight.ts'
import { callNotes, isPlayedAsCalls, requireRealTime } from '../calls.ts'
import { noteFaults } from '../note-faults.ts'
import { rareFailureNotes } from '../rare-failures.ts'
import { scrapeServer } from '../scrape-server.ts'
import { simulatedWindow } from '../simulated-window.ts'
import { type Purse, purseFor } from '../purse.ts'
import { readScripts } from '../read-script.ts'
import { readWorkload } from '../read-workload.ts'
import { withReportFlag, writeReports } from '../report-outputs.ts'
import { exitCodeOf, openRunBook, type RunBook } from '../run-book.ts'
import { type ReportOutput, requireAllowedOutputs } from '../send-report.ts'
import {
  flagGroups,
  type TargetFlags,
  withScrapeFlag,
  withTargetFlags,
  withUserFlags,
} from '../target-flags.ts'
import { mainCapacity, verdictOf } from '../verdict.ts'
import { trialWindow } from '../trial-window.ts'
import { catchStrays, strayNote, Strays } from '../stray-errors.ts'
import type { World } from '../world.ts'
import { withoutSpareSeries } from '../without-spare-series.ts'

export interface FindFlags extends CommonFlags, TargetFlags {
  readonly engine?: 'plan' | 'simulate' | 'load' | 'all'
  readonly speed: number
  readonly probes: number
  /** Chosen by how long turns are where absent, as is `measured`. */
  readonly warmUp?: number
  readonly measured?: number
  readonly headroom: number
  readonly maxUsers?: number
  readonly workers: number
  readonly against?: string
  readonly failOnRegression?: number
  readonly maxSpend?: number
  readonly scrape?: string
  readonly marker: 'suffix' | 'none'
  readonly live?: number | true
  readonly out: string
  readonly report: readonly ReportOutput[]
}

type FindDefaults = Pick<FindFlags, 'speed' | 'probes' | 'warmUp' | 'measured'>

/** The flags of a capacity search, shared by `find` and `demo`. */
export function withFindFlags(command: Command, { speed, probes, warmUp, measured }: FindDefaults): Command {
  withUserFlags(command)
    .optionsGroup(flagGroups.search)
    .option('--probes <number>', 'at most this many measured trials (simulated: 16)', positiveWhole, probes)
    .option(
      '--warm-up <time>',
      `time at the start of each measured trial that is not counted, before --speed shortens it${warmUp === undefined ? ' (default: two turns, at least 2m)' : ''}`,
      warmUpTime,
      warmUp,
    )
    .option(
      '--measured <time>',
      `how long is counted in each measured trial, before --speed shortens it${measured === undefined ? ' (default: five turns, at least 5m)' : ''}`,
      duration,
      measured,
    )
    .option('--headroom <share>', 'recommended load, as a share of the capacity', share, 0.75)
    .option('--max-users <number>', 'never try more users than this (of calls: at once)', positiveWhole)
    .option('--speed <factor>', 'time compression, for demos and first looks', positiveNumber, speed)
    .optionsGroup(flagGroups.report)
    .option('--live [port]', 'a page that shows each measured trial while it goes on', port)
    .option('--out <folder>', 'where runs are saved', 'runs')
  return withCommonFlags(withReportFlag(command).optionsGroup(flagGroups.common))
}

/** `plimsoll find FILE`: the most users at which every objective holds. */
export function find(program: Command): void {
  const command = program.command('find').argument('<file>', 'workload file')
  withScrapeFlag(withTargetFlags(command, 'load'))
    .optionsGroup(flagGroups.search)
    .addOption(
      new Option('--engine <which>', 'which engine answers').choices(['plan', 'simulate', 'load', 'all']),
    )
    .option(
      '--against <what>',
      'compare with a second agent at this URL, trials of both in turn; or with a variant to simulate: path=value, or a file',
    )
    .option(
      '--fail-on-regression <share>',
      'with --against: exit code 99 if the second carries fewer users by more than this share, beyond chance',
      share,
    )
    .option(
      '--max-spend <dollars>',
      "no turn begins that could take the model's cost over all trials beyond this",
      positiveNumber,
    )
  withFindFlags(command, { speed: 1, probes: 8 })
    .summary('find the capacity: algebra, simulation and measurement side by side')
    .description(
      'Looks for the most concurrent users, or calls by telephone, at which every objective holds. With a target, they are played against it.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll find my.yaml --target http://localhost:8000\n  plimsoll find my.yaml --target http://localhost:8000 --against http://localhost:8001 --fail-on-regression 2%',
    )
    .action((file: string, flags: FindFlags) =>
      flags.against === undefined
        ? runFind('find', file, flags).then(() => undefined)
        : runFindAgainst(file, flags.against, flags),
    )
}

export async function runFind(verb: string, file: string, flags: FindFlags): Promise<Run> {
  const io = createIo(flags)
  const startedAt = new Date()
  requireAllowedOutputs(flags.report, flags.allowTarget ?? [])
  const workload = readWorkload(file, flags.set, io)
  const isOfCalls = isPlayedAsCalls(workload)
  requireRealTime(workload, flags.speed)
  noteFaults(workload, io)
  const isSimulable = !isOfCalls || workload.phone!.alone
  const engines = isSimulable ? enginesOf(flags) : new Set(['load'])
  if (flags.engine === undefined && workload.target && !engines.has('load'))
    io.note('nothing is measured without --target URL, --start or --reference')
  const sharedWith = engines.has('load')
    ? ['load generator', 'provider', ...(flags.target ? [] : ['agent'])]
    : []
  const book = openRunBook(
    {
      verb,
      file,
      workload,
      speed: engines.has('load') ? flags.speed : 1,
      startedAt,
      out: flags.out,
      sharedWith,
    },
    io,
  )
  const signal = interruptSignal(io)
  const capacities: Capacity[] = []
  const solved = isOfCalls
    ? callCapacity(workload, flags.headroom)
    : planCapacity(workload, {
        headroom: flags.headroom,
        ...(flags.maxUsers ? { maxUsers: flags.maxUsers } : {}),
      })
  if (engines.has('plan')) capacities.push(solved)
  let guess = firstGuess(solved)
  // Stopped before its first trial, an engine has no answer; what the others found is still told.
  const unlessStopped = (error: unknown): undefined => {
    if (!signal.aborted) throw error
  }
  if (engines.has('simulate')) {
    const trials = simulatedTrials(workload, flags, guess)
    const simulated = await simulatedCapacity(file, flags.set, trials, io, signal).catch(unlessStopped)
    if (simulated) capacities.push(simulated)
    // An objective that is missed at any load says nothing of where to measure.
    if (simulated && levelValue(simulated.level) > 0) guess = firstGuess(simulated)
  }
  if (engines.has('load') && !signal.aborted) {
    const measured = await measure({ workload, file, flags, book }, guess, io, signal).catch(unlessStopped)
    if (measured) capacities.push(measured)
  }
  // What helps and what breaks next come from the algebra, asked for or not.
  const main = mainCapacity([...new Set([...capacities, solved])])
  const run = book.finish({
    capacities: capacities.map(withoutSpareSeries),
    // The algebra answers for calls by its own plan, not at a level of users.
    summaries: atSameLevel(workload, isOfCalls ? played(capacities) : capacities, flags.seed),
    verdict: verdictOf(workload, main, capacities),
    notes: [
      ...howSearchesKeepUp(capacities, flags.speed),
      ...capacities.flatMap((capacity) => rareFailureNotes(workload, capacity)),
      ...(isOfCalls ? callNotes(workload, solved) : planNotes(workload, solved)),
    ],
    ...(signal.aborted ? { interrupted: true } : {}),
  })
  process.exitCode = exitCodeOf(run)
  await writeReports(run, flags.report, book.folder?.path, io)
  return run
}

async function runFindAgainst(file: string, against: string, flags: FindFlags): Promise<void> {
  const io = createIo(flags)
  const startedAt = new Date()
  const { allowTarget: allowTargets, out } = flags
  requireAllowedOutputs(flags.report, allowTargets)
  const workload = readWorkload(file, flags.set, io)
  const isReal = isDeployment(against, flags.engine)
  requireNoneOf({ scrape: flags.scrape, live: flags.live })
  if (!isReal) noteFaults(workload, io)
  requireRealTime(workload, flags.speed)
  const sharedWith = isReal ? ['load generator', 'provider', 'both agents'] : []
  const speed = isReal ? flags.speed : 1
  const book = openRunBook({ verb: 'find', file, workload, speed, startedAt, out, sharedWith }, io)
  const scripts = isReal ? readScripts(workload, file) : undefined
  const onStray = strayNotes(io)
  const release = catchStrays(scripts ?? [], onStray)
  const findings = await findAgainst(
    workload,
    {
      ...flags,
      file,
      against,
      allowTargets,
      measured: {
        ...(scripts ? { scripts } : {}),
        ...(flags.workers > 1 ? { muster: loadThreads(flags.workers, { ...flags, file }, onStray) } : {}),
      },
      search: (solved, isSimulated) => {
        const guess = firstGuess(solved)
        return isSimulated
          ? simulatedTrials(workload, flags, guess)
          : measuredTrials(workload, flags, guess, io, 2)
      },
    },
    book,
    io,
    interruptSignal(io),
  ).finally(release)
  const run = book.finish(findings)
  process.exitCode = exitCodeOf(run)
  await writeReports(run, flags.report, book.folder?.path, io)
}

/** What scripts threw where nobody waited for it, each kind once. */
function strayNotes(io: Io): (message: string) => void {
  const strays = new Strays()
  return (message) => {
    if (strays.add(message)) io.note(strayNote(message))
  }
}

/** One page, or one endpoint, cannot tell of two deployments. */
function requireNoneOf(flags: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(flags))
    if (value !== undefined)
      throw new UserError(`--against and --${name} do not go together: they are two, and it tells of one`, {
        hint: `leave out --${name}, or look at each with a find of its own`,
      })
}

const played = (capacities: readonly Capacity[]): Capacity[] =>
  capacities.filter(({ origin }) => origin !== 'solved')

/** Where no limit is known, trials start low and climb: nobody means to send a million users at once. */
function firstGuess({ level, unbounded }: Capacity): Level {
  if (!unbounded) return level
  return 'users' in level
    ? { users: Math.min(level.users, 100) }
    : { sessionsPerSecond: Math.min(level.sessionsPerSecond, 1) }
}

const simulatedTrials = (workload: Workload, flags: FindFlags, guess: Level) => ({
  ...search(workload, flags, guess, simulatedWindow(workload, guess)),
  probes: 16,
})

/** Says what was chosen, where that was left open. */
function measuredTrials(workload: Workload, flags: FindFlags, guess: Level, io: Io, deployments = 1) {
  const probes = deployments * flags.probes
  const { window, notes } = trialWindow(workload, guess, { ...flags, probes })
  for (const note of notes) io.note(note)
  return search(workload, flags, guess, window)
}

function search(workload: Workload, flags: FindFlags, guess: Level, window: MeasuredWindow) {
  return {
    guess,
    ...(isPlayedAsCalls(workload) ? { phone: workload.phone } : {}),
    probes: flags.probes,
    ...window,
    headroom: flags.headroom,
    seed: flags.seed,
    ...(flags.maxUsers === undefined ? {} : { maxUsers: mostOf(workload, flags.maxUsers) }),
  }
}

/** Calls at once are tried as a rate: that many over how long one is (Little). */
const mostOf = (workload: Workload, maxUsers: number): number =>
  isPlayedAsCalls(workload) ? (maxUsers * 1000) / workload.phone!.duration.mean : maxUsers

/** A search, and the run that its records go into. */
interface FindRequest {
  readonly workload: Workload
  readonly file: string
  readonly flags: FindFlags
  readonly book: RunBook
}

async function measure(request: FindRequest, guess: Level, io: Io, signal: AbortSignal): Promise<Capacity> {
  const { workload, file, flags } = request
  const trials = measuredTrials(workload, flags, guess, io)
  const scripts = readScripts(workload, file)
  return withLivePage(flags.live, workload, io, { scripted: scripts !== undefined }, (live) =>
    measureBeside(live, { ...request, scripts, trials }, io, signal),
  )
}

async function measureBeside(
  live: LivePage | undefined,
  {
    workload,
    file,
    flags,
    book,
    scripts,
    trials,
  }: FindRequest & { readonly scripts: ReturnType<typeof readScripts>; readonly trials: Search },
  io: Io,
  signal: AbortSignal,
): Promise<Capacity> {
  const allowTargets = flags.allowTarget ?? []
  let purse: Purse | undefined
  let look: Awaited<ReturnType<typeof scrapeServer>> | undefined
  const settle = async (opened: World): Promise<void> => {
    if (flags.scrape !== undefined) look = await scrapeServer(flags.scrape, allowTargets)
    purse = purseFor(workload, opened, { ...trials, maxSpend: flags.maxSpend }, io)
  }
  const world = await checkedWorld(workload, { ...flags, file, allowTargets, settle }, io, signal)
  const onStray = strayNotes(io)
  const release = catchStrays(scripts ?? [], onStray)
  try {
    const how = {
      ...trials,
      speed: flags.speed,
      marker: flags.marker,
      ...(live ? { live } : {}),
      ...(purse ? { purse } : {}),
      ...(look ? { look } : {}),
      ...(scripts ? { scripts } : {}),
      ...(flags.workers > 1 ? { muster: loadThreads(flags.workers, { ...flags, file }, onStray) } : {}),
    }
    const stop = purse ? AbortSignal.any([signal, purse.empty]) : signal
    const capacity = await measuredCapacity(workload, world, how, book, io, stop)
    if (purse)
      io.note(
        `about ${formatUsd(purse.spentUsd)} were spent on the model${purse.empty.aborted ? ', which ended the search (--max-spend)' : ''}`,
      )
    return capacity
  } finally {
    release()
    await world.close()
  }
}

/** All three where there is an agent to load, the two that need none otherwise; `--engine` asks for one. */
function enginesOf(flags: FindFlags): ReadonlySet<string> {
  if (flags.engine && flags.engine !== 'all') return new Set([flags.engine])
  const canLoad = flags.engine === 'all' || flags.target || flags.start || flags.reference
  return new Set(canLoad ? ['plan', 'simulate', 'load'] : ['plan', 'simulate'])
}
