import { nextTurnOfLoop } from '../clock/next-turn-of-loop.ts'
import type { SeriesPoint } from '../result/summary.ts'
import { mser5 } from '../stats/mser.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { Simulation } from './simulation.ts'

/** How much to leave out at the start of a run, and how that was found. */
export interface WarmUp {
  readonly warmupMs: number
  /** False: what was watched never became level, and half of it is left out for want of better. */
  readonly steady: boolean
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

/**
 * The warm-up by MSER-5 on a pilot run with the same seed: the latest of what users, turns and calls in flight, the
 * fullest quota, refusals and errors need to become level. A pilot in which one of them does not is doubled, up to `mostMs`.
 */
export async function chooseWarmUp(
  workload: Workload,
  options: WarmUpOptions,
  signal: AbortSignal,
): Promise<WarmUp> {
  const { level, seed, mostMs } = options
  for (let pilotMs = Math.min(firstPilotMs, mostMs); ; pilotMs = Math.min(2 * pilotMs, mostMs)) {
    const series = await pilot(workload, { level, seed, pilotMs }, signal)
    const dropped = droppedPoints(series)
    if (dropped !== undefined) return { warmupMs: (dropped * pilotMs) / points, steady: true, pilotMs }
    if (pilotMs >= mostMs) return { warmupMs: pilotMs / 2, steady: false, pilotMs }
  }
}

async function pilot(
  workload: Workload,
  { level, seed, pilotMs }: { level: Level; seed: number; pilotMs: number },
  signal: AbortSignal,
): Promise<readonly SeriesPoint[]> {
  const window = { warmupMs: 0, measuredMs: pilotMs }
  const simulation = new Simulation(workload, { level, seed, ...window, seriesPoints: points }, () => {})
  while (!simulation.goOn()) {
    await nextTurnOfLoop()
    signal.throwIfAborted()
  }
  return simulation.meter.series
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
