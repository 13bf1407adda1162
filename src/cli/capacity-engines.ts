import { findCapacity } from '../find/find-capacity.ts'
import { findTogether } from '../find/find-together.ts'
import type { Probe, Runner } from '../find/runner.ts'
import type { Capacity } from '../result/capacity.ts'
import { loadText } from '../result/load-words.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { monotonicMs } from '../clock/now.ts'
import type { Io } from './io.ts'
import type { LivePage } from './live-page.ts'
import { type MeasuredRunnerOptions, measuredRunner } from './measured-runner.ts'
import { progressText } from './progress-text.ts'
import type { RunBook } from './run-book.ts'
import { SimulationThreads } from './simulation-threads.ts'
import type { World } from './world.ts'

/** How an engine looks for the capacity. */
export interface Search {
  readonly guess: Level
  /** Of the file, where the sessions are calls by telephone. */
  readonly phone?: object | undefined
  readonly probes: number
  readonly warmupMs: number
  readonly measuredMs: number
  readonly headroom: number
  readonly seed: number
  readonly maxUsers?: number
}

/** Simulated trials that go side by side: the answer depends on it, so that it is the same on any machine. */
const simulatedTogether = 4

/** The capacity by simulation of the file with these overrides, on all cores. */
export async function simulatedCapacity(
  file: string,
  set: readonly string[],
  search: Search,
  io: Io,
  signal: AbortSignal,
): Promise<Capacity> {
  const threads = new SimulationThreads()
  const find: Find = (runner, options, stop) => findTogether(runner, options, simulatedTogether, stop)
  try {
    return await looked('simulated probe', threads.runner(file, set), search, io, signal, undefined, find)
  } finally {
    await threads.close()
  }
}

type Find = typeof findCapacity

export interface MeasuredSearch extends Search {
  readonly speed: number
  readonly marker: 'suffix' | 'none'
  readonly live?: LivePage
  readonly scripts?: MeasuredRunnerOptions['scripts']
  readonly muster?: MeasuredRunnerOptions['muster']
  readonly purse?: MeasuredRunnerOptions['purse']
  readonly look?: MeasuredRunnerOptions['look']
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
    ...(search.purse ? { purse: search.purse } : {}),
    ...(search.look ? { look: search.look } : {}),
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
  find: Find = findCapacity,
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
        detail: loadText({ ...search, level }),
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
    return await find(shown, search, signal)
  } finally {
    line.done()
  }
}
