import { createSessions, type Sessions } from '../sessions/sessions.ts'
import { runNumber } from '../sessions/turn-key.ts'
import type { Workload } from '../workload/workload.ts'
import { driverOptions } from './driver-options.ts'
import type { Proxies } from './driver.ts'
import { type DriverName, drivers } from './drivers/drivers.ts'
import { type RunClock, startRunClock } from './edge/run-clock.ts'
import { type EndedTurn, runTurn, type TurnPlan } from './run-turn.ts'

export interface OneUserOptions {
  /** Base URL of the agent under test. */
  readonly target: string
  readonly driver: DriverName
  /** What stands between this machine and others. */
  readonly proxies?: Proxies | undefined
  readonly seed: number
  readonly speed: number
  readonly runId: string
  readonly marker: 'suffix' | 'none'
  /** Workload time. */
  readonly turnTimeoutMs: number
}

/** A user of no population, whose turns are asked for one by one. */
export interface OneUser {
  readonly clock: RunClock
  readonly sessions: Sessions
  /** Sends one message and waits for the answer as long as a user would. */
  turn(plan: TurnPlan): Promise<EndedTurn>
  /** Frees the connections and stops the clock. */
  close(): Promise<void>
}

/** Makes one user of a workload ready; `cut` ends the turn that is in flight when it aborts. */
export function startOneUser(workload: Workload, options: OneUserOptions, cut: AbortSignal): OneUser {
  const { target, proxies, turnTimeoutMs, marker } = options
  const level = { users: 1 }
  const clock = startRunClock(options.speed)
  const driver = drivers[options.driver](driverOptions(workload, { target, level, clock, proxies }))
  const sessions = createSessions(workload, options.seed, level)
  const run = runNumber(options.runId)
  const context = {
    workload,
    sessions,
    clock,
    driver,
    run,
    marker,
    turnTimeoutMs,
    cut,
    interToken: undefined,
  }
  return {
    clock,
    sessions,
    turn: (plan) => runTurn(context, plan),
    async close() {
      clock.stop()
      await driver.close()
    },
  }
}
