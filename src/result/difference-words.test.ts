import { expect, test } from 'vitest'
import type { Capacity } from './capacity.ts'
import { capacityDifference } from './capacity-difference.ts'
import { differenceWords } from './difference-words.ts'
import { capacityOf, probe } from './verdict/fixture-verdict.ts'

const calls = (perMinute: number, width: number) =>
  capacityOf({
    level: { sessionsPerSecond: perMinute / 60 },
    phone: { heldMs: 21_000 },
    low: (perMinute - width) / 60,
    high: (perMinute + width) / 60,
    runAt: (perMinute * 0.75) / 60,
    brokenBy: 'blocked < 1%',
  })

const told = (after: number, width: number, gate?: number): Record<string, string> => {
  const a = calls(12.4, 0.4)
  const found = capacityDifference(a, calls(after, width), { change: 'phone.carrier.concurrent=14', gate })
  return Object.fromEntries(differenceWords(a, found).map(({ label, text }) => [label, text]))
}

test.each([
  [
    20.6,
    0.3,
    'B is better: it carries 7.2 calls at once instead of 4.3: 8.2 calls/min more than A, 66 % (95 % interval of the difference: +7.7 to +8.7).',
  ],
  [
    10.4,
    0.3,
    'B is worse: it carries 3.6 calls at once instead of 4.3: 2 calls/min fewer than A, 16 % (95 % interval of the difference: −2.5 to −1.5).',
  ],
  [
    12.5,
    0.3,
    'Whether B carries more than A cannot be told (95 % interval of the difference: −0.4 to +0.6 calls/min).',
  ],
])('calls of two systems: %d calls/min against 12.4', (after, width, text) => {
  expect(told(after, width)['']).toBe(text)
})

test('each side in calls at once, and the gate', () => {
  const lines = told(10.4, 0.3, 0.02)
  expect(lines['A']).toBe(
    'carries 4.3 calls at once (12.4 calls/min; 95 % of samples: 12 to 12.8); beyond, blocked < 1% is missed',
  )
  expect(lines['gate']).toBe('regression: B is worse by more than 2 %, and not by chance')
})

const missing = (perMinute: number) =>
  capacityOf({
    level: { sessionsPerSecond: 0 },
    phone: { heldMs: 21_000 },
    low: undefined,
    high: undefined,
    brokenBy: 'blocked < 1%',
    probes: [0.9, perMinute / 60].map((sessionsPerSecond) => probe({ sessionsPerSecond }, { pass: false })),
  })

test.each([
  [
    12.4,
    6,
    'B is worse: it missed blocked < 1% at every load tried, down to 6 calls/min, and A carries 4.3 calls at once (12.4 calls/min) (95 % interval of the difference: −12.4 to −6 calls/min).',
    true,
  ],
  [
    12.4,
    30,
    'Whether B carries more than A cannot be told (95 % interval of the difference: −12.4 to +18 calls/min).',
    false,
  ],
])('%d calls/min against none that was tried, down to %d', (before, tried, text, regressed) => {
  const a = calls(before, 0.4)
  const found = capacityDifference(a, missing(tried), { change: 'another', gate: 0.05 })
  const [first, , b] = differenceWords(a, found)
  expect(first!.text).toBe(text)
  expect(b!.text).toBe(`missed blocked < 1% at every load tried, down to ${tried} calls/min; it is another`)
  expect(found.gate!.regressed).toBe(regressed)
})

test('none of one against what the other carries, and none of both', () => {
  const headline = (a: Capacity, b: Capacity) =>
    differenceWords(a, capacityDifference(a, b, { change: 'another' }))[0]!.text
  expect(headline(missing(6), calls(12.4, 0.4))).toMatch(
    /^B is better: it carries 4.3 calls at once \(12.4 calls\/min\), and A missed blocked < 1% at every load/,
  )
  expect(headline(missing(6), missing(6))).toMatch(/^Whether B carries more than A cannot be told/)
})
