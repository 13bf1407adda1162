import { describe, expect, test } from 'vitest'
import {
  type AtOnce,
  atOnceLoadText,
  callsAtOnce,
  countText,
  inUnit,
  loadText,
  loadUnit,
  rangeText,
} from './load-words.ts'

const users = { level: { users: 147 } }
const sessions = { level: { sessionsPerSecond: 0.4236 } }
const calls = { level: { sessionsPerSecond: 0.7716 }, phone: { heldMs: 169_000 } }

test.each([
  [users, 'users', 147, '147', '147 users'],
  [{ level: { users: 1 } }, 'users', 1, '1', '1 user'],
  [{ level: { users: 12_345 } }, 'users', 12_345, '12,345', '12,345 users'],
  [sessions, 'sessions/s', 0.4236, '0.42', '0.42 sessions/s'],
  [{ ...sessions, stages: true as const }, 'sessions/s', 0.4236, '0.42', 'up to 0.42 sessions/s'],
  [calls, 'calls/min', 46.296, '46.3', '46.3 calls/min'],
  [{ ...users, phone: {} }, 'users', 147, '147', '147 users'],
])('a load in its unit: %j', (at, unit, value, count, text) => {
  expect(loadUnit(at)).toBe(unit)
  expect(inUnit(at)).toBeCloseTo(value, 9)
  expect(countText(at)).toBe(count)
  expect(loadText(at)).toBe(text)
})

test('another load of the same kind', () => {
  expect(loadText(users, 1)).toBe('1 user')
  expect(loadText(calls, 0.5)).toBe('30 calls/min')
})

test.each([
  [{ ...users, low: 141.3, high: 151.2 }, '141 to 152'],
  [{ ...sessions, low: 0.41, high: 0.44 }, '0.41 to 0.44'],
  [{ ...calls, low: 0.7513, high: 0.7906 }, '45.1 to 47.4'],
  [{ ...calls, low: 0.75 }, ''],
  [{ ...users, low: 141, high: Infinity }, ''],
])('an interval: %j', (at, text) => expect(rangeText(at)).toBe(text))

describe('calls at once are the rate times how long one is on the line', () => {
  test.each<[AtOnce, number | undefined, string]>([
    [calls, 130.4004, '130 calls at once (46.3 calls/min)'],
    [{ level: { sessionsPerSecond: 0.2 }, phone: { heldMs: 20_000 } }, 4, '4 calls at once (12 calls/min)'],
    [
      { level: { sessionsPerSecond: 0.118 }, phone: { heldMs: 20_000 } },
      2.36,
      '2.4 calls at once (7.08 calls/min)',
    ],
    [{ level: { sessionsPerSecond: 0.05 }, phone: { heldMs: 20_000 } }, 1, '1 call at once (3 calls/min)'],
    [sessions, undefined, '0.42 sessions/s'],
    [users, undefined, '147 users'],
    [{ ...calls, phone: { heldMs: NaN } }, undefined, '46.3 calls/min'],
  ])('%j', (at, atOnce, text) => {
    const found = callsAtOnce(at)
    if (atOnce === undefined) expect(found).toBeUndefined()
    else expect(found).toBeCloseTo(atOnce, 9)
    expect(atOnceLoadText(at)).toBe(text)
  })
})

test('what more there is to say of a load stands in its brackets', () => {
  expect(atOnceLoadText(calls, undefined, 'at most')).toBe('130 calls at once (46.3 calls/min; at most)')
  expect(atOnceLoadText(users, undefined, 'at most')).toBe('147 users (at most)')
})
