import { expect, test } from 'vitest'
import { callBlocking, callChannels, callErlangs, callsCarried } from './call-channels.ts'

test('100 calls a minute of 3 minutes at 0.1 % take 344 channels', () => {
  const traffic = { callsPerMinute: 100, minutesPerCall: 3 }
  expect([callErlangs(traffic), callChannels(traffic, 0.001)]).toEqual([300, 344])
  expect(callBlocking(traffic, 344)).toBeLessThanOrEqual(0.001)
  expect(callBlocking(traffic, 343)).toBeGreaterThan(0.001)
})

// Published Erlang B tables at 1 % and at 0.1 %.
test.each([
  [5, 11, 14],
  [10, 18, 21],
  [20, 30, 35],
  [50, 64, 71],
  [100, 117, 128],
  [200, 221, 238],
])('%d erlangs take %d channels at 1 %% and %d at 0.1 %%', (erlangs, percent, permille) => {
  const traffic = { callsPerMinute: erlangs / 2, minutesPerCall: 2 }
  expect([callChannels(traffic, 0.01), callChannels(traffic, 0.001)]).toEqual([percent, permille])
})

// erlang.com, calculator manual: 1,200 calls an hour of 100 s at 1 %; 158.33 erlangs at 3 %.
test.each([
  [1200 / 60, 100 / 60, 0.01, 45, 0.009654016785],
  [158.3333333, 1, 0.03, 168, 0.02909408174],
])('%d calls a minute of %d minutes', (callsPerMinute, minutesPerCall, blocked, channels, lost) => {
  const traffic = { callsPerMinute, minutesPerCall }
  expect(callChannels(traffic, blocked)).toBe(channels)
  expect(callBlocking(traffic, channels)).toBeCloseTo(lost, 9)
})

test('15 lines carry 8.108 erlangs at 1 %', () => {
  expect(callsCarried(15, 1, 0.01)).toBeCloseTo(8.108, 3)
  expect(callsCarried(15, 4, 0.01)).toBeCloseTo(8.108 / 4, 3)
  expect(callsCarried(0, 3, 0.01)).toBe(0)
})
