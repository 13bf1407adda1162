import type { Interval } from '../stats/interval.ts'
import type { Dist } from './summary.ts'

/** How often something was so: of a check, or of a rate that a script keeps. */
export interface ShareSummary {
  readonly share: number
  readonly ci95: Interval
  readonly count: number
}

/** A measure of a script's own. */
export type CustomMetric =
  | { readonly kind: 'count'; readonly sum: number; readonly perSecond: number }
  | ({ readonly kind: 'rate' } & ShareSummary)
  | { readonly kind: 'trend'; readonly dist: Dist }

/** Turns of one tag. */
export interface TaggedTurns {
  readonly completed: number
  readonly errorRate: number
  readonly turnMs?: Dist
  readonly ttftMs?: Dist
}

/** What scripts noted; under a tag (`name{plan:pro}`) stands what was noted with it. */
export interface ScriptSummary {
  /** By the check's name: the share of times that it held. */
  readonly checks?: Readonly<Record<string, ShareSummary>>
  readonly metrics?: Readonly<Record<string, CustomMetric>>
  /** Turns by their tags (`plan:pro`). */
  readonly tags?: Readonly<Record<string, TaggedTurns>>
}
