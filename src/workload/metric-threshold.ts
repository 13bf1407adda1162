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

/** Whether a value keeps to the threshold. */
export function isKept({ sign, limit }: Pick<MetricThreshold, 'sign' | 'limit'>, value: number): boolean {
  switch (sign) {
    case '<':
      return value < limit
    case '<=':
      return value <= limit
    case '>':
      return value > limit
    case '>=':
      return value >= limit
    default:
      return sign satisfies never
  }
}

/** Whether the threshold is on golden answers, or on how many fewer of them are right under load. */
export function isOnGolden({ metricName }: MetricThreshold): boolean {
  return metricName === 'golden' || metricName === 'golden_drop'
}

/** Whether only a script can keep what the threshold is on: of checks there is something that stands for them. */
export function needsScript(threshold: MetricThreshold): boolean {
  return threshold.metricName !== 'checks' && !isOnGolden(threshold)
}
