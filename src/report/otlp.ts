import type { Run } from '../result/run.ts'
import { clean } from './clean.ts'
import { type Metric, metricsOf } from './metrics.ts'
import type { Reporter } from './reporter.ts'

/**
 * The run's numbers as an OTLP metrics request in JSON (opentelemetry-proto, ExportMetricsServiceRequest): gauges at
 * the end of the run. Collectors take it at /v1/metrics, and Prometheus at /api/v1/otlp/v1/metrics.
 */
export const otlp: Reporter = (dirty) => {
  const run = clean(dirty)
  const { startedAt, endedAt = startedAt } = run
  return otlpRequest(metricsOf(run), run, { fromMs: Date.parse(startedAt), atMs: Date.parse(endedAt) })
}

/** What tells a run from others. */
export type RunIdentity = Pick<Run, 'runId' | 'version'> & {
  readonly workload: Pick<Run['workload'], 'name' | 'hash'>
}

/** The same of any numbers of a run, as they are at an instant. */
export function otlpRequest(
  all: readonly Metric[],
  run: RunIdentity,
  { fromMs, atMs }: { readonly fromMs: number; readonly atMs: number },
): string {
  const families = Map.groupBy(all, ({ name }) => name)
  const metrics = [...families].map(([name, points]) => {
    const { help, unit, counts } = points[0]!
    const dataPoints = points.map(({ labels, value }) => ({
      attributes: attributes(labels),
      startTimeUnixNano: nanoseconds(fromMs),
      timeUnixNano: nanoseconds(atMs),
      asDouble: value,
    }))
    const data = counts
      ? { sum: { dataPoints, aggregationTemporality: cumulative, isMonotonic: true } }
      : { gauge: { dataPoints } }
    return { name: `plimsoll.${name}`, description: help, unit: units[unit], ...data }
  })
  const resource = attributes({
    'service.name': 'plimsoll',
    'service.version': run.version,
    'plimsoll.run': run.runId,
    'plimsoll.workload': run.workload.name,
    'plimsoll.workload.hash': run.workload.hash,
  })
  const scope = { name: 'plimsoll', version: run.version }
  const request = {
    resourceMetrics: [{ resource: { attributes: resource }, scopeMetrics: [{ scope, metrics }] }],
  }
  return `${JSON.stringify(request, undefined, 2)}\n`
}

/** AGGREGATION_TEMPORALITY_CUMULATIVE */
const cumulative = 2

/** As UCUM writes them. */
const units: Readonly<Record<Metric['unit'], string>> = {
  s: 's',
  '1': '1',
  '1/s': '1/s',
  users: '{user}',
  'sessions/s': '{session}/s',
  'calls/min': '{call}/min',
  USD: '{USD}',
  cores: '{core}',
  bytes: 'By',
}

function attributes(labels: Readonly<Record<string, string>>): unknown[] {
  return Object.entries(labels).map(([key, stringValue]) => ({ key, value: { stringValue } }))
}

/** 64-bit numbers are strings in protobuf's JSON. */
const nanoseconds = (ms: number): string => `${ms}000000`
