import type { Summary } from '../result/summary.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { demandOf } from './demand.ts'
import { plan } from './plan-level.ts'
import { saturationOf } from './saturation.ts'
import { turnArithmetic } from './turn-arithmetic.ts'
import { planned } from './planned-workload.ts'

/** What `plan` tells of a level, with where a service is full and what a turn is made of: for reports, not for searches. */
export function planAt(written: Workload, level: Level): Summary {
  const workload = planned(written)
  const demand = demandOf(workload)
  const summary = plan(workload, level, demand)
  const saturation = saturationOf(workload, demand)
  return {
    ...summary,
    ...(saturation ? { saturation } : {}),
    turn: turnArithmetic(workload, demand, summary),
  }
}
