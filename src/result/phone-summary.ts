import type { PhoneEnding } from './phone-records.ts'
import type { Dist } from './summary.ts'

/** Calls by telephone that ended within the window; how soon they were answered stands with the turns. */
export interface PhoneSummary {
  readonly calls: Readonly<Record<PhoneEnding, number>> & {
    readonly ended: number
    /** Those of `blocked` that had a channel, and that the agent rejected. */
    readonly blockedByAgent: number
    readonly perSecond: number
    /** Accounting closes: in flight at start + offered = ended + in flight at end. */
    readonly inFlightAtStart: number
    readonly offered: number
    readonly inFlightAtEnd: number
  }
  /** Calls that held a channel: over the window, and the most at once. */
  readonly active: { readonly mean: number; readonly max: number }
  /** From the offer to the channel. */
  readonly queuedMs?: Dist
  /** From the channel to the first sound both ways. */
  readonly setUpMs?: Dist
  readonly durationMs?: Dist
  /** Answers that callers spoke into, and how long the agent spoke on. */
  readonly interruptions: number
  readonly bargeInMs?: Dist
  /** Answers that began while the caller spoke. */
  readonly talkedOver: number
  /** Holes in the agent's sound. */
  readonly gaps: { readonly count: number; readonly callsWithGaps: number; readonly longestMs: number }
  /** Share of calls in which the agent gave a tool up. */
  readonly integrationTimeouts: number
  /** A proxy made of answers, holes and endings, 0 to 1: nobody was asked. */
  readonly satisfaction?: { readonly score: number; readonly answeredWithinMs: number }
  /** Frames of 20 ms that callers sent, and by how much they were late. */
  readonly frames?: {
    readonly sent: number
    readonly latenessP50Ms: number
    readonly latenessP99Ms: number
    readonly latenessMaxMs: number
  }
}
