import { preflight, type PreflightReport } from '../load/preflight.ts'
import type { Workload } from '../workload/workload.ts'
import { exitCodes, UserError } from './exit-codes.ts'
import type { Io } from './io.ts'
import { driverName, sides } from './measured-runner.ts'
import { openWorld, type World, type WorldOptions } from './world.ts'

export interface CheckedWorldOptions extends WorldOptions {
  readonly allowTargets: readonly string[]
  /** False sends load without trying one turn first. */
  readonly preflight?: boolean
  readonly marker?: 'suffix' | 'none'
  /** What must be settled before the first turn is sent; throws where it is not. */
  readonly settle?: (world: World) => Promise<void> | void
}

/**
 * Opens the world and tries one turn before any load. Problems end it with UserError; the timeline of the turn, seen
 * from both sides, goes to `tell`.
 */
export async function checkedWorld(
  workload: Workload,
  options: CheckedWorldOptions,
  io: Io,
  signal: AbortSignal,
  tell: (report: PreflightReport) => void = (report) => io.note(timeline(report)),
): Promise<World> {
  driverName(workload)
  const opened = await openWorld(workload, options, io, signal).catch((error: unknown) => {
    throw signal.aborted ? stoppedBefore() : error
  })
  const world = { ...opened, allowTargets: options.allowTargets }
  try {
    await options.settle?.(world)
    if (options.preflight === false) return world
    const report = await preflight(
      workload,
      {
        ...sides(workload, world, { speed: options.speed, marker: options.marker ?? 'suffix' }),
        seed: options.seed,
        runId: 'check',
      },
      signal,
    )
    if (signal.aborted) throw stoppedBefore()
    tell(report)
    if (!report.ok) throw new UserError('The preflight failed: no load was sent.')
    return world
  } catch (error) {
    await world.close()
    throw error
  }
}

const stoppedBefore = (): UserError =>
  new UserError('Stopped before any load was sent.', { exitCode: exitCodes.interrupted })

/** The preflight for people: what happened when, then what is wrong and what to do. */
export function timeline(report: PreflightReport): string {
  const steps = report.steps.map(({ atMs, what }) => `  ${`${Math.round(atMs)} ms`.padStart(9)}  ${what}`)
  const problems = report.problems.map(
    ({ severity, message, hint }) => `${severity}: ${message}${hint ? `\n  hint: ${hint}` : ''}`,
  )
  return [
    ...(steps.length > 0 ? ['preflight, one turn seen from both sides:', ...steps] : []),
    ...problems,
  ].join('\n')
}
