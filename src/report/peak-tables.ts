import { formatCount, formatMs } from '../result/figure-text.ts'
import type { PeakPlan } from '../result/peak-plan.ts'
import type { PlanTable } from './plan-tables.ts'

/** How long each way of counting takes the burst. */
export function peakTables({ burst }: PeakPlan): PlanTable[] {
  if (!burst || burst.absorbed.length === 0) return []
  const { absorbed, forMs } = burst
  return [
    {
      title: 'the burst',
      lead: 'How long each takes the burst from a moment at which nothing is in use. Below the file’s own quota the same tokens a minute, as other providers count them.',
      head: ['the burst against', 'absorbed for', 'calls', 'refuses first'],
      rows: absorbed.map(({ name, forMs: ms, calls, binding }) => [
        name,
        ms === undefined ? 'ever' : formatMs(ms),
        calls === undefined ? '' : formatCount(calls),
        binding ?? '',
      ]),
      left: [3],
      missed: absorbed.flatMap(({ forMs: ms }, i) =>
        ms !== undefined && (forMs === undefined ? false : ms < forMs) ? [i] : [],
      ),
    },
  ]
}
