import { clean } from './clean.ts'
import { type Metric, metricsOf } from './metrics.ts'
import type { Reporter } from './reporter.ts'

/**
 * The run's numbers as an OTLP metrics request in JSON (opentelemetry-proto, ExportMetricsServiceRequest): gauges at
 * the end of the run. Collectors take it at /v1/metrics, and Prometheus at /api/v1/otlp/v1/metrics.
 */
export const otlp: Reporter = (dirty) => {
  const run = clean(dirty)
  const endedAt = nanoseconds(run.endedAt ?? run.startedAt)
  const startedAt = nanoseconds(run.startedAt)
  const families = Map.groupBy(metricsOf(run), ({ name }) => name)
  const metrics = [...families].map(([name, points]) => ({
    name: `plimsoll.${name}`,
    description: points[0]!.help,
    unit: units[points[0]!.unit],
    gauge: {
      dataPoints: points.map(({ labels, value }) => ({
        attributes: attributes(labels),
        startTimeUnixNano: startedAt,
        timeUnixNano: endedAt,
        asDouble: value,
      })),
    },
  }))
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

/** As UCUM writes them. */
const units: Readonly<Record<Metric['unit'], string>> = {
  s: 's',
  '1': '1',
  '1/s': '1/s',
  users: '{user}',
  'sessions/s': '{session}/s',
  USD: '{USD}',
  cores: '{core}',
}

function attributes(labels: Readonly<Record<string, string>>): unknown[] {
  return Object.entries(labels).map(([key, stringValue]) => ({ key, value: { stringValue } }))
}

/** 64-bit numbers are strings in protobuf's JSON. */
const nanoseconds = (instant: string): string => `${Date.parse(instant)}000000`
