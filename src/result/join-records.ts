import type { CallRecord, TurnRecord } from './records.ts'

/** A turn's calls, then the turn; calls without a turn last. Turns come, and stay, in the order in which they ended. */
export function* joinRecords(
  turns: Iterable<TurnRecord>,
  calls: readonly CallRecord[],
): Generator<TurnRecord | CallRecord> {
  const byTurn = new Map<string, CallRecord[]>()
  for (const call of calls) {
    const key = `${call.session}.${call.turn}`
    const own = byTurn.get(key)
    if (own) own.push(call)
    else byTurn.set(key, [call])
  }
  for (const turn of turns) {
    if (byTurn.size === 0) {
      yield turn
      continue
    }
    const key = `${turn.session}.${turn.turn}`
    yield* (byTurn.get(key) ?? []).sort((a, b) => a.sentAtMs - b.sentAtMs)
    byTurn.delete(key)
    yield turn
  }
  for (const strays of byTurn.values()) yield* strays
}
