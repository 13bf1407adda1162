import type { Workload } from '../workload/workload.ts'
import type { CrewTask } from './crew.ts'
import type { LoadOptions } from './load-options.ts'
import { type Shape, peakLevel, shapeOverDay } from './stages.ts'
import type { TurnLimits } from './turn-budget.ts'

/** Open arrivals follow the day; what the level names is the busiest hour. */
export function crewTask(workload: Workload, options: LoadOptions, shape: Shape): CrewTask {
  const { target, driver, proxies, warmupMs, seed, speed, runId, marker, turnTimeoutMs, maxUsers } = options
  const { day } = workload.users.peak
  return {
    options: {
      target,
      driver,
      warmupMs,
      seed,
      speed,
      runId,
      marker,
      ...(proxies ? { proxies } : {}),
      ...(turnTimeoutMs === undefined ? {} : { turnTimeoutMs }),
      ...(maxUsers === undefined ? {} : { maxUsers }),
    },
    shape: day && shape.of === 'sessionsPerSecond' ? shapeOverDay(shape, day) : shape,
    level: peakLevel(shape),
  }
}

/** What no turn may pass, however many threads begin them. */
export function limitsOf(workload: Workload, { maxTurns, maxSpendUsd, turnUsd }: LoadOptions): TurnLimits {
  const price = workload.models[workload.scenarios[0]!.model]?.price
  return {
    ...(maxTurns === undefined ? {} : { maxTurns }),
    ...(maxSpendUsd === undefined ? {} : { maxSpendUsd }),
    ...(turnUsd === undefined ? {} : { turnUsd }),
    ...(price ? { price } : {}),
  }
}
