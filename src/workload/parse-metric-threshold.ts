import type { MetricStatistic, MetricThreshold } from './metric-threshold.ts'
import { metricNamed } from './metrics.ts'
import { Mistake } from './mistake.ts'
import { abortOf } from './parse-threshold.ts'
import { readDuration } from './quantity.ts'

const form =
  /^([a-z_]\w*)\s*(?:\{\s*(\w+)\s*:\s*([^}]*[^}\s])\s*\})?\s*:?\s*(p\(\s*\d+(?:\.\d+)?\s*\)|p\d+(?:\.\d+)?|avg|mean|med|rate|count|min|max)\s*(<=?|>=?)\s*(\S+)$/i

const example =
  'such as checks rate > 99%, my_rate{plan:pro} rate >= 95%, my_trend p(95) < 200 or my_counter count < 10'

/**
 * Reads a threshold on a script's own measure, in k6's grammar with or without its colon. Undefined for what is none,
 * the metrics of the catalogue among it. Throws a `Mistake`.
 */
export function parseMetricThreshold(value: unknown): MetricThreshold | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return ofMap(value)
  if (typeof value !== 'string') return undefined
  const [, name, key, tag, statistic, sign, limit] = form.exec(value.trim()) ?? []
  if (name === undefined || metricNamed(name) !== undefined) return undefined
  const read = statisticOf(statistic!.toLowerCase())
  return {
    text: value.trim(),
    metricName: name,
    ...(key === undefined ? {} : { tag: `${key}:${tag}` }),
    statistic: read,
    sign: sign as MetricThreshold['sign'],
    limit: read.kind === 'rate' ? shareOf(limit!) : numberOf(limit!),
  }
}

/** `{ objective: checks rate > 99%, abortOnFail: true }`, or k6's `{ my_trend: p(95)<200 }`. */
function ofMap(value: object): MetricThreshold | undefined {
  const { objective, abortOnFail, delayAbortEval, ...others } = value as Record<string, unknown>
  const [[name, text] = [], ...more] = Object.entries(others)
  const isUnderName = objective === undefined && more.length === 0 && typeof text === 'string'
  const read = parseMetricThreshold(isUnderName ? `${name}: ${text}` : objective)
  return read && { ...read, ...abortOf(abortOnFail, delayAbortEval) }
}

function statisticOf(text: string): MetricStatistic {
  if (text === 'med') return { kind: 'percentile', share: 0.5 }
  if (text === 'avg') return { kind: 'mean' }
  if (!text.startsWith('p')) return { kind: text as 'mean' | 'rate' | 'count' | 'min' | 'max' }
  const percent = text.replaceAll(/[^\d.]/g, '')
  if (Number(percent) <= 0 || Number(percent) >= 100)
    throw new Mistake('bad_objective', `${text} is not a percentile`, example)
  return { kind: 'percentile', share: Number(`${percent}e-2`) }
}

/** `99%` or `0.99`. */
function shareOf(text: string): number {
  const share = text.endsWith('%') ? Number(`${text.slice(0, -1)}e-2`) : Number(text)
  if (share >= 0 && share <= 1) return share
  throw new Mistake('bad_objective', `${text} is not a share`, example)
}

/** A plain number; one with a unit of time is milliseconds. */
function numberOf(text: string): number {
  const number = Number(text)
  return Number.isFinite(number) ? number : readDuration(text)
}
