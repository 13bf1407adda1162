import { nearestProbe } from '../report/answers.ts'
import type { Capacity } from '../result/capacity.ts'

/** A search's probes without their course over time, which is drawn for the one nearest to the capacity only. */
export function withoutSpareSeries(capacity: Capacity): Capacity {
  const drawn = nearestProbe(capacity)
  const probes = capacity.probes.map((probe) => {
    if (probe === drawn) return probe
    const { series: _, ...summary } = probe.summary
    return { ...probe, summary }
  })
  return { ...capacity, probes }
}
