import type { Command } from 'commander'
import { wallClockMs } from '../../clock/now.ts'
import { howToKeepUp } from '../how-to-keep-up.ts'
import { version } from '../../result/version.ts'
import { type LoadProgress, type LoadResult, type LoadShape, runLoad } from '../../load/run-load.ts'
import type { SoakLimits } from '../../result/soak.ts'
import type { Summary } from '../../result/summary.ts'
import type { FaultCount } from '../../load/fault-samples.ts'
import type { Stages } from '../../load/stages.ts'
import type { Workload } from '../../workload/workload.ts'
import type { ObjectiveLine } from '../../workload/parse-objective-line.ts'
import { UserError } from '../exit-codes.ts'
import { expectationText, expectedLoad, requireMaxSpend, spendText } from '../expected-load.ts'
import { startLivePage } from '../live-page.ts'
import { LivePush } from '../live-push.ts'
import { loadThreads } from '../load-threads.ts'
import { collectThreshold, textsOf, withThresholds } from '../thresholds.ts'
import { GoldenRun, unjudgedNote, withoutGolden } from '../golden-run.ts'
import { interruptSignal } from '../interrupt.ts'
import { highestLevel, lengthMs, stages } from '../load-shape.ts'
import { createIo } from '../io.ts'
import { sides } from '../measured-runner.ts'
import {
  type CommonFlags,
  arrivals,
  duration,
  memory,
  port,
  positiveNumber,
  positiveWhole,
  withCommonFlags,
  withDetailsFlag,
  warmUpTime,
} from '../options.ts'
import { arrivalNotes, openLevel } from '../open-level.ts'
import { checkedWorld } from '../preflight.ts'
import { timeLeft } from '../progress-text.ts'
import { blockedNotes, isPlayedAsCalls, requireRealTime } from '../calls.ts'
import { offeredCalls } from '../offered-calls.ts'
import { onlySimulated } from '../../workload/only-simulated.ts'
import { readGolden } from '../read-golden.ts'
import { readScripts, withScript } from '../read-script.ts'
import { readWorkload } from '../read-workload.ts'
import { withReportFlag, writeReports } from '../report-outputs.ts'
import { exitCodeOf, openRunBook } from '../run-book.ts'
import { scrapeServer } from '../scrape-server.ts'
import { type ReportOutput, requireAllowedOutputs } from '../send-report.ts'
import { catchStrays } from '../stray-errors.ts'
import { rowNotes } from '../row-notes.ts'
import {
  flagGroups,
  type TargetFlags,
  withScrapeFlag,
  withTargetFlags,
  withUserFlags,
} from '../target-flags.ts'
import { unjudged } from '../unjudged.ts'
import type { World } from '../world.ts'
import { withAssumed } from '../with-assumed.ts'

interface Flags extends CommonFlags, TargetFlags {
  readonly users?: number
  readonly arrivals?: number | 'trace'
  readonly stages?: Stages
  readonly maxUsers?: number
  readonly scrape?: string
  readonly duration: number
  readonly warmUp: number
  readonly rampUp?: number
  readonly speed: number
  readonly marker: 'suffix' | 'none'
  readonly preflight: boolean
  readonly threshold: readonly ObjectiveLine[]
  readonly workers: number
  readonly maxTurns?: number
  readonly maxSpend?: number
  readonly stopOnSaturation?: boolean
  readonly live?: number | true
  readonly out: string
  readonly report: readonly ReportOutput[]
  readonly script?: string
  readonly soak?: number | true
  readonly golden?: string
}

/** `plimsoll load FILE`: real users against a real agent server. */
export function load(program: Command): void {
  const command = program.command('load').argument('<file>', 'workload file')
  withScrapeFlag(withTargetFlags(command, 'load'))
    .option('--no-preflight', 'do not try one turn before the load')
    .optionsGroup(flagGroups.level)
    .option('--users <number>', 'concurrent users', positiveWhole)
    .option(
      '--arrivals <rate>',
      'instead of users: sessions that start per time, such as 3/s; or trace, the starts in users.arrivals.trace',
      arrivals,
    )
    .option(
      '--stages <list>',
      'ramps, each time:users, such as 1m:10,3m:50, or time:sessions, such as 1m:3/s',
      stages,
    )
    .option(
      '--max-users <number>',
      'at most this many at once; sessions of --arrivals beyond that are turned away and counted',
      positiveWhole,
    )
    .option(
      '--duration <time>',
      'how long is counted, after the warm-up, before --speed shortens it',
      duration,
      300_000,
    )
    .option(
      '--warm-up <time>',
      'time at the start that is not counted, before --speed shortens it',
      warmUpTime,
      120_000,
    )
    .option('--ramp-up <time>', 'users start one by one over this time instead of at once', duration)
    .option('--speed <factor>', 'time compression, for demos and first looks', positiveNumber, 1)
  withUserFlags(command)
    .option(
      '--script <file>',
      'a TypeScript file that says what users do, instead of the turns of the workload file',
    )
    .optionsGroup(flagGroups.limits)
    .option(
      '--threshold <text>',
      "one objective more, in the file's words or k6's, such as 'http_req_duration: p(95)<10000' (repeatable)",
      collectThreshold,
      [],
    )
    .option('--max-turns <number>', 'start no more turns than this', positiveWhole)
    .option(
      '--max-spend <dollars>',
      "no turn begins that could take the model's cost beyond this",
      positiveNumber,
    )
    .option('--stop-on-saturation', 'with --arrivals: end the run when turns pile up')
    .optionsGroup(flagGroups.report)
    .option(
      '--soak [memory]',
      'with --start: look for leaks, memory that each ended session leaves in the agent; more than this is one (default: 1kB)',
      memory,
    )
    .option('--golden <file>', 'questions with known answers, asked before and during the load')
    .option('--live [port]', 'a page that shows the run while it goes on', port)
    .option('--out <folder>', 'where runs are saved', 'runs')
  withDetailsFlag(withReportFlag(command))
  withCommonFlags(command.optionsGroup(flagGroups.common))
    .summary('play users against an agent over HTTP, and measure')
    .description('Plays the users of the file against an agent and reports what both sides saw.')
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll load my.yaml --target http://localhost:8000 --users 50 --duration 5m',
    )
    .action(runLoadVerb)
}

async function runLoadVerb(file: string, flags: Flags): Promise<void> {
  const io = createIo(flags)
  const startedAt = new Date()
  requireAllowedOutputs(flags.report, flags.allowTarget)
  const workload = withScript(
    withThresholds(readWorkload(file, flags.set, io), flags.threshold),
    flags.script,
  )
  requireRealTime(workload, flags.speed)
  const shape = shapeOf(workload, flags)
  requireMaxUsers(shape, flags.maxUsers)
  const scripts = readScripts(workload, file)
  if (flags.soak !== undefined && flags.start === undefined && !flags.reference)
    throw new UserError('--soak looks into the processes of an agent that was started here', {
      hint: 'start it with --start "command"',
    })
  const goldenFile = flags.golden === undefined ? undefined : readGolden(flags.golden)
  const signal = interruptSignal(io)
  const expected = expectedLoad(workload, shape, lengthMs(shape, flags.warmUp), flags)
  let look: Awaited<ReturnType<typeof scrapeServer>> | undefined
  const settle = async ({ providerUrl }: World): Promise<void> => {
    if (flags.scrape !== undefined) look = await scrapeServer(flags.scrape, flags.allowTarget)
    if (providerUrl !== undefined) return
    io.note(expectationText(expected))
    requireMaxSpend(expected, flags.maxSpend)
  }
  const around = { ...flags, file, allowTargets: flags.allowTarget, settle }
  const world = await checkedWorld(workload, around, io, signal)
  const sharedWith = [
    'load generator',
    ...(world.providerUrl ? ['provider'] : []),
    ...(world.agent ? ['agent'] : []),
  ]
  const book = openRunBook(
    {
      verb: 'load',
      file,
      workload,
      thresholds: textsOf(flags.threshold),
      speed: flags.speed,
      startedAt,
      out: flags.out,
      sharedWith,
    },
    io,
  )
  const level = highestLevel(shape)
  const window = { warmupMs: flags.warmUp, measuredMs: flags.duration }
  const probe = book.folder?.records.beginProbe({ origin: 'measured', level, seed: flags.seed, ...window })
  const live =
    flags.live === undefined
      ? undefined
      : await startLivePage(workload, flags.live === true ? 0 : flags.live, {
          scripted: scripts !== undefined,
        })
  if (live) io.note(`live: ${live.url}`)
  const run = { runId: book.runId, version, workload }
  const phone = isPlayedAsCalls(workload) ? workload.phone : undefined
  const push = new LivePush({ outputs: flags.report, run, level, phone, now: wallClockMs }, io)
  let scriptThrew = false
  const strays = new Set<string>()
  const onStray = (message: string): void => void strays.add(message)
  const release = catchStrays(scripts ?? [], onStray)
  const line = io.progress(`loading for ${timeLeft(lengthMs(shape, flags.warmUp) / flags.speed)}`)
  try {
    const golden =
      goldenFile &&
      new GoldenRun(workload, goldenFile, {
        ...sides(workload, world, flags),
        ...flags,
        runId: book.runId,
        isRealModel: world.providerUrl === undefined,
        turnUsd: expected.turnUsd,
      })
    await golden?.askIdle(signal)
    golden?.begin()
    const loaded = await runLoad(
      workload,
      {
        ...shape,
        ...sides(workload, world, { ...flags, ...(look ? { look } : {}) }),
        warmupMs: flags.warmUp,
        seed: flags.seed,
        runId: book.runId,
        onProgress: (progress) => {
          line.update(loadLine(progress, flags))
          live?.show(progress)
          push.show(progress)
        },
        ...stopFlags({ ...flags, maxSpend: golden ? golden.forUsersUsd : flags.maxSpend }),
        ...(scripts ? { scripts } : {}),
        ...(flags.maxUsers === undefined ? {} : { maxUsers: flags.maxUsers }),
        ...(flags.soak === undefined ? {} : { soak: soakLimits(flags.soak) }),
        ...(flags.workers > 1 ? { muster: loadThreads(flags.workers, { ...flags, file }, onStray) } : {}),
        ...(world.providerUrl === undefined && expected.turnUsd !== undefined
          ? { turnUsd: expected.turnUsd }
          : {}),
        sink: (record) => {
          probe?.sink(record)
          live?.ended(record)
          if (record.kind === 'turn') {
            push.ended(record)
            scriptThrew ||= record.errorKind === 'script'
          }
        },
      },
      signal,
    )
    line.done()
    probe?.end()
    await push.close()
    const { faults, interrupted, stopped, spend } = loaded
    // Stages have no level that a steady simulation could be held against.
    const alone = shape.level ? await withAssumed(workload, loaded.summary) : loaded.summary
    const summary = unjudged(golden ? await golden.end(alone) : withoutGolden(alone, workload))
    const notes = [
      ...endedEarly(stopped, summary),
      ...(spend.usd === undefined ? [] : [spendText(spend)]),
      ...[...strays].map((message) => `not awaited: ${message}`),
      ...faults.map(faultText),
      ...arrivalNotes(workload, level, lengthMs(shape, flags.warmUp)),
      ...rowNotes(workload, level),
      ...unjudgedNote(summary),
      ...onlySimulated(workload),
      ...blockedNotes(workload, summary),
    ]
    if (summary.generator?.valid === false)
      notes.push(howToKeepUp(flags.speed, summary.phone ? 'calls' : 'users'))
    const told = book.finish({ summaries: [summary], capacities: [], verdict: [], notes, interrupted })
    process.exitCode = exitCodeOf(told, {
      missed: stopped?.failed === true,
      threw: scriptThrew || strays.size > 0,
    })
    await writeReports(told, flags.report, book.folder?.path, io)
  } finally {
    release()
    line.done()
    await live?.close()
    await world.close()
  }
}

/** Held against the counts of the summary, which are those of the window. */
function faultText({ message, count, outside }: FaultCount): string {
  if (count === 0) return `${outside} × ${message}, all outside the measured window`
  return `${count} × ${message}${outside > 0 ? ` (and ${outside} × outside the measured window)` : ''}`
}

/** A kilobyte, and a socket in a hundred sessions, are lost in what any server does. */
function soakLimits(memoryBytes: number | true): SoakLimits {
  return { memoryBytes: memoryBytes === true ? 1000 : memoryBytes, descriptors: 0.01 }
}

function stopFlags({
  maxTurns,
  maxSpend,
  stopOnSaturation,
}: Pick<Flags, 'maxTurns' | 'stopOnSaturation'> & { readonly maxSpend: number | undefined }) {
  return {
    ...(maxTurns === undefined ? {} : { maxTurns }),
    ...(maxSpend === undefined ? {} : { maxSpendUsd: maxSpend }),
    ...(stopOnSaturation ? { stopOnSaturation } : {}),
  }
}

/** A generator that did not keep up blames nobody: what it measured ended the run, and that is all. */
function endedEarly(stopped: LoadResult['stopped'], { generator }: Summary): string[] {
  if (!stopped) return []
  if (!stopped.failed || generator?.valid !== false) return [`ended early: ${stopped.reason}`]
  return [`ended early, which says nothing of the agent, as the generator did not keep up: ${stopped.reason}`]
}

function loadLine(progress: LoadProgress, { speed, warmUp }: Flags): string {
  const left = timeLeft((progress.untilMs - progress.atMs) / speed)
  const phase = progress.atMs < warmUp ? 'warming up, ' : ''
  const who = progress.onTheLine === undefined ? 'users' : 'calls'
  const counts = `${progress.completed} turns answered, ${progress.failed + progress.rejected + progress.abandoned} not`
  return `${phase}${progress.onTheLine ?? Math.round(progress.level)} ${who}, ${counts}, ${left} left`
}

/** Closed users are as many as was said: more than wanted is a mistake before anything is sent. */
function requireMaxUsers(shape: LoadShape, maxUsers = Infinity): void {
  const level = highestLevel(shape)
  if ('users' in level && level.users > maxUsers)
    throw new UserError(`${level.users} users are more than --max-users ${maxUsers}`)
}

function shapeOf(workload: Workload, flags: Flags): LoadShape {
  if (isPlayedAsCalls(workload)) {
    const level = offeredCalls(workload, flags)
    return { level, measuredMs: flags.duration }
  }
  const chosen = [flags.users, flags.arrivals, flags.stages].filter((value) => value !== undefined).length
  if (chosen !== 1)
    throw new UserError(
      chosen === 0 ? 'how much load?' : 'one of --users, --arrivals and --stages, not several',
      {
        hint: '--users 50, --arrivals 3/s or --stages 1m:10,3m:50',
      },
    )
  const ramp = flags.rampUp === undefined ? {} : { rampMs: flags.rampUp }
  if (flags.stages) return { stages: flags.stages }
  const level = flags.users === undefined ? openLevel(workload, flags.arrivals!) : { users: flags.users }
  return { level, measuredMs: flags.duration, ...ramp }
}
