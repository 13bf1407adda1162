import type { Distribution } from '../stats/distribution.ts'

/** What the agent does so that calls go on when something does not; each can be switched off. */
export const voiceStrategies = [
  'breakers',
  'fallbacks',
  'urgentFirst',
  'aside',
  'bargeIn',
  'sentences',
] as const

export type VoiceStrategy = (typeof voiceStrategies)[number]

/** An agent that answers the telephone. Durations are milliseconds. */
export interface VoiceAgentRules {
  /** Calls at once on one server; `Infinity`: no limit. */
  readonly calls: number
  /** Callers who wait for a place when it is full, and how long each may. */
  readonly hold: { readonly calls: number; readonly forMs: number }
  /** What callers hear first; nothing where empty. */
  readonly greeting: string
  /** CPU of the sound for each second that a call is up, whatever is said. */
  readonly cpuPerSecondMs: number
  /** Silence that ends the caller's speech. */
  readonly endOfSpeechMs: number
  /** Without a sound of the answer for so long, a filler is said; `Infinity`: never. */
  readonly fillerAfterMs: number
  /** Until a transcript is there, and until an answer begins to sound. */
  readonly limits: { readonly sttMs: number; readonly ttsMs: number }
  /** Writing down and enriching what was said, once a turn; absent: none. */
  readonly aside?: Distribution
  readonly strategies: Readonly<Record<VoiceStrategy, boolean>>
}
