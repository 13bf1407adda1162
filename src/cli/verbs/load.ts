import type { Command } from 'commander'
import { wallClockMs } from '../../clock/now.ts'
import { version } from '../../result/version.ts'
import { type LoadResult, type LoadShape, runLoad } from '../../load/run-load.ts'
import type { SoakLimits } from '../../result/soak.ts'
import type { Summary } from '../../result/summary.ts'
import type { Stages } from '../../load/stages.ts'
import type { Workload } from '../../workload/workload.ts'
import type { ObjectiveLine } from '../../workload/parse-objective-line.ts'
import { UserError } from '../exit-codes.ts'
import { expectationText, type ExpectedLoad, expectedLoad, requireMaxSpend } from '../expected-load.ts'
import { type LivePage, withLivePage } from '../live-page.ts'
import { loadLine, loadNotes } from '../load-notes.ts'
import { LivePush } from '../live-push.ts'
import { loadThreads } from '../load-threads.ts'
import { collectThreshold, textsOf, withThresholds } from '../thresholds.ts'
import { GoldenRun, withoutGolden } from '../golden-run.ts'
import { interruptSignal } from '../interrupt.ts'
import { highestLevel, lengthMs, stages } from '../load-shape.ts'
import { createIo, type Io } from '../io.ts'
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
import { openLevel } from '../open-level.ts'
import { checkedWorld } from '../preflight.ts'
import { timeLeft } from '../progress-text.ts'
import { isPlayedAsCalls, requireRealTime } from '../calls.ts'
import { offeredCalls } from '../offered-calls.ts'
import { type GoldenFile, readGolden } from '../read-golden.ts'
import { readScripts, withScript } from '../read-script.ts'
import { readWorkload } from '../read-workload.ts'
import { withReportFlag, writeReports } from '../report-outputs.ts'
import { exitCodeOf, openRunBook, type RunBook } from '../run-book.ts'
import { scrapeServer } from '../scrape-server.ts'
import { type ReportOutput, requireAllowedOutputs } from '../send-report.ts'
import { catchStrays, Strays } from '../stray-errors.ts'
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

/** What a load test is asked to do, checked before anything is started. */
interface LoadRequest {
  readonly file: string
  readonly flags: Flags
  readonly workload: Workload
  readonly shape: LoadShape
  readonly scripts: ReturnType<typeof readScripts>
  readonly goldenFile: GoldenFile | undefined
  readonly expected: ExpectedLoad
  readonly startedAt: Date
}

/** What stands around a load test while it runs. */
interface Surroundings {
  readonly world: World
  readonly live: LivePage | undefined
  /** Looks at what the agent uses, where `--scrape` named its endpoint. */
  readonly look: Awaited<ReturnType<typeof scrapeServer>> | undefined
}

async function runLoadVerb(file: string, flags: Flags): Promise<void> {
  const io = createIo(flags)
  const request = requestOf(file, flags, io)
  const { workload, expected, scripts } = request
  const signal = interruptSignal(io)
  let look: Surroundings['look']
  const settle = async ({ providerUrl }: World): Promise<void> => {
    if (flags.scrape !== undefined) look = await scrapeServer(flags.scrape, flags.allowTarget)
    if (providerUrl !== undefined) return
    io.note(expectationText(expected))
    requireMaxSpend(expected, flags.maxSpend)
  }
  await withLivePage(flags.live, workload, io, { scripted: scripts !== undefined }, async (live) => {
    const options = { ...flags, file, allowTargets: flags.allowTarget, settle }
    const world = await checkedWorld(workload, options, io, signal)
    await playLoad(request, { world, live, look }, io, signal).finally(() => world.close())
  })
}

function requestOf(file: string, flags: Flags, io: Io): LoadRequest {
  const startedAt = new Date()
  requireAllowedOutputs(flags.report, flags.allowTarget)
  const read = withThresholds(readWorkload(file, flags.set, io), flags.threshold)
  const workload = withScript(read, flags.script)
  requireRealTime(workload, flags.speed)
  const shape = shapeOf(workload, flags)
  requireMaxUsers(shape, flags.maxUsers)
  const scripts = readScripts(workload, file)
  requireStartedAgent(flags)
  const goldenFile = flags.golden === undefined ? undefined : readGolden(flags.golden)
  const expected = expectedLoad(workload, shape, lengthMs(shape, flags.warmUp), flags)
  return { file, flags, workload, shape, scripts, goldenFile, expected, startedAt }
}

async function playLoad(
  request: LoadRequest,
  { world, live, look }: Surroundings,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  const { file, flags, workload, shape, scripts } = request
  const { speed } = flags
  const book = openBook(request, world, io)
  const level = highestLevel(shape)
  const window = { warmupMs: flags.warmUp, measuredMs: flags.duration }
  const probe = book.folder?.records.beginProbe({ origin: 'measured', level, seed: flags.seed, ...window })
  const run = { runId: book.runId, version, workload }
  const phone = isPlayedAsCalls(workload) ? workload.phone : undefined
  const push = new LivePush({ outputs: flags.report, run, level, phone, now: wallClockMs }, io)
  let scriptThrew = false
  const strays = new Strays()
  const onStray = (message: string): void => void strays.add(message)
  const release = catchStrays(scripts ?? [], onStray)
  const line = io.progress(`loading for ${timeLeft(lengthMs(shape, flags.warmUp) / speed)}`)
  try {
    const golden = await startedGolden(request, world, book.runId, signal)
    const loaded = await runLoad(
      workload,
      {
        ...shape,
        ...sides(workload, world, { ...flags, ...(look ? { look } : {}) }),
        ...limitsOf(request, world, golden),
        warmupMs: flags.warmUp,
        seed: flags.seed,
        runId: book.runId,
        onProgress: (progress) => {
          line.update(loadLine(progress, flags))
          live?.show(progress)
          push.show(progress)
        },
        ...(scripts ? { scripts } : {}),
        ...(flags.soak === undefined ? {} : { soak: soakLimits(flags.soak) }),
        ...(flags.workers > 1 ? { muster: loadThreads(flags.workers, { ...flags, file }, onStray) } : {}),
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
    const { interrupted, stopped } = loaded
    const summary = await judged(request, loaded, golden)
    const length = { lengthMs: lengthMs(shape, flags.warmUp), speed }
    const notes = loadNotes({ workload, level, ...length, loaded, summary, strays: strays.notes() })
    const told = book.finish({ summaries: [summary], capacities: [], verdict: [], notes, interrupted })
    process.exitCode = exitCodeOf(told, {
      missed: stopped?.failed === true,
      threw: scriptThrew || strays.some,
    })
    await writeReports(told, flags.report, book.folder?.path, io)
  } finally {
    release()
    line.done()
  }
}

function openBook({ file, flags, workload, startedAt }: LoadRequest, world: World, io: Io): RunBook {
  const sharedWith = [
    'load generator',
    ...(world.providerUrl ? ['provider'] : []),
    ...(world.agent ? ['agent'] : []),
  ]
  const thresholds = textsOf(flags.threshold)
  const { speed, out } = flags
  return openRunBook({ verb: 'load', file, workload, thresholds, speed, startedAt, out, sharedWith }, io)
}

/** The golden questions of `--golden`, asked idle first and under load from now on. */
async function startedGolden(
  { flags, workload, goldenFile, expected }: LoadRequest,
  world: World,
  runId: string,
  signal: AbortSignal,
): Promise<GoldenRun | undefined> {
  if (!goldenFile) return undefined
  const golden = new GoldenRun(workload, goldenFile, {
    ...sides(workload, world, flags),
    ...flags,
    runId,
    isRealModel: world.providerUrl === undefined,
    turnUsd: expected.turnUsd,
  })
  await golden.askIdle(signal)
  golden.begin()
  return golden
}

/** The summary with what is held against it: what the file assumes, golden answers, whether the generator kept up. */
async function judged(
  { workload, shape }: LoadRequest,
  { summary }: LoadResult,
  golden: GoldenRun | undefined,
): Promise<Summary> {
  // Stages have no level that a steady simulation could be held against.
  const alone = shape.level ? await withAssumed(workload, summary) : summary
  return unjudged(golden ? await golden.end(alone) : withoutGolden(alone, workload))
}

/** When to stop, and what a turn costs where its model may be real. */
function limitsOf(
  { flags, expected: { turnUsd } }: LoadRequest,
  { providerUrl }: World,
  golden: GoldenRun | undefined,
) {
  const { maxTurns, maxUsers, stopOnSaturation } = flags
  const maxSpendUsd = golden ? golden.forUsersUsd : flags.maxSpend
  return {
    ...(maxTurns === undefined ? {} : { maxTurns }),
    ...(maxSpendUsd === undefined ? {} : { maxSpendUsd }),
    ...(maxUsers === undefined ? {} : { maxUsers }),
    ...(stopOnSaturation ? { stopOnSaturation } : {}),
    ...(providerUrl === undefined && turnUsd !== undefined ? { turnUsd } : {}),
  }
}

/** A kilobyte, and a socket in a hundred sessions, are lost in what any server does. */
function soakLimits(memoryBytes: number | true): SoakLimits {
  return { memoryBytes: memoryBytes === true ? 1000 : memoryBytes, descriptors: 0.01 }
}

function requireStartedAgent({ soak, start, reference }: Flags): void {
  if (soak !== undefined && start === undefined && !reference)
    throw new UserError('--soak looks into the processes of an agent that was started here', {
      hint: 'start it with --start "command"',
    })
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
