import type { Distribution } from '../stats/distribution.ts'
import type { RecordedCalls } from './recorded-calls.ts'
import type { StartLimit } from './voice-limits.ts'

/** Calls by telephone: what is offered, the vendors that each call needs all at once, and the people behind them. */
export interface Phone {
  /** Offered in the busiest hour. */
  readonly callsPerMinute: number
  /** Busiest hour over the average: what a month costs is reckoned with the average. */
  readonly peakToAverage: number
  /** How long a call lasts, milliseconds. */
  readonly duration: Distribution
  /** Share of the calls that may find no channel free. */
  readonly blocked: number
  /** Answers of the agent in a minute of a call; absent where the file does not say. */
  readonly turnsPerMinute?: number
  /** The carrier first, then those that the file writes. */
  readonly vendors: readonly PhoneVendor[]
  readonly mouthToEar?: MouthToEarBudget
  readonly handOff?: HandOff
  readonly caller: Caller
  /** What the load was read from. */
  readonly recorded?: RecordedCalls
  /** The file knows no other users. */
  readonly alone: boolean
}

/** What callers do beside speaking and listening; shares are 0 where the file says nothing. */
export interface Caller {
  /** Of the answers that the caller speaks into, of the turns without a word, of the callers who want a person. */
  readonly interrupts: number
  readonly silent: number
  readonly human: number
  /** Milliseconds between an answer and what is said next. */
  readonly pause: Distribution
}

/** What a vendor is used for in a call. */
export type PhonePart = 'carrier' | 'platform' | 'stt' | 'model' | 'tts'

/** One of those a call needs; `Infinity` where the file sets no limit. */
export interface PhoneVendor {
  readonly part: PhonePart
  /** The preset that fills what is not written. */
  readonly like?: string
  /** Calls, sessions or streams at once. */
  readonly concurrent: number
  /** Of them, how many a call holds. */
  readonly perCall: number
  /** Share of the call for which it holds them. */
  readonly held: number
  readonly starts?: StartLimit
  /** A call is ended that lasts longer; only carriers have it. */
  readonly maxDurationMs?: number
  /** Dollars a minute of a call. */
  readonly perMinuteUsd?: number
  /** Where the preset's limits come from. */
  readonly source?: string
}

/** From the caller's last word to the agent's first; the parts follow one another. */
export interface MouthToEarBudget {
  readonly withinMs: number
  /** Milliseconds each. */
  readonly parts: readonly { readonly name: string; readonly time: Distribution }[]
}

/** Turns in a row that the agent could not answer before it hands the caller to a person. */
export const failuresUntilPerson = 2

/** Calls that the agent hands to a person anyway go there after one of so many first answers. */
export const latestHandOff = 3

/** Conversations that people take over. */
export interface HandOff {
  /** Of calls, or of sessions. */
  readonly share: number
  /** How long a person is busy with one, and how long a user waits for them; milliseconds. */
  readonly talk: Distribution
  /** Absent: they wait for ever. */
  readonly patience?: Distribution
  /** The share `answered` within `withinMs`. */
  readonly withinMs: number
  readonly answered: number
  /** Conversations that one person holds at once: more than 1 in a chat. */
  readonly atOnce: number
}
