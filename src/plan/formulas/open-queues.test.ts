import { describe, expect, it, test } from 'vitest'
import { allenCunneen } from './allen-cunneen.ts'
import { erlangB, erlangBOffered, erlangBServers } from './erlang-b.ts'
import { erlangC, erlangCServers } from './erlang-c.ts'
import { littlesLaw } from './littles-law.ts'
import { mmck } from './mmck.ts'
import { offeredTokensPerMinute } from '../quota-sizing/offered-tokens.ts'
import { pollaczekKhinchine } from './pollaczek-khinchine.ts'

test("Little's law: 1,000 users, 6 tasks an hour, depth 8, fan-out 1.5, 4 s and 6,000 + 400 tokens a call", () => {
  const tasksPerSecond = littlesLaw(1000, 6 / 3600)
  const callsPerSecond = tasksPerSecond * 8 * 1.5
  expect(callsPerSecond).toBeCloseTo(20, 11)
  expect(littlesLaw(callsPerSecond, 4)).toBeCloseTo(80, 10)
  const callsPerMinute = callsPerSecond * 60
  expect(callsPerMinute).toBeCloseTo(1200, 9)
  const tokens = (inputTokens: number, outputTokens: number): number =>
    offeredTokensPerMinute(
      { callsPerMinute, inputTokens, outputTokens, cachedShare: 0 },
      { cachedWeight: 1, outputWeight: 1 },
    )
  expect(tokens(6000, 0) / 7_200_000).toBeCloseTo(1, 12)
  expect(tokens(0, 400) / 480_000).toBeCloseTo(1, 12)
})

describe('Erlang B', () => {
  // Carrier Grade Voice over IP, appendix A (rounded to .1 there).
  test.each([
    [5, 0.01, 1.3608],
    [5, 0.05, 2.2185],
    [8, 0.02, 3.6271],
    [9, 0.01, 3.7825],
    [9, 0.05, 5.3702],
    [10, 0.001, 3.092],
    [15, 0.01, 8.108],
  ])('%i lines at %d lost carry %d erlangs', (lines, share, erlangs) => {
    expect(Math.abs(erlangBOffered(lines, share) - erlangs)).toBeLessThan(5e-4)
  })

  // erlang.com: 158.333 E at 3 %, 1,200 calls or 33.333 E at 1 %; 300 channels' worth of calls at .1 %.
  test.each([
    [158.3333333, 0.03, 168, 0.02909408174],
    [33.3333333, 0.01, 45, 0.009654016785],
  ])('%d erlangs at %d take %i lines', (erlangs, share, lines, lost) => {
    expect(erlangBServers(erlangs, share)).toBe(lines)
    expect(erlangB(lines, erlangs)).toBeCloseTo(lost, 9)
  })

  it('sizes 100 calls a minute of 3 minutes at .1 % to 344 channels', () => {
    expect(erlangBServers(300, 0.001)).toBe(344)
  })
})

describe('Erlang C', () => {
  test('Call Centre Helper: 100 calls in 30 minutes of 180 s, 80 % within 20 s', () => {
    const rate = 100 / 1800
    expect(erlangCServers(rate, 180, 0.8, 20)).toBe(14)
    const queue = erlangC(14, rate, 180)
    expect(queue.waits).toBeCloseTo(0.17413193, 7)
    expect(1 - queue.beyond(20)).toBeCloseTo(0.88835002, 7)
    expect(queue.wait).toBeCloseTo(7.835937, 5)
    expect(queue.utilisation).toBeCloseTo(0.7142857143, 9)
    expect(1 - erlangC(13, rate, 180).beyond(20)).toBeCloseTo(0.7955947884, 9)
  })

  test('M/M/2 at 9 and 5: ETH ASL 2017', () => {
    const { wait } = erlangC(2, 9, 1 / 5)
    expect(wait * 9).toBeCloseTo(7.673684211, 8)
    expect(wait + 1 / 5).toBeCloseTo(1.053, 3)
  })

  it('has no steady state at or above full use', () => {
    expect(erlangC(5, 2, 3)).toMatchObject({ waits: 1, wait: Infinity })
  })
})

test('M/M/2/5 at 3 and 2: Octave qsmmmk', () => {
  const queue = mmck(3, 2, 2, 5)
  expect(Math.abs(queue.empty - 0.179334)).toBeLessThan(1e-6)
  expect(Math.abs(queue.rejected - 0.085113)).toBeLessThan(1e-6)
  expect(queue.meanInside).toBeCloseTo(2.00595, 5)
  expect(Math.abs(queue.wait - 0.230857)).toBeLessThan(1e-6)
})

test('M/M/c/K with 50,000 places neither overflows nor loses its mass', () => {
  const queue = mmck(2, 1 / 3, 5, 50_000)
  expect(queue.throughput).toBeCloseTo(5 / 3, 9)
  expect(queue.meanInside).toBeGreaterThan(49_990)
})

test.each([
  [0, 2],
  [1, 4],
  [4, 10],
])('Pollaczek–Khinchine at load .8, cs² %d waits %d', (scv, wait) => {
  expect(pollaczekKhinchine(0.8, 1, scv)).toBeCloseTo(wait, 12)
})

test('Allen–Cunneen, ten servers, cs² 4', () => {
  expect(erlangC(10, 8 / 3, 3).wait).toBeCloseTo(0.6137702262, 9)
  expect(allenCunneen(10, 8 / 3, 3, 1, 4)).toBeCloseTo(1.534425565, 8)
})
