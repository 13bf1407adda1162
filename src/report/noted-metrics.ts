import type { GoldenPair, GoldenSummary } from '../result/golden.ts'
import type { ScriptSummary, ShareSummary } from '../result/script-summary.ts'
import type { Metric } from './metrics.ts'

type Labels = Readonly<Record<string, string>>

/** What scripts noted, as numbers for machines: the measure's name is a label. */
export function notedMetrics(script: ScriptSummary | undefined, labels: Labels): Metric[] {
  if (!script) return []
  const { checks = {}, metrics = {} } = script
  const told: Metric[] = Object.entries(checks).map(([name, seen]) =>
    share('check_share', 'Share of times that a check held.', { ...labels, ...named('check', name) }, seen),
  )
  for (const [name, metric] of Object.entries(metrics)) {
    const of = { ...labels, ...named('metric', name) }
    const one = (suffix: string, help: string, more: Labels, value: number): Metric => ({
      name: suffix,
      help,
      unit: '1',
      labels: { ...of, ...more },
      value,
    })
    if (metric.kind === 'rate') told.push(share('script_rate', 'A rate that a script keeps.', of, metric))
    else if (metric.kind === 'count')
      told.push(one('script_count', 'A counter that a script keeps.', {}, metric.sum))
    else
      for (const statistic of ['mean', 'p50', 'p90', 'p95', 'p99'] as const)
        told.push(one('script_trend', 'A trend that a script keeps.', { statistic }, metric.dist[statistic]))
  }
  return told
}

/** `my_trend{plan:pro}` as a name and a tag. */
function named(label: string, key: string): Labels {
  const [, name = key, tag] = /^(.*?)\{([^}]*)\}$/.exec(key) ?? []
  return tag === undefined ? { [label]: name } : { [label]: name, tag }
}

function share(name: string, help: string, labels: Labels, { share, ci95 }: ShareSummary): Metric {
  return { name, help, unit: '1', labels, value: share, low: ci95[0], high: ci95[1] }
}

/** The share of golden answers that were right, idle and under load, by slice. */
export function goldenMetrics(golden: GoldenSummary | undefined, labels: Labels): Metric[] {
  if (!golden) return []
  const pairs: [Labels, GoldenPair][] = [
    [{}, golden.all],
    ...Object.entries(golden.slices).map(([slice, pair]): [Labels, GoldenPair] => [{ slice }, pair]),
  ]
  const help = 'Share of golden answers that were right.'
  return pairs.flatMap(([slice, pair]) =>
    (['idle', 'load'] as const).flatMap((phase) => {
      const { answers, share: right, ci95 } = pair[phase]
      const of = { ...labels, phase, ...slice }
      return answers === 0 ? [] : [share('golden_share', help, of, { share: right, ci95, count: answers })]
    }),
  )
}
