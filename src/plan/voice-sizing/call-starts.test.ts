import { expect, test } from 'vitest'
import { callStarts, campaignMs, startsCarriedPerMinute, startsNeeded } from './call-starts.ts'

test('one start a second, queued: half used waits half a second, full waits without end', () => {
  const limit = { startsPerSecond: 1, over: 'queued' } as const
  expect(callStarts(limit, 0.5)).toEqual({ utilisation: 0.5, waitMs: 500, rejectedShare: 0 })
  expect(callStarts(limit, 0.8).waitMs).toBeCloseTo(2000, 9)
  expect(callStarts(limit, 1).waitMs).toBe(Infinity)
})

// Erlang B by hand: B(1, a) = a / (1 + a), B(3, a) = (a³/6) / (1 + a + a²/2 + a³/6).
test('rejected: what finds the starts of the last second taken', () => {
  const one = callStarts({ startsPerSecond: 1, over: 'rejected' }, 0.5)
  expect(one.rejectedShare).toBeCloseTo(1 / 3, 9)
  expect(one.waitMs).toBe(0)
  const three = callStarts({ startsPerSecond: 3, over: 'rejected' }, 100 / 60)
  const a = 100 / 60
  expect(three.rejectedShare).toBeCloseTo(a ** 3 / 6 / (1 + a + a ** 2 / 2 + a ** 3 / 6), 9)
})

test('a campaign of 1,000 calls lasts 16 min 39 s at one a second', () => {
  expect(campaignMs({ startsPerSecond: 1, over: 'queued' }, 1000)).toBe(999_000)
  expect(campaignMs({ startsPerSecond: 5, over: 'queued' }, 1)).toBe(0)
  expect(campaignMs({ startsPerSecond: 5, over: 'queued' }, 0)).toBe(0)
})

test('a queue carries its rate; a refusal costs most of it', () => {
  expect(startsCarriedPerMinute({ startsPerSecond: 2, over: 'queued' }, 0.001)).toBe(120)
  for (const startsPerSecond of [1, 3, 10]) {
    const carried = startsCarriedPerMinute({ startsPerSecond, over: 'rejected' }, 0.001)
    const share = callStarts({ startsPerSecond, over: 'rejected' }, carried / 60).rejectedShare
    expect(share).toBeCloseTo(0.001, 9)
    expect(carried).toBeLessThan(60 * startsPerSecond)
  }
})

test('a limit below one a second is one in so many seconds', () => {
  // One in ten seconds, of calls that come every hundred: B(1, 0.1).
  const { rejectedShare } = callStarts({ startsPerSecond: 0.1, over: 'rejected' }, 0.01)
  expect(rejectedShare).toBeCloseTo(0.1 / 1.1, 9)
})

test('starts to have: refused no more than asked, and a tenth less refuse more', () => {
  const needed = startsNeeded('rejected', 5 / 3, 0.001)
  expect(callStarts({ startsPerSecond: needed, over: 'rejected' }, 5 / 3).rejectedShare).toBeLessThanOrEqual(
    0.001,
  )
  expect(
    callStarts({ startsPerSecond: 0.9 * needed, over: 'rejected' }, 5 / 3).rejectedShare,
  ).toBeGreaterThan(0.001)
  expect(startsNeeded('queued', 4, 0.001)).toBe(5)
})
