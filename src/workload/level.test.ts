import { expect, test } from 'vitest'
import { levelText } from './level.ts'

test.each([
  [{ users: 147 }, '147 users'],
  [{ sessionsPerSecond: 3 }, '3 sessions/s'],
  [{ sessionsPerSecond: 2.566395025736974 }, '2.566 sessions/s'],
  [{ sessionsPerSecond: 1 / 60 }, '0.01667 sessions/s'],
])('%j in words', (level, text) => expect(levelText(level)).toBe(text))
