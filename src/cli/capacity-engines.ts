import { findCapacity } from '../find/find-capacity.ts'
import { findTogether } from '../find/find-together.ts'
import type { Probe, Runner } from '../find/runner.ts'
import type { Capacity } from '../result/capacity.ts'
import { loadText } from '../result/load-words.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { monotonicMs } from '../clock/now.ts'
import type { Io } from './io.ts'
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
    const runner = threads.runner(file, set, { isTrial: true })
    return await looked({ what: 'simulated probe', runner, search, find }, io, signal)
  } finally {
    await threads.close()
  }
}

type Find = typeof findCapacity

/** The same with real users, and how they play. */
export interface MeasuredSearch
  extends
    Search,
    Pick<MeasuredRunnerOptions, 'speed' | 'marker' | 'live' | 'scripts' | 'muster' | 'purse' | 'look'> {}

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
    ...search,
    runId,
    onFault: (message, count) => io.note(`the agent, ${count} times: ${message}`),
    ...(folder
      ? { open: (probe: Probe) => folder.records.beginProbe({ origin: 'measured', ...probe }) }
      : {}),
  })
  const wallMsPerProbe = (search.warmupMs + search.measuredMs) / search.speed
  return looked({ what: 'measured probe', runner, search, find: findCapacity, wallMsPerProbe }, io, signal)
}

interface Looking {
  /** What a trial is called on the progress line. */
  readonly what: string
  readonly runner: Runner
  readonly search: Search
  readonly find: Find
  /** Learnt from the trials before where absent. */
  readonly wallMsPerProbe?: number
}

/** Runs the search under a progress line that says how much time is left. */
async function looked(
  { what, runner, search, find, wallMsPerProbe }: Looking,
  io: Io,
  signal: AbortSignal,
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
