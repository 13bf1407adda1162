import type { TurnRecord } from '../result/records.ts'
import type { Workload } from '../workload/workload.ts'
import type { Proxies } from './driver.ts'
import type { DriverName } from './drivers/drivers.ts'
import { requireAllowedTarget } from './local-target.ts'
import { startOneUser } from './one-user.ts'

export interface PlayTurnsOptions {
  readonly target: string
  readonly driver: DriverName
  readonly seed: number
  readonly turns: number
  /** What stands between this machine and others. */
  readonly proxies?: Proxies
  readonly allowTargets: readonly string[]
  readonly turnTimeoutMs: number
  /** Resolves once nothing of the turn that has ended goes on behind the agent. */
  readonly settled: () => Promise<void>
  /** Told after each turn; what went wrong, in one line, where something did. */
  readonly ended: (turn: TurnRecord, message: string | undefined) => void
}

/**
 * One user's turns against a target, one after another and without thinking, until there are `turns` or the signal
 * ends it. Instants are the machine's monotonic clock. What users say is not marked: a real model reads it.
 */
export async function playTurns(
  workload: Workload,
  options: PlayTurnsOptions,
  signal: AbortSignal,
): Promise<TurnRecord[]> {
  const { target, allowTargets, seed } = options
  requireAllowedTarget(target, allowTargets)
  const user = startOneUser(workload, { ...options, speed: 1, runId: `play-${seed}`, marker: 'none' }, signal)
  const { clock, sessions } = user
  const records: TurnRecord[] = []
  try {
    for (let session = 0; records.length < options.turns; session++) {
      const turns = sessions.turns(session)
      for (let turn = 0; turn < turns && records.length < options.turns; turn++) {
        if (signal.aborted) return records
        const last = turn === turns - 1 || records.length === options.turns - 1
        const { record, message } = await user.turn({ session, turn, intendedAtMs: clock.now(), last })
        const absolute = onMachineClock(record, clock.startedMs)
        records.push(absolute)
        options.ended(absolute, message)
        await options.settled()
      }
    }
    return records
  } finally {
    await user.close()
  }
}

function onMachineClock(record: TurnRecord, startedMs: number): TurnRecord {
  const { intendedAtMs, sentAtMs, firstTokenAtMs, endedAtMs } = record
  return {
    ...record,
    intendedAtMs: intendedAtMs + startedMs,
    sentAtMs: sentAtMs + startedMs,
    firstTokenAtMs: firstTokenAtMs + startedMs,
    endedAtMs: endedAtMs + startedMs,
  }
}
