import { metricNamed, metrics } from './metrics.ts'
import { Mistake } from './mistake.ts'
import { type ObjectiveTags, readTags, turnRangeText } from './objective-tags.ts'
import { readDuration, shown } from './quantity.ts'
import { formatPercent } from './units.ts'
import type { Objective } from './workload.ts'

/** A threshold of k6 in the words of an objective: `turn p95 < 10s`. */
export interface Threshold {
  readonly text: string
  readonly abort?: NonNullable<Objective['abort']>
}

const example =
  'such as http_req_duration: p(95)<10000, http_req_waiting: avg<500 or http_req_failed: rate<0.01'

/**
 * Reads a threshold in k6's grammar, as text or as a map; `abortOnFail` and `delayAbortEval` stand in a map with
 * `threshold`, or with `objective` in our own words. Undefined where it is neither. Throws a `Mistake`.
 */
export function parseThreshold(value: unknown): Threshold | undefined {
  if (typeof value === 'string') {
    const [, name = '', tags, colon, rest] = /^\s*(\w+)(\{[^}]*\})?(\s*:)?\s*(.+)$/.exec(value) ?? []
    const isOurs = colon === undefined && !expression.test(rest ?? '')
    const known = name === 'checks' || metricNamed(name) !== undefined
    return known && !isOurs ? { text: objectiveText(name, rest!, tags ?? '') } : undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const { objective, abortOnFail, delayAbortEval, ...others } = value as Record<string, unknown>
  const extra = Object.keys(others)
  if (objective !== undefined) {
    if (extra.length > 0)
      throw new Mistake('unknown_key', `unknown key ${extra[0]} beside objective`, abortHint)
    if (typeof objective !== 'string')
      throw new Mistake('bad_objective', `${shown(objective)} is not an objective`, example)
    return { text: parseThreshold(objective)?.text ?? objective, ...abortOf(abortOnFail, delayAbortEval) }
  }
  if (extra.length !== 1 || abortOnFail !== undefined)
    throw new Mistake('bad_objective', 'one objective in a line, please', abortHint)
  return underMetric(extra[0]!, others[extra[0]!])
}

const abortHint = 'such as { objective: turn p95 < 10s, abortOnFail: true, delayAbortEval: 30s }'

/** `http_req_duration: p(95)<10000`, or k6's long form under the metric's name. */
function underMetric(metric: string, value: unknown): Threshold {
  if (typeof value === 'string') {
    const read = parseThreshold(`${metric}: ${value}`)
    if (read) return read
    throw new Mistake('bad_objective', `there is no metric ${metric}`, example)
  }
  const isLong = typeof value === 'object' && value !== null && 'threshold' in value
  const { threshold, abortOnFail, delayAbortEval } = (isLong ? value : {}) as Record<string, unknown>
  if (typeof threshold !== 'string')
    throw new Mistake(
      'bad_objective',
      `${metric}: ${shown(isLong ? threshold : value)} is not a threshold`,
      example,
    )
  return { ...underMetric(metric, threshold), ...abortOf(abortOnFail, delayAbortEval) }
}

/** Whether a measured run ends when the threshold is missed, and from which instant on, as k6 writes it. */
export function abortOf(abortOnFail: unknown, delay: unknown): Pick<Threshold, 'abort'> {
  if (abortOnFail !== true) return {}
  return { abort: { afterMs: delay === undefined ? 0 : readDuration(delay) } }
}

/** What may follow the name of a metric in k6: `p(95)<10000`, `avg < 500`, `rate<0.01`. */
const expression = /^(?:p\(\s*(\d+(?:\.\d+)?)\s*\)|(avg|med|rate))\s*(<=?|>=?)\s*(\d+(?:\.\d+)?)$/

function objectiveText(name: string, text: string, braces: string): string {
  const [, percentile, aggregate, sign = '', limit] = expression.exec(text.trim()) ?? []
  const wrong = (): never => {
    throw new Mistake('bad_objective', `${name}: ${text.trim()} is not a threshold that we know`, example)
  }
  const value = Number(limit)
  const { scenario, turns }: ObjectiveTags = braces === '' ? {} : readTags(braces.slice(1, -1))
  const place = scenario === undefined ? '' : `[${scenario}] `
  const tags = turns ? `{turn:${turnRangeText(turns)}}` : ''
  // A check that fails is a turn without the answer that was expected.
  if (name === 'checks')
    return aggregate === 'rate' && sign.startsWith('>')
      ? `${place}errors${tags} < ${formatPercent(1 - value)}`
      : wrong()
  const metric = metricNamed(name)!
  const { unit, better } = metrics[metric]
  const sought = better === 'higher' ? '>' : '<'
  if (!sign.startsWith(sought) || (unit === 'share') !== (aggregate === 'rate')) return wrong()
  if (unit === 'share') return `${place}${metric}${tags} ${sought} ${formatPercent(value)}`
  const statistic = aggregate === 'avg' ? 'mean' : `p${aggregate === 'med' ? 50 : percentile}`
  return `${place}${metric}${tags} ${statistic} ${sought} ${unit === 'ms' ? milliseconds(value) : value}`
}

const milliseconds = (ms: number): string => (ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`)
