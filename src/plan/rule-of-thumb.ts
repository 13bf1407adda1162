import type { Workload } from '../workload/workload.ts'
import { demandOf, type TurnDemand } from './demand.ts'
import { littlesLaw } from './formulas/littles-law.ts'

/** The field's estimate, with what it is made of. */
export interface RuleOfThumb {
  /** Workers × think ÷ processing; absent where the file sets no number of workers. */
  readonly users?: number
  readonly workers: number
  readonly thinkMs: number
  readonly processingMs: number
  /** Users ÷ concurrency ratio: the registered people that this many concurrent ones stand for. */
  readonly registeredUsers?: number
}

/**
 * `users = workers × think ÷ processing`: a worker is busy with one turn while the others' users think. It counts
 * the thinking users only, and knows neither waiting nor limits behind the agent.
 */
export function ruleOfThumb(workload: Workload, demand: TurnDemand = demandOf(workload)): RuleOfThumb {
  const { workers } = workload.agent
  const { thinkMs } = demand
  const processingMs = demand.processingMs.mean
  const users = Math.floor((workers * thinkMs) / processingMs + 1e-9)
  return {
    workers,
    thinkMs,
    processingMs,
    ...(Number.isFinite(users) ? { users, ...registered(workload, users) } : {}),
  }
}

function registered(workload: Workload, users: number): Pick<RuleOfThumb, 'registeredUsers'> {
  const registeredUsers = registeredUsersFor(workload, users)
  return registeredUsers === undefined ? {} : { registeredUsers }
}

/** Registered users that `users` concurrent ones stand for, by the file's concurrency ratio. */
export function registeredUsersFor(workload: Workload, users: number): number | undefined {
  const { concurrencyRatio } = workload.users.peak
  return concurrencyRatio ? Math.round(users / concurrencyRatio) : undefined
}

/** What to provision for: the average load times the file's peak-to-average ratio. */
export function provisionForPeak(workload: Workload, averageUsers: number): number {
  return Math.ceil(averageUsers * (workload.users.peak.peakToAverage ?? 1) - 1e-9)
}

/** Model calls in flight at a rate of turns, by Little's law: turns/s × calls a turn × seconds a call. */
export function callsInFlight(turnsPerSecond: number, callsPerTurn: number, callSeconds: number): number {
  return littlesLaw(turnsPerSecond * callsPerTurn, callSeconds)
}
