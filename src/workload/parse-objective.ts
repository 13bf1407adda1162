import { type MetricName, metricNamed, metricNames, metrics } from './metrics.ts'
import { Mistake } from './mistake.ts'
import { type ObjectiveTags, readTags } from './objective-tags.ts'
import { parseThreshold } from './parse-threshold.ts'
import { readDuration, readShare, readSize, shown } from './quantity.ts'
import type { Objective } from './workload.ts'

/** An objective whose scenario is still a name. */
export type ParsedObjective = Omit<Objective, 'scenario'> & { readonly scenarioName?: string }

const example = 'such as turn p95 < 10s, ttft p95 < 2s, itl p99 < 100ms, turn mean < 5s or errors < 1%'

const form = /^(?:\[([^\]]+)\]\s*)?([a-zA-Z_]+)(?:\{([^}]*)\})?(?:\s+([a-z][a-z0-9.]*))?\s*([<>])\s*(\S.*)$/

/** Reads `[scenario] metric{turn:1} statistic < limit`, or a threshold of k6. Throws a `Mistake`. */
export function parseObjective(value: unknown): ParsedObjective {
  const threshold = parseThreshold(value)
  if (!threshold) return readObjective(value)
  return { ...readObjective(threshold.text), ...(threshold.abort ? { abort: threshold.abort } : {}) }
}

function readObjective(value: unknown): ParsedObjective {
  const text = typeof value === 'string' ? value.trim() : ''
  const match = form.exec(text)
  if (!match) throw new Mistake('bad_objective', `${shown(value)} is not an objective`, example)
  const [, bracketed, word, tags, statistic, sign, limit] = match
  const metric = metricNamed(word!)
  if (!metric) throw new Mistake('bad_objective', `${word} is not ${orList(metricNames)}`, example)
  const named = { text, metric, ...placeOf(metric, bracketed, tags) }
  requireSign(metric, sign!)
  if (metrics[metric].unit === 'share') {
    if (statistic !== undefined)
      throw new Mistake('bad_objective', `${metric} have no percentile`, `such as ${shareExample(metric)}`)
    return { ...named, statistic: { kind: 'rate' }, limit: readShare(limit) }
  }
  const isTime = metrics[metric].unit === 'ms'
  const most = isTime ? readDuration(limit) : readSize(limit)
  if (most === 0) throw new Mistake('bad_objective', `no ${isTime ? 'time' : 'count'} is below 0`, example)
  return { ...named, statistic: statisticOf(metric, statistic, limit!), limit: most }
}

function placeOf(
  metric: MetricName,
  bracketed: string | undefined,
  tags: string | undefined,
): Pick<ParsedObjective, 'scenarioName' | 'turns'> {
  const { scenario = bracketed?.trim(), turns }: ObjectiveTags = tags === undefined ? {} : readTags(tags)
  const { per } = metrics[metric]
  if (turns && (per === 'session' || per === 'call'))
    throw new Mistake('bad_objective', `${metric} is of whole ${per}s: it has no turn`, example)
  return { ...(scenario === undefined ? {} : { scenarioName: scenario }), ...(turns ? { turns } : {}) }
}

function requireSign(metric: MetricName, sign: string): void {
  const wanted = metrics[metric].better === 'higher' ? '>' : '<'
  if (sign === wanted) return
  const better = wanted === '>' ? 'more' : 'less'
  const hint = wanted === '>' ? `such as ${shareExample(metric)}` : example
  throw new Mistake('bad_objective', `of ${metric} ${better} is better: the sign is ${wanted}`, hint)
}

const shareExample = (metric: MetricName): string =>
  metrics[metric].better === 'higher' ? `${metric} > 95%` : `${metric} < 1%`

const orList = (names: readonly string[]): string => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`

function statisticOf(metric: MetricName, text: string | undefined, limit: string): Objective['statistic'] {
  if (text === 'mean') return { kind: 'mean' }
  const percent = Number(/^p(\d+(?:\.\d+)?)$/.exec(text ?? '')?.[1])
  if (!(percent > 0 && percent < 100))
    throw new Mistake(
      'bad_objective',
      text === undefined
        ? `${metric} < ${shown(limit)} does not say of what: a percentile or mean`
        : `${text} is neither a percentile nor mean`,
      `such as ${metric} p95 < ${shown(limit)} or ${metric} mean < ${shown(limit)}`,
    )
  return { kind: 'percentile', share: Number(`${percent}e-2`) }
}
