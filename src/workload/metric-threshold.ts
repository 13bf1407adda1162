/** What a measure of a script's own must come to: `checks rate > 99%`, `my_trend p(95) < 200`. */
export interface MetricThreshold {
  readonly text: string
  /** The measure, or `checks` for all checks together. */
  readonly metricName: string
  /** Only what was noted with this tag: `plan:pro`. */
  readonly tag?: string
  readonly statistic: MetricStatistic
  readonly sign: '<' | '<=' | '>' | '>='
  /** A share for rates, else in the measure's own unit. */
  readonly limit: number
  /** A measured run ends as soon as this is missed, from that instant of the run on. */
  readonly abort?: { readonly afterMs: number }
  /** Text of the objective that stands for it where no script runs. */
  readonly unscripted?: string
}

export type MetricStatistic =
  | { readonly kind: 'percentile'; readonly share: number }
  | { readonly kind: 'mean' | 'rate' | 'count' | 'min' | 'max' }

/** Measures that there are without a script: where nobody checks anything, a check is an answer as it should be. */
const unscriptedNames = ['checks', 'golden', 'golden_drop']

/** Whether only a script can keep what the threshold is on. */
export function needsScript({ metricName }: MetricThreshold): boolean {
  return !unscriptedNames.includes(metricName)
}
