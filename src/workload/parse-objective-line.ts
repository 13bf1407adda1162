import type { MetricThreshold } from './metric-threshold.ts'
import { understood } from './mistake.ts'
import { parseMetricThreshold } from './parse-metric-threshold.ts'
import { type ParsedObjective, parseObjective } from './parse-objective.ts'

/** What a line of `objectives` asks of a metric that every run has, of a measure that a script keeps, or of both. */
export interface ObjectiveLine {
  readonly objective?: ParsedObjective
  /** Only measured runs with a script can tell it; then it stands for the objective. */
  readonly threshold?: MetricThreshold
}

/** Reads a line of `objectives`, or what `--threshold` says. Throws a `Mistake`. */
export function parseObjectiveLine(value: unknown): ObjectiveLine {
  const threshold = parseMetricThreshold(value)
  if (!threshold) return { objective: parseObjective(value) }
  if (threshold.metricName !== 'checks') return { threshold }
  const objective = errorsInstead(value, threshold)
  return objective ? { objective, threshold: { ...threshold, unscripted: objective.text } } : { threshold }
}

/** `checks rate > 99%` as `errors < 1%`; undefined where only checks of a script can tell it. */
function errorsInstead(value: unknown, { tag, limit, sign }: MetricThreshold): ParsedObjective | undefined {
  if (tag !== undefined && !/^(?:scenario|turn):/.test(tag)) return undefined
  const text = `checks${tag === undefined ? '' : `{${tag}}`}: rate${sign}${limit}`
  return understood(() =>
    parseObjective(typeof value === 'string' ? text : { ...(value as object), objective: text }),
  )
}
