import type { CallRecord, TurnRecord } from '../result/records.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { Simulation } from './simulation.ts'

export interface Played {
  readonly turns: readonly TurnRecord[]
  readonly calls: readonly CallRecord[]
  /** All of them, in the order in which they were told. */
  readonly records: readonly (TurnRecord | CallRecord)[]
  readonly simulation: Simulation
}

/** Plays a workload and keeps a copy of every record, for tests that look at each. */
export function play(workload: Workload, level: Level, measuredMs: number, seed = 1, warmupMs = 0): Played {
  const records: (TurnRecord | CallRecord)[] = []
  const options = { level, seed, warmupMs, measuredMs }
  const simulation = new Simulation(workload, options, (record) => void records.push({ ...record }))
  simulation.run()
  return {
    records,
    turns: records.filter((record) => record.kind === 'turn'),
    calls: records.filter((record) => record.kind !== 'turn'),
    simulation,
  }
}

export interface Estimate {
  readonly mean: number
  /** Half the width of an interval that misses the truth once in a thousand runs. */
  readonly within: number
}

/** Student's t for 9 degrees of freedom, two-sided 99.9 %. */
const t999 = 4.781

/**
 * Throughput and mean turn time from ten independent replications with seeds 1 to 10. With a fixed seed a test
 * either always passes or never; over all choices of seeds a right simulator would fail one in a thousand.
 */
export function replicate(
  workload: Workload,
  level: Level,
  measuredMs: number,
  warmupMs: number,
): { perSecond: Estimate; turnMs: Estimate } {
  const perSecond: number[] = []
  const turnMs: number[] = []
  for (let seed = 1; seed <= 10; seed++) {
    let sumMs = 0
    const simulation = new Simulation(workload, { level, seed, warmupMs, measuredMs }, (record) => {
      if (record.kind !== 'turn' || record.outcome !== 'completed' || record.endedAtMs < warmupMs) return
      sumMs += record.endedAtMs - record.sentAtMs
    })
    simulation.run()
    const counts = simulation.meter.turnCounts()
    perSecond.push(counts.perSecond)
    turnMs.push(sumMs / counts.completed)
  }
  return { perSecond: estimate(perSecond), turnMs: estimate(turnMs) }
}

/** A mean of independent replications, ten of them. */
export function estimate(values: readonly number[]): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  return { mean, within: t999 * Math.sqrt(variance / values.length) }
}
