import type { Probe } from '../find/runner.ts'
import { plan } from '../plan/plan.ts'
import type { Capacity } from '../result/capacity.ts'
import type { Summary } from '../result/summary.ts'
import { simulate } from '../simulate/simulate.ts'
import { simulatedWindow } from './simulated-window.ts'
import { type Level, levelValue } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'

/**
 * The answers at one and the same level, so that they can be compared line by line: the measured probe that passed
 * nearest below the capacity sets level, seed and window, and the other engines repeat it. Without a measurement it is
 * the load to run at: at the capacity itself the smallest difference between two engines is blown up.
 */
export function atSameLevel(workload: Workload, capacities: readonly Capacity[], seed: number): Summary[] {
  const measured = capacities.find(({ origin, invalid }) => origin === 'measured' && !invalid)
  const simulated = capacities.find(({ origin }) => origin === 'simulated')
  const reference = measured ? highestPassing(measured) : undefined
  const level = reference?.level ?? loadToRunAt(measured ?? simulated ?? capacities[0])
  if (level === undefined || !(levelValue(level) > 0)) return reference ? [reference] : []
  const window = reference?.window ?? windowAt(workload, level)
  const answers: Summary[] = []
  if (capacities.some(({ origin }) => origin === 'solved')) answers.push(plan(workload, level))
  if (simulated) answers.push(simulate(workload, { level, seed: reference?.seed ?? seed, ...window }))
  if (reference) answers.push(reference)
  return answers
}

/** Of conversations half of what a trial counts is enough to be compared. */
function windowAt(workload: Workload, level: Level): Pick<Probe, 'warmupMs' | 'measuredMs'> {
  const window = simulatedWindow(workload, level)
  return workload.phone?.alone ? window : { ...window, measuredMs: window.measuredMs / 2 }
}

function loadToRunAt(capacity: Capacity | undefined): Level | undefined {
  if (!capacity || capacity.runAt <= 0) return capacity?.level
  return 'users' in capacity.level ? { users: capacity.runAt } : { sessionsPerSecond: capacity.runAt }
}

function highestPassing(capacity: Capacity): Summary | undefined {
  // A capacity is valid by the trials in which the generator kept up; the others say nothing.
  const valid = capacity.probes.filter(({ summary }) => summary.generator?.valid !== false)
  const kept = valid.length > 0 ? valid : capacity.probes
  const passed = kept.filter(({ pass }) => pass !== false)
  const pool = passed.length > 0 ? passed : kept
  return pool.toSorted((a, b) => levelValue(b.level) - levelValue(a.level))[0]?.summary
}
