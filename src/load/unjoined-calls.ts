import { type MeasuredWindow, isMeasured } from '../result/measured-window.ts'
import type { CallRecord, TurnRecord } from '../result/records.ts'
import { isGoldenSession } from '../sessions/golden-session.ts'
import type { UnjoinedCalls } from '../result/summary.ts'

/** The calls of a window that belong to no turn that was driven: what depth and own time leave out. */
export function unjoinedCalls(
  turns: Iterable<TurnRecord>,
  calls: readonly CallRecord[],
  { window, lost }: { readonly window: MeasuredWindow; readonly lost: number },
): UnjoinedCalls {
  const driven = new Set<string>()
  if (calls.length > 0) for (const { session, turn } of turns) driven.add(`${session}.${turn}`)
  const strays = calls.filter(
    ({ session, turn, endedAtMs }) =>
      isMeasured(window, endedAtMs) && !driven.has(`${session}.${turn}`) && !isGoldenSession(session),
  )
  const modelCalls = strays.filter(({ kind }) => kind === 'model').length
  return { modelCalls, toolCalls: strays.length - modelCalls, lost }
}
