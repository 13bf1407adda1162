import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { engineStation } from './engine-station.ts'
import { serverStation } from './server-station.ts'
import type { Station } from './station.ts'

interface Job {
  readonly atMs: number
  readonly work: number
  /** After how long it gives up, if it does. */
  readonly leavesAfterMs?: number
}

/** Runs jobs through a station as a caller with timers would; departures by job, in order of departure. */
function run(station: Station, jobs: readonly Job[]): Map<number, number> {
  const departures = new Map<number, number>()
  const done = (job: number): void => void departures.set(job, station.atMs)
  const acts = jobs.flatMap((job, id) => [
    { atMs: job.atMs, act: () => station.at(job.atMs).arrive(id, job.work) },
    ...(job.leavesAfterMs === undefined
      ? []
      : [
          {
            atMs: job.atMs + job.leavesAfterMs,
            act: () => station.at(job.atMs + job.leavesAfterMs!).leave(id),
          },
        ]),
  ])
  for (const { atMs, act } of acts.sort((a, b) => a.atMs - b.atMs)) {
    while (station.nextAtMs <= atMs) station.at(station.nextAtMs).advance(done)
    act()
  }
  while (station.nextAtMs < Infinity) station.at(station.nextAtMs).advance(done)
  return departures
}

const job = fc.record({
  atMs: fc.nat(100),
  work: fc.integer({ min: 1, max: 50 }),
  leavesAfterMs: fc.option(fc.nat(60), { nil: undefined, freq: 3 }),
}) as fc.Arbitrary<Job>
const jobs = fc.array(job, { maxLength: 40 })
const patientJobs = fc.array(fc.record({ atMs: fc.nat(100), work: fc.integer({ min: 1, max: 50 }) }), {
  maxLength: 40,
})

const plainEngine = { stepMs: 0, decodeMs: 1, prefillMs: 0, slots: 3 }

describe('server station', () => {
  test('first come, first served on two servers', () => {
    const departures = run(serverStation({ servers: 2 }), [
      { atMs: 0, work: 10 },
      { atMs: 1, work: 2 },
      { atMs: 2, work: 5 },
      { atMs: 3, work: 1 },
    ])
    expect([...departures]).toEqual([
      [1, 3],
      [2, 8],
      [3, 9],
      [0, 10],
    ])
  })

  test('sheds what the queue does not hold', () => {
    const station = serverStation({ servers: 1, queue: 1 })
    expect([0, 1, 2].map((id) => station.at(0).arrive(id, 5))).toEqual([true, true, false])
    expect([station.inService, station.waiting]).toEqual([1, 1])
  })

  test('agrees with Lindley’s recursion on one server', () => {
    fc.assert(
      fc.property(patientJobs, (jobs) => {
        const inOrder = [...jobs].sort((a, b) => a.atMs - b.atMs)
        let freeAtMs = 0
        const expected = inOrder.map(({ atMs, work }) => (freeAtMs = Math.max(freeAtMs, atMs) + work))
        const departures = run(serverStation({ servers: 1 }), inOrder)
        expect(inOrder.map((_, id) => departures.get(id))).toEqual(expected)
      }),
    )
  })

  test('conserves jobs, and is never idle while jobs wait', () => {
    fc.assert(
      fc.property(jobs, fc.integer({ min: 1, max: 4 }), (jobs, servers) => {
        const station = serverStation({ servers })
        const departures = run(station, jobs)
        expect([station.inService, station.waiting]).toEqual([0, 0])
        for (const [id, { leavesAfterMs }] of jobs.entries())
          if (leavesAfterMs === undefined) expect(departures.has(id)).toBe(true)
        for (const [id, atMs] of departures) {
          const { atMs: arrivedAtMs, work, leavesAfterMs = Infinity } = jobs[id]!
          expect(atMs - arrivedAtMs).toBeGreaterThanOrEqual(work)
          expect(atMs - arrivedAtMs).toBeLessThanOrEqual(leavesAfterMs)
        }
      }),
    )
  })

  test('after every step either a server is free or nobody waits, never both busy and over its servers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(2), fc.nat(9))),
        fc.integer({ min: 1, max: 3 }),
        (acts, servers) => {
          const station = serverStation({ servers })
          for (const [i, [kind, value]] of acts.entries()) {
            station.at(i).advance(() => {})
            if (kind === 2) station.at(i).leave(value)
            else station.at(i).arrive(i, value)
            expect(station.inService).toBeLessThanOrEqual(servers)
            if (station.waiting > 0) expect(station.inService).toBe(servers)
          }
        },
      ),
    )
  })
})

describe('engine station', () => {
  // The trace of Ciw's tests for limited processor sharing, in seconds there.
  test('shares the processor among three, the fourth waits', () => {
    const departures = run(engineStation(plainEngine, 0), [
      { atMs: 0.5, work: 1 },
      { atMs: 0.5, work: 2 },
      { atMs: 0.5, work: 3 },
      { atMs: 1.5, work: 4 },
    ])
    expect([...departures]).toEqual([
      [0, 3.5],
      [1, 6.5],
      [2, 8.5],
      [3, 10.5],
    ])
  })

  test('b calls at once take T(b) = step·K + b·(decode·K + prefill·P)', () => {
    const engine = { stepMs: 20, decodeMs: 1, prefillMs: 0.1, slots: 64 }
    const [b, output, input] = [5, 300, 1200]
    const departures = run(
      engineStation(engine, input / output),
      Array.from({ length: b }, () => ({ atMs: 0, work: output })),
    )
    for (const atMs of departures.values()) expect(atMs).toBeCloseTo(20 * 300 + 5 * (300 + 0.1 * 1200), 6)
  })

  test('an engine that takes no time is done when it begins', () => {
    const departures = run(engineStation({ stepMs: 0, decodeMs: 0, prefillMs: 0, slots: 2 }, 0), [
      { atMs: 5, work: 10 },
      { atMs: 7, work: 1 },
    ])
    expect([...departures]).toEqual([
      [0, 5],
      [1, 7],
    ])
  })

  test('an engine that takes no time and whose cache is full serves one after the other, at once', () => {
    const engine = { stepMs: 0, decodeMs: 0, prefillMs: 0, slots: 4, kvTokens: 30 }
    const station = engineStation(engine, 0)
    for (const job of [1, 2, 3]) station.at(5).arrive(job, 20, 5)
    const done: number[] = []
    station.at(5).advance((job) => void done.push(job))
    expect(done.sort()).toEqual([1, 2, 3])
    expect(station.nextAtMs).toBe(Infinity)
  })

  test('tells the first token, and how far each job has come', () => {
    const station = engineStation({ stepMs: 10, decodeMs: 0, prefillMs: 0, slots: 1 }, 0)
    station.at(0).arrive(7, 4)
    station.at(0).arrive(8, 4)
    expect([7, 8, 9].map((job) => station.at(25).progress(job))).toEqual([2.5, 0, NaN])
    const told: string[] = []
    const tell = (what: string) => (job: number) => void told.push(`${what} ${job} ${station.atMs}`)
    station.at(100).advance(tell('done'), tell('first'))
    expect(told).toEqual(['first 7 25', 'done 7 40', 'first 8 50', 'done 8 80'])
  })

  test('a job that gives up makes room and speeds up the others', () => {
    const departures = run(engineStation(plainEngine, 0), [
      { atMs: 0, work: 10, leavesAfterMs: 6 },
      { atMs: 0, work: 4 },
    ])
    expect([...departures]).toEqual([[1, 7]])
  })

  test('does the work that arrived and no more: busy time is the sum of the work', () => {
    fc.assert(
      fc.property(patientJobs, (jobs) => {
        const inOrder = [...jobs].sort((a, b) => a.atMs - b.atMs)
        let freeAtMs = 0
        for (const { atMs, work } of inOrder) freeAtMs = Math.max(freeAtMs, atMs) + work
        const departures = run(engineStation(plainEngine, 0), inOrder)
        expect(departures.size).toBe(inOrder.length)
        if (inOrder.length > 0) expect(Math.max(...departures.values())).toBeCloseTo(freeAtMs, 6)
      }),
    )
  })

  test('conserves jobs when some give up', () => {
    fc.assert(
      fc.property(jobs, (jobs) => {
        const station = engineStation(plainEngine, 0)
        const departures = run(station, jobs)
        expect([station.inService, station.waiting]).toEqual([0, 0])
        for (const [id, { leavesAfterMs }] of jobs.entries())
          if (leavesAfterMs === undefined) expect(departures.has(id)).toBe(true)
      }),
    )
  })
})
