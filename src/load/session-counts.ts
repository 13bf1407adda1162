import type { TurnRecord } from '../result/records.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Workload } from '../workload/workload.ts'

/** Sessions that began and ended within the window, told by their first and last turns. */
export function sessionCounts(
  turns: readonly Readonly<TurnRecord>[],
  sessions: Sessions,
  workload: Workload,
  window: { readonly warmupMs: number; readonly measuredMs: number },
): { started: number; ended: number } {
  const leaves = workload.users.patience?.then === 'leave'
  const isWithin = (atMs: number): boolean =>
    atMs >= window.warmupMs && atMs < window.warmupMs + window.measuredMs
  let started = 0
  let ended = 0
  for (const { session, turn, sentAtMs, endedAtMs, outcome } of turns) {
    if (turn === 0 && isWithin(sentAtMs)) started++
    const isLast = turn === sessions.turns(session) - 1 || (leaves && outcome === 'abandoned')
    if (isLast && isWithin(endedAtMs)) ended++
  }
  return { started, ended }
}
