import { clean } from './clean.ts'
import { type Metric, metricsOf } from './metrics.ts'
import type { Reporter } from './reporter.ts'

/** The run's numbers in Prometheus's text format, for a node exporter's folder or a Pushgateway. */
export const prometheus: Reporter = (dirty) => {
  const run = clean(dirty)
  const common = { workload: run.workload.name }
  const families = Map.groupBy(metricsOf(run).flatMap(withInterval), ({ name }) => name)
  const info = { ...common, run: run.runId, version: run.version, workload_hash: run.workload.hash }
  const lines = [
    '# HELP plimsoll_run_info The run that these numbers are of.',
    '# TYPE plimsoll_run_info gauge',
    `plimsoll_run_info${labelText(info)} 1`,
  ]
  for (const [name, metrics] of families) {
    lines.push(`# HELP plimsoll_${name} ${metrics[0]!.help}`, `# TYPE plimsoll_${name} gauge`)
    for (const { labels, value } of metrics)
      lines.push(`plimsoll_${name}${labelText({ ...common, ...labels })} ${value}`)
  }
  return `${lines.join('\n')}\n`
}

/** The ends of a 95 % interval are families of their own. */
export function withInterval(metric: Metric): Metric[] {
  const { name, help, low, high } = metric
  if (low === undefined || high === undefined) return [metric]
  const end = (suffix: string, which: string, value: number): Metric => ({
    ...metric,
    name: `${name}_${suffix}`,
    help: `${which} end of the 95 % interval. ${help}`,
    value,
  })
  return [metric, end('ci95_low', 'Lower', low), end('ci95_high', 'Upper', high)]
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const escaped = (text: string): string =>
    text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
  return `{${Object.entries(labels)
    .map(([name, text]) => `${name}="${escaped(text)}"`)
    .join(',')}}`
}
