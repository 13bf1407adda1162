import { findCapacity } from '../find/find-capacity.ts'
import type { Probe, Runner } from '../find/runner.ts'
import type { Capacity } from '../result/capacity.ts'
import { simulateRunner } from '../simulate/simulate.ts'
import { type Level, levelText } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { monotonicMs } from '../clock/now.ts'
import type { Io } from './io.ts'
import type { LivePage } from './live-page.ts'
import { type MeasuredRunnerOptions, measuredRunner } from './measured-runner.ts'
import { progressText } from './progress-text.ts'
import type { RunBook } from './run-book.ts'
import type { World } from './world.ts'

/** How an engine looks for the capacity. */
export interface Search {
  readonly guess: Level
  readonly probes: number
  readonly warmupMs: number
  readonly measuredMs: number
  readonly headroom: number
  readonly seed: number
  readonly maxUsers?: number
}

/** The capacity by simulation; every probe's records go into the run. */
export function simulatedCapacity(
  workload: Workload,
  search: Search,
  book: RunBook,
  io: Io,
  signal: AbortSignal,
): Promise<Capacity> {
  return looked('simulated probe', simulateRunner(workload), search, io, signal)
}

export interface MeasuredSearch extends Search {
  readonly speed: number
  readonly marker: 'suffix' | 'none'
  readonly live?: LivePage
  readonly scripts?: MeasuredRunnerOptions['scripts']
  readonly muster?: MeasuredRunnerOptions['muster']
}

/** The capacity by real users on the agent of `world`; every record goes into the run as it happens. */
export async function measuredCapacity(
  workload: Workload,
  world: World,
  search: MeasuredSearch,
  book: RunBook,
  io: Io,
  signal: AbortSignal,
): Promise<Capacity> {
  const { runId, folder } = book
  const runner = measuredRunner(workload, world, {
    runId,
    speed: search.speed,
    marker: search.marker,
    onFault: (message, count) => io.note(`the agent, ${count} times: ${message}`),
    ...(search.live ? { live: search.live } : {}),
    ...(search.scripts ? { scripts: search.scripts } : {}),
    ...(search.muster ? { muster: search.muster } : {}),
    ...(folder
      ? { open: (probe: Probe) => folder.records.beginProbe({ origin: 'measured', ...probe }) }
      : {}),
  })
  const wallMsPerProbe = (search.warmupMs + search.measuredMs) / search.speed
  return looked('measured probe', runner, search, io, signal, wallMsPerProbe)
}

/** Runs the search under a progress line. A probe's wall time is learnt from the probes before where not known. */
async function looked(
  what: string,
  runner: Runner,
  search: Search,
  io: Io,
  signal: AbortSignal,
  wallMsPerProbe?: number,
): Promise<Capacity> {
  const line = io.progress(`${what} 1`)
  const startedAtMs = monotonicMs()
  let done = 0
  const draw = (level: Level, within: number): void => {
    const perProbe = wallMsPerProbe ?? (monotonicMs() - startedAtMs) / Math.max(1, done)
    const leftMs = perProbe * Math.max(0, search.probes - done - within)
    const left = done === 0 && wallMsPerProbe === undefined ? {} : { leftMs }
    line.update(
      progressText({
        what,
        done,
        total: Math.max(search.probes, done + 1),
        detail: levelText(level),
        ...left,
      }),
    )
  }
  const shown: Runner = async (probe, stop) => {
    draw(probe.level, 0)
    const summary = await runner(probe, stop)
    done++
    return summary
  }
  try {
    return await findCapacity(shown, search, signal)
  } finally {
    line.done()
  }
}
