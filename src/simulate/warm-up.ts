import { nextTurnOfLoop } from '../clock/next-turn-of-loop.ts'
import type { SeriesPoint } from '../result/summary.ts'
import { mser5 } from '../stats/mser.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import type { Meter } from './meter.ts'
import { Simulation } from './simulation.ts'

/** How much to leave out at the start of a run, and how that was found. */
export interface WarmUp {
  readonly warmupMs: number
  /** False: what was watched never became level, and half of it is left out for want of better. */
  readonly steady: boolean
  /** What decided, in words; absent where nothing did. */
  readonly rule?: string
  /** Simulated to find out. */
  readonly pilotMs: number
}

export interface WarmUpOptions {
  readonly level: Level
  readonly seed: number
  /** Pilot runs grow up to this. */
  readonly mostMs: number
}

const firstPilotMs = 1_200_000
const points = 500
/** All begin at once, and with nothing said, which looks level until turns and conversations are as long as they get. */
const lengths = { seen: 4, leftOut: 2 }

/**
 * The warm-up by MSER-5 on a pilot run with the same seed: the latest of what users, turns and calls in flight, the
 * fullest quota, refusals and errors need to become level, and no less than a few turns take, or sessions that come, or
 * conversations to grow.
 * A pilot in which one of them does not, or which is not long against these, is doubled, up to `mostMs`.
 */
export async function chooseWarmUp(
  workload: Workload,
  options: WarmUpOptions,
  signal: AbortSignal,
): Promise<WarmUp> {
  const { level, seed, mostMs } = options
  for (let pilotMs = Math.min(firstPilotMs, mostMs); ; pilotMs = Math.min(2 * pilotMs, mostMs)) {
    const meter = await pilot(workload, { level, seed, pilotMs }, signal)
    const sessionMs = 'sessionsPerSecond' in level ? sessionLength(meter, pilotMs) : 0
    const lengthMs = Math.max(sessionMs, lengthOf(meter, pilotMs, growingTurns(workload)))
    const dropped = lengths.seen * lengthMs <= pilotMs ? droppedPoints(meter.series) : undefined
    if (dropped !== undefined) {
      const least = Math.floor((lengths.leftOut * lengthMs * points) / pilotMs)
      const what = workload.phone?.alone ? 'calls' : 'turns and conversations'
      const rule = dropped < least ? `for ${what} to be as long as they get` : 'by MSER-5'
      return { warmupMs: (Math.max(dropped, least) * pilotMs) / points, steady: true, rule, pilotMs }
    }
    if (pilotMs >= mostMs) return { warmupMs: pilotMs / 2, steady: false, pilotMs }
  }
}

async function pilot(
  workload: Workload,
  { level, seed, pilotMs }: { level: Level; seed: number; pilotMs: number },
  signal: AbortSignal,
): Promise<Meter> {
  const window = { warmupMs: 0, measuredMs: pilotMs }
  const simulation = new Simulation(workload, { level, seed, ...window, seriesPoints: points }, () => {})
  while (!simulation.goOn()) {
    await nextTurnOfLoop()
    signal.throwIfAborted()
  }
  return simulation.meter
}

/** Turns of a session before which its calls read less than usual, the most of any scenario; 0 where no history is sent. */
export function growingTurns({ scenarios }: Workload): number {
  return Math.max(...scenarios.map(({ input, turns }) => Math.min(turns.mean - 1, input.historyMessages / 2)))
}

/**
 * How long a session that came is there, by Little's law: of open load nobody is there at first, and where they are few it
 * hides in chance that there are to be more. Before one has ended nothing is known of that.
 */
function sessionLength({ series, sessionsEnded }: Meter, pilotMs: number): number {
  if (sessionsEnded === 0) return Infinity
  const there = series.reduce((sum, { users }) => sum + users, 0) / series.length
  return (there / sessionsEnded) * pilotMs
}

/** How long a turn takes, or a conversation grows, by the same law: what was there to what ended as the one to the pilot. */
function lengthOf(meter: Meter, pilotMs: number, growing: number): number {
  const { completed, failed, abandoned, rejected } = meter.turnCounts()
  let there = 0
  for (const { turnsInFlight = 0, users } of meter.series)
    there += Math.max(turnsInFlight, users * growing) / meter.series.length
  return there === 0 ? 0 : (there / (completed + failed + abandoned + rejected)) * pilotMs
}

const watched: readonly ((point: SeriesPoint) => number)[] = [
  (point) => point.users,
  (point) => point.turnsInFlight ?? 0,
  (point) => point.callsInFlight ?? 0,
  (point) => point.quotaUsed ?? 0,
  (point) => point.rateLimited ?? 0,
  (point) => point.errors,
]

function droppedPoints(series: readonly SeriesPoint[]): number | undefined {
  let most = 0
  for (const pick of watched) {
    const dropped = mser5(series.map(pick))
    if (dropped === undefined) return undefined
    most = Math.max(most, dropped)
  }
  return most
}
