import type { Workload } from './workload.ts'

/** How much load: `users` concurrent people (closed) or sessions arriving at a rate (open). */
export type Level = { readonly users: number } | { readonly sessionsPerSecond: number }

/** Whether the rate of arrivals follows the hours of the day, so that it is never steady. */
export function followsDay({ users }: Workload, level: Level): boolean {
  return 'sessionsPerSecond' in level && users.peak.day !== undefined
}

/** The one number of a level, for ordering and for charts. */
export function levelValue(level: Level): number {
  return 'users' in level ? level.users : level.sessionsPerSecond
}

/** A level in words: `147 users` or `3 sessions/s`. */
export function levelText(level: Level): string {
  return 'users' in level
    ? `${level.users.toLocaleString('en-US')} ${level.users === 1 ? 'user' : 'users'}`
    : `${Number(level.sessionsPerSecond.toPrecision(4))} sessions/s`
}
