import type { CallRecord, TurnRecord } from './records.ts'

/** A turn's calls, then the turn, by the end of turns; calls without a turn last. */
export function* joinRecords(
  turns: readonly TurnRecord[],
  calls: readonly CallRecord[],
): Generator<TurnRecord | CallRecord> {
  const byTurn = new Map<string, CallRecord[]>()
  for (const call of calls) {
    const key = `${call.session}.${call.turn}`
    const own = byTurn.get(key)
    if (own) own.push(call)
    else byTurn.set(key, [call])
  }
  for (const turn of turns.toSorted((a, b) => a.endedAtMs - b.endedAtMs)) {
    const key = `${turn.session}.${turn.turn}`
    yield* (byTurn.get(key) ?? []).sort((a, b) => a.sentAtMs - b.sentAtMs)
    byTurn.delete(key)
    yield turn
  }
  for (const strays of byTurn.values()) yield* strays
}
