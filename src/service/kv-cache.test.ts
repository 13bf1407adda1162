import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { engineStation } from './engine-station.ts'

interface Job {
  readonly atMs: number
  readonly work: number
  readonly context: number
}

/** Departures by job, and the instants of first tokens; `most` sees the jobs in service after every event. */
function run(kvTokens: number | undefined, jobs: readonly Job[], prefillMs = 0, slots = 100) {
  const engine = { stepMs: 1, decodeMs: 0, prefillMs, slots, ...(kvTokens === undefined ? {} : { kvTokens }) }
  const station = engineStation(engine, 0)
  const departures = new Map<number, number>()
  const firsts = new Map<number, number[]>()
  const done = (job: number): void => void departures.set(job, station.atMs)
  const first = (job: number): void => void firsts.set(job, [...(firsts.get(job) ?? []), station.atMs])
  let most = 0
  const step = (): void => {
    station.at(station.nextAtMs).advance(done, first)
    most = Math.max(most, station.inService)
  }
  for (const [id, { atMs, work, context }] of jobs.toSorted((a, b) => a.atMs - b.atMs).entries()) {
    while (station.nextAtMs <= atMs) step()
    station.at(atMs).arrive(id, work, context)
    most = Math.max(most, station.inService)
  }
  while (station.nextAtMs < Infinity) step()
  return { departures, firsts, most, left: station.inService + station.waiting }
}

const job = fc.record({
  atMs: fc.nat(60),
  work: fc.integer({ min: 1, max: 40 }),
  context: fc.integer({ min: 1, max: 60 }),
})

describe('an engine whose KV cache is full', () => {
  test('the call that came last makes room, and goes on where it was', () => {
    // 3 + 3 tokens grow to 10 after 2 ms: the second stands back with 2 of 10 made until the first ends at 4.
    const { departures, firsts } = run(10, [
      { atMs: 0, work: 4, context: 3 },
      { atMs: 0, work: 10, context: 3 },
    ])
    expect([...departures]).toEqual([
      [0, 4],
      [1, 12],
    ])
    expect(firsts.get(1)).toHaveLength(1)
  })

  test('it reads its context again, which takes as long as prefill says', () => {
    const { departures } = run(
      10,
      [
        { atMs: 0, work: 4, context: 3 },
        { atMs: 0, work: 10, context: 3 },
      ],
      0.5,
    )
    // 3 + 2 tokens at half a millisecond.
    expect(departures.get(1)).toBeCloseTo(12 + 2.5, 9)
  })

  test('a call waits for room for its context, and those behind it wait too', () => {
    const { departures } = run(100, [
      { atMs: 0, work: 10, context: 80 },
      { atMs: 1, work: 5, context: 40 },
      { atMs: 2, work: 1, context: 1 },
    ])
    expect([...departures]).toEqual([
      [0, 10],
      [2, 11],
      [1, 15],
    ])
  })

  test('a call alone runs however long its context', () => {
    expect(run(10, [{ atMs: 0, work: 7, context: 5000 }]).departures.get(0)).toBe(7)
  })

  it('serves all, each from its first token once, never sooner than without a limit', () => {
    fc.assert(
      fc.property(fc.array(job, { maxLength: 25 }), fc.integer({ min: 40, max: 300 }), (jobs, kv) => {
        const limited = run(kv, jobs)
        const free = run(undefined, jobs)
        expect(limited.departures.size).toBe(jobs.length)
        expect(limited.left).toBe(0)
        for (const [id, atMs] of limited.departures) {
          expect(limited.firsts.get(id)).toHaveLength(1)
          expect(atMs).toBeGreaterThanOrEqual(free.departures.get(id)! - 1e-6)
        }
      }),
      { seed: 11, numRuns: 200 },
    )
  })

  it('is the engine without a limit where the cache is never full', () => {
    fc.assert(
      fc.property(fc.array(job, { maxLength: 25 }), (jobs) => {
        expect(run(1e6, jobs, 0.01, 4)).toEqual(run(undefined, jobs, 0.01, 4))
      }),
      { seed: 12, numRuns: 100 },
    )
  })
})
