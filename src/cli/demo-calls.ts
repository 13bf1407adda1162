import type { Capacity } from '../result/capacity.ts'
import { formatMs } from '../result/figure-text.ts'
import { atOnceText, callsAtOnce } from '../result/load-words.ts'
import type { Run, VerdictLine } from '../result/run.ts'
import type { Summary } from '../result/summary.ts'
import { simulate } from '../simulate/simulate.ts'
import type { Phone } from '../workload/phone.ts'
import type { Workload } from '../workload/workload.ts'
import { minuteMs } from '../workload/units.ts'
import { howToKeepUp } from './how-to-keep-up.ts'
import { interruptSignal } from './interrupt.ts'
import type { Io } from './io.ts'
import { type LivePage, withLivePage } from './live-page.ts'
import { type MeasuredRunnerOptions, measuredRunner } from './measured-runner.ts'
import { type CheckedWorldOptions, checkedWorld } from './preflight.ts'
import { readWorkload } from './read-workload.ts'
import { exitCodeOf, openRunBook } from './run-book.ts'
import type { World } from './world.ts'

/** Real calls of a demo: short, so that a minute has many of them, and no more than any machine plays beside the rest. */
const longestMs = 15_000
const mostAtOnce = 20
const window = { warmupMs: 25_000, measuredMs: 45_000 }

export interface RealCalls {
  /** What the file is told on top, in the form of `--set`. */
  readonly set: readonly string[]
  readonly atOnce: number
  readonly meanMs: number
}

/** As many calls at once as the answer says to run at, each of them short: they come as much more often. */
export function realCallsOf({ duration }: Phone, capacity: Capacity | undefined): RealCalls {
  const carried = capacity && callsAtOnce(capacity, capacity.runAt)
  const atOnce = Math.min(mostAtOnce, carried !== undefined && carried > 0 ? carried : mostAtOnce)
  const meanMs = Math.min(duration.mean, longestMs)
  const cv = Math.sqrt(duration.variance) / duration.mean
  const text = `${Math.round(meanMs)}ms`
  const set = [
    ...(meanMs < duration.mean
      ? [`phone.duration=${cv > 0 ? `lognormal(mean ${text} cv ${Number(cv.toPrecision(3))})` : text}`]
      : []),
    `phone.calls=${Number(((atOnce / meanMs) * minuteMs).toPrecision(4))}/min`,
  ]
  return { set, atOnce, meanMs }
}

interface RealCallsOptions
  extends
    Omit<CheckedWorldOptions, 'allowTargets' | 'reference' | 'speed'>,
    Pick<MeasuredRunnerOptions, 'muster'> {
  readonly live?: number | true
  readonly marker: 'suffix' | 'none'
  readonly out: string
}

/** A minute of real calls on the reference agent, the same minute simulated beside it. */
export async function playRealCalls(
  found: Run,
  options: RealCallsOptions,
  phone: Phone,
  io: Io,
): Promise<Run> {
  const startedAt = new Date()
  const calls = realCallsOf(phone, found.capacities.at(-1))
  const set = [...options.set, ...calls.set]
  const workload = readWorkload(options.file, set, io)
  io.note(introduction(phone, calls))
  const signal = interruptSignal(io)
  const around = { ...options, set, speed: 1, reference: true, allowTargets: [] }
  return withLivePage(options.live, workload, io, {}, async (live) => {
    const world = await checkedWorld(workload, around, io, signal)
    return play({ workload, calls, startedAt, world, live }, options, io, signal).finally(() => world.close())
  })
}

/** Calls to play, and what stands around them while they are played. */
interface Minute {
  readonly workload: Workload
  readonly calls: RealCalls
  readonly startedAt: Date
  readonly world: World
  readonly live: LivePage | undefined
}

async function play(
  { workload, calls, startedAt, world, live }: Minute,
  { file, seed, marker, out, muster }: RealCallsOptions,
  io: Io,
  signal: AbortSignal,
): Promise<Run> {
  const sharedWith = ['load generator', 'provider', 'agent']
  const book = openRunBook({ verb: 'demo', file, workload, speed: 1, startedAt, out, sharedWith }, io)
  const line = io.progress('a minute of real calls')
  const probe = { level: levelOf(workload), seed, ...window }
  const records = book.folder?.records
  const runner = measuredRunner(workload, world, {
    runId: book.runId,
    speed: 1,
    marker,
    onFault: (message, count) => io.note(`the agent, ${count} times: ${message}`),
    ...(live ? { live } : {}),
    ...(muster ? { muster } : {}),
    ...(records ? { open: (begun) => records.beginProbe({ origin: 'measured', ...begun }) } : {}),
  })
  const measured = await runner(probe, signal).finally(() => line.done())
  const run = book.finish({
    capacities: [],
    summaries: [simulate(workload, probe), measured],
    verdict: verdictOf(measured, calls),
    notes: howToKeepUp([measured], 1),
    ...(signal.aborted ? { interrupted: true } : {}),
  })
  process.exitCode = exitCodeOf(run)
  return run
}

const levelOf = ({ phone }: Workload): { sessionsPerSecond: number } => ({
  sessionsPerSecond: phone!.callsPerMinute / 60,
})

function introduction({ duration }: Phone, { atOnce, meanMs }: RealCalls): string {
  const short = meanMs < duration.mean ? `, of ${formatMs(meanMs)} instead of ${formatMs(duration.mean)}` : ''
  return `and now a minute of real calls, since sound cannot be compressed: about ${atOnceText(atOnce)} at once${short}`
}

function verdictOf({ phone, latency }: Summary, drawn: RealCalls): VerdictLine[] {
  if (!phone) return []
  const { active, calls } = phone
  // Whoever waits for answers is on the line for longer than was drawn.
  const meanMs = phone.durationMs?.mean ?? drawn.meanMs
  const answered = latency.ttftMs ? `; 95 % of the answers began within ${formatMs(latency.ttftMs.p95)}` : ''
  return [
    {
      label: '',
      text: `${atOnceText(active.mean)} real calls at once, of about ${formatMs(meanMs)}: ${calls.completed} of ${calls.ended} came to their end${answered}.`,
    },
  ]
}
