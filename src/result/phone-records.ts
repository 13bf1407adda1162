/**
 * How a call by telephone ended. `completed`: the caller had said everything. `escalated`: the agent handed the caller
 * to a person. `abandoned`: the caller waited too long. `dropped`: the agent, its socket or the carrier's longest call
 * ended it. `blocked`: a busy tone, since the carrier had no channel (it is never granted) or the agent rejected the
 * call (after it was granted). `failed`: the agent did not take the call.
 */
export type PhoneEnding = 'completed' | 'escalated' | 'abandoned' | 'dropped' | 'blocked' | 'failed'

/** All endings, in the order in which they are told. */
export const phoneEndings: readonly PhoneEnding[] = [
  'completed',
  'escalated',
  'abandoned',
  'dropped',
  'blocked',
  'failed',
]

/** What happened to one call, as raw instants on the run's clock (milliseconds). Its turns have records of their own. */
export interface PhoneRecord {
  kind: 'phone'
  session: number
  /** Index into `Workload.scenarios`. */
  scenario: number
  offeredAtMs: number
  /** When the carrier put it through; NaN: never. */
  grantedAtMs: number
  /** When sound could go both ways; NaN: never. */
  answeredAtMs: number
  endedAtMs: number
  /** `cut`: the run ended first, which is nobody's fault. */
  ending: PhoneEnding | 'cut'
  /** Answers that the caller spoke into, and in each of them how long the agent spoke on. */
  interruptions: number
  bargeInStopMs: readonly number[]
  /** Answers that began before the caller had ended. */
  talkedOver: number
  /** Holes in the agent's sound within an answer: the next piece came too late. */
  gaps: number
  longestGapMs: number
}
