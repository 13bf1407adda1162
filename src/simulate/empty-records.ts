import type { PhoneRecord } from '../result/phone-records.ts'
import type { CallRecord, TurnRecord } from '../result/records.ts'

/** A turn record to be filled and reused. */
export function emptyTurn(): TurnRecord {
  return {
    kind: 'turn',
    session: 0,
    turn: 0,
    scenario: 0,
    intendedAtMs: 0,
    sentAtMs: 0,
    firstTokenAtMs: NaN,
    endedAtMs: 0,
    tokens: 0,
    outcome: 'completed',
    errorKind: 'none',
    status: 200,
  }
}

/** A call record to be filled and reused. */
export function emptyCall(): CallRecord {
  return {
    kind: 'model',
    service: 0,
    session: 0,
    turn: 0,
    step: 0,
    attempt: 0,
    sentAtMs: 0,
    firstTokenAtMs: NaN,
    endedAtMs: 0,
    inputTokens: 0,
    cachedTokens: 0,
    outputTokens: 0,
    maxTokens: NaN,
    depth: 0,
    outcome: 'completed',
    errorKind: 'none',
    status: 200,
    joinedBy: 'id',
  }
}

/** A record of a call by telephone to be filled and reused. */
export function emptyPhone(): PhoneRecord {
  return {
    kind: 'phone',
    session: 0,
    scenario: 0,
    offeredAtMs: NaN,
    grantedAtMs: NaN,
    answeredAtMs: NaN,
    endedAtMs: NaN,
    ending: 'completed',
    interruptions: 0,
    bargeInStopMs: [],
    talkedOver: 0,
    gaps: 0,
    longestGapMs: 0,
  }
}
