import { Mistake } from './mistake.ts'
import { readDuration, shown } from './quantity.ts'
import type { Objective } from './workload.ts'

/** A threshold of k6 in the words of an objective: `turn p95 < 10s`. */
export interface Threshold {
  readonly text: string
  readonly abort?: Objective['abort']
}

const example =
  'such as http_req_duration: p(95)<10000, http_req_waiting: avg<500 or http_req_failed: rate<0.01'

/** What k6 measures on HTTP, as users of an agent see it. */
const metrics: Readonly<Record<string, 'turn' | 'ttft' | 'errors' | 'checks'>> = {
  http_req_duration: 'turn',
  iteration_duration: 'turn',
  http_req_waiting: 'ttft',
  http_req_failed: 'errors',
  checks: 'checks',
}

/**
 * Reads a threshold in k6's grammar, as text or as a map; `abortOnFail` and `delayAbortEval` stand in a map with
 * `threshold`, or with `objective` in our own words. Undefined where it is neither. Throws a `Mistake`.
 */
export function parseThreshold(value: unknown): Threshold | undefined {
  if (typeof value === 'string') {
    const [, name, scenario, rest] = /^\s*(\w+)(?:\{scenario:\s*([^}]+)\})?\s*:\s*(.+)$/.exec(value) ?? []
    return name !== undefined && name in metrics ? { text: objectiveText(name, rest!, scenario) } : undefined
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
  if (typeof value !== 'object' || value === null || !('threshold' in value))
    throw new Mistake('bad_objective', `${metric}: ${shown(value)} is not a threshold`, example)
  const { threshold, abortOnFail, delayAbortEval } = value as Record<string, unknown>
  return { ...underMetric(metric, String(threshold)), ...abortOf(abortOnFail, delayAbortEval) }
}

function abortOf(abortOnFail: unknown, delay: unknown): Pick<Threshold, 'abort'> {
  if (abortOnFail !== true) return {}
  return { abort: { afterMs: delay === undefined ? 0 : readDuration(delay) } }
}

function objectiveText(metric: string, expression: string, scenario: string | undefined): string {
  const of = metrics[metric]!
  const [, name, percentile, sign, limit] =
    /^(?:p\(\s*(\d+(?:\.\d+)?)\s*\)|(avg|med|rate))\s*(<=?|>=?)\s*(\d+(?:\.\d+)?)$/
      .exec(expression.trim())
      ?.map((part, i, all) => (i === 1 ? all[2] : i === 2 ? all[1] : part)) ?? []
  const wrong = (): never => {
    throw new Mistake(
      'bad_objective',
      `${metric}: ${expression.trim()} is not a threshold that we know`,
      example,
    )
  }
  const place = scenario === undefined ? '' : `[${scenario.trim()}] `
  const value = Number(limit)
  if (of === 'checks' && name === 'rate' && sign?.startsWith('>'))
    return `${place}errors < ${percent(1 - value)}`
  if (!sign?.startsWith('<')) return wrong()
  if (of === 'errors' && name === 'rate') return `${place}errors < ${percent(value)}`
  if (of === 'errors' || of === 'checks' || name === 'rate') return wrong()
  const statistic = name === 'avg' ? 'mean' : `p${name === 'med' ? 50 : percentile}`
  return `${place}${of} ${statistic} < ${value % 1000 === 0 ? `${value / 1000}s` : `${value}ms`}`
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(12))}%`
