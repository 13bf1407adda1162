import { levelText } from '../workload/level.ts'
import { formatCount } from './figure-text.ts'
import type { Summary } from './summary.ts'

/** The level of an answer in words: `147 users`, `3 sessions/s`, and as the file has it where sessions are calls, `60 calls/min`. */
export function levelOf({ level, phone }: Pick<Summary, 'level' | 'phone'>): string {
  const value = 'users' in level ? level.users : level.sessionsPerSecond
  if (Number.isNaN(value)) return `${formatCount(value)} ${'users' in level ? 'users' : 'sessions/s'}`
  if (!phone || 'users' in level) return levelText(level)
  return `${formatCount(level.sessionsPerSecond * 60)} calls/min`
}
