import { Mistake } from './mistake.ts'
import { parseThreshold } from './parse-threshold.ts'
import { readDuration, readShare, shown } from './quantity.ts'
import type { Objective, ObjectiveMetric } from './workload.ts'

/** An objective whose scenario is still a name. */
export type ParsedObjective = Omit<Objective, 'scenario'> & { readonly scenarioName?: string }

const example = 'such as turn p95 < 10s, ttft p95 < 2s, itl p99 < 100ms, turn mean < 5s or errors < 1%'

/** Reads `[scenario] metric statistic < limit`, or a threshold of k6. Throws a `Mistake`. */
export function parseObjective(value: unknown): ParsedObjective {
  const threshold = parseThreshold(value)
  if (!threshold) return readObjective(value)
  return { ...readObjective(threshold.text), ...(threshold.abort ? { abort: threshold.abort } : {}) }
}

function readObjective(value: unknown): ParsedObjective {
  const text = typeof value === 'string' ? value.trim() : ''
  const match = /^(?:\[([^\]]+)\]\s*)?([a-zA-Z]+)(?:\s+([a-z][a-z0-9.]*))?\s*<\s*(\S.*)$/.exec(text)
  if (!match) throw new Mistake('bad_objective', `${shown(value)} is not an objective`, example)
  const [, scenarioName, metric, statistic, limit] = match
  const named = { text, ...(scenarioName === undefined ? {} : { scenarioName: scenarioName.trim() }) }
  if (metric === 'errors') {
    if (statistic !== undefined)
      throw new Mistake('bad_objective', 'errors have no percentile', 'such as errors < 1%')
    return { ...named, metric, statistic: { kind: 'rate' }, limit: readShare(limit) }
  }
  if (!isTime(metric))
    throw new Mistake('bad_objective', `${metric} is not turn, ttft, itl or errors`, example)
  const limitMs = readDuration(limit)
  if (limitMs === 0) throw new Mistake('bad_objective', 'no time is below 0', example)
  return { ...named, metric, statistic: statisticOf(statistic), limit: limitMs }
}

function isTime(metric: string | undefined): metric is Exclude<ObjectiveMetric, 'errors'> {
  return metric === 'turn' || metric === 'ttft' || metric === 'itl'
}

function statisticOf(text: string | undefined): Objective['statistic'] {
  if (text === 'mean') return { kind: 'mean' }
  const percent = Number(/^p(\d+(?:\.\d+)?)$/.exec(text ?? '')?.[1])
  if (!(percent > 0 && percent < 100))
    throw new Mistake('bad_objective', `${text ?? 'nothing'} is neither a percentile nor mean`, example)
  return { kind: 'percentile', share: Number(`${percent}e-2`) }
}
