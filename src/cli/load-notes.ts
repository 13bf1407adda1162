import type { FaultCount } from '../load/fault-samples.ts'
import type { LoadProgress, LoadResult } from '../load/run-load.ts'
import type { Summary } from '../result/summary.ts'
import type { Level } from '../workload/level.ts'
import { onlySimulated } from '../workload/only-simulated.ts'
import type { Workload } from '../workload/workload.ts'
import { blockedNotes } from './calls.ts'
import { spendText } from './expected-load.ts'
import { unjudgedNote } from './golden-run.ts'
import { howToKeepUp } from './how-to-keep-up.ts'
import { arrivalNotes } from './open-level.ts'
import { timeLeft } from './progress-text.ts'
import { rowNotes } from './row-notes.ts'

/** A load test that is over, and what it was asked. */
interface EndedLoad {
  readonly workload: Workload
  readonly level: Level
  /** Workload time from the first user to the last. */
  readonly lengthMs: number
  readonly speed: number
  readonly loaded: LoadResult
  readonly summary: Summary
  /** What scripts threw where nobody waited for it. */
  readonly strays: readonly string[]
}

/** What a load test says besides its numbers. */
export function loadNotes(ended: EndedLoad): string[] {
  const { workload, level, lengthMs, speed, loaded, summary, strays } = ended
  const { stopped, spend, faults } = loaded
  return [
    ...endedEarly(stopped, summary),
    ...(spend.usd === undefined ? [] : [spendText(spend)]),
    ...strays,
    ...faults.map(faultText),
    ...arrivalNotes(workload, level, lengthMs),
    ...rowNotes(workload, level),
    ...unjudgedNote(summary),
    ...onlySimulated(workload),
    ...blockedNotes(workload, summary),
    ...howToKeepUp([summary], speed),
  ]
}

/** The count is that of the summary, whose errors are those of the window. */
function faultText({ message, count, outside }: FaultCount): string {
  if (count === 0) return `${outside} × ${message}, all outside the measured window`
  return `${count} × ${message}${outside > 0 ? ` (and ${outside} × outside the measured window)` : ''}`
}

/** An objective that ended the run is not held against the agent where the generator did not keep up. */
function endedEarly(stopped: LoadResult['stopped'], { generator }: Summary): string[] {
  if (!stopped) return []
  if (!stopped.failed || generator?.valid !== false) return [`ended early: ${stopped.reason}`]
  return [`ended early, which says nothing of the agent, as the generator did not keep up: ${stopped.reason}`]
}

/** The progress line of a load test. */
export function loadLine(
  progress: LoadProgress,
  { speed, warmUp: warmupMs }: { readonly speed: number; readonly warmUp: number },
): string {
  const left = timeLeft((progress.untilMs - progress.atMs) / speed)
  const phase = progress.atMs < warmupMs ? 'warming up, ' : ''
  const who = progress.onTheLine === undefined ? 'users' : 'calls'
  const counts = `${progress.completed} turns answered, ${progress.failed + progress.rejected + progress.abandoned} not`
  return `${phase}${progress.onTheLine ?? Math.round(progress.level)} ${who}, ${counts}, ${left} left`
}
