import type { PhoneRecord } from './phone-records.ts'
import type { CallRecord, TurnRecord } from './records.ts'

/** A model call of a turn that went well. */
export const modelCall = (more: Partial<CallRecord> = {}): CallRecord => ({
  kind: 'model',
  service: 0,
  session: 1,
  turn: 0,
  step: 1,
  attempt: 0,
  sentAtMs: 0,
  firstTokenAtMs: 1,
  endedAtMs: 2,
  inputTokens: 1,
  cachedTokens: 0,
  outputTokens: 1,
  maxTokens: NaN,
  depth: 1,
  outcome: 'completed',
  errorKind: 'none',
  status: 200,
  joinedBy: 'id',
  ...more,
})

/** A turn that the agent refused, at instants that are no whole milliseconds. */
export const refusedTurn = (more: Partial<TurnRecord> = {}): TurnRecord => ({
  kind: 'turn',
  session: 3,
  turn: 1,
  scenario: 0,
  intendedAtMs: 10.5,
  sentAtMs: 11,
  firstTokenAtMs: NaN,
  endedAtMs: 900.25,
  tokens: 0,
  outcome: 'failed',
  errorKind: 'rate_limited',
  status: 429,
  ...more,
})

/** A call by telephone that came to its end. */
export const phoneCall = (more: Partial<PhoneRecord> = {}): PhoneRecord => ({
  kind: 'phone',
  session: 0,
  scenario: 0,
  offeredAtMs: 0,
  grantedAtMs: 0,
  answeredAtMs: 100,
  endedAtMs: 500,
  ending: 'completed',
  interruptions: 0,
  bargeInStopMs: [],
  talkedOver: 0,
  gaps: 0,
  longestGapMs: 0,
  ...more,
})
