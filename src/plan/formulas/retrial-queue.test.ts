import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { erlangB } from './erlang-b.ts'
import { erlangC } from './erlang-c.ts'
import { type RetrialModel, retrialQueue } from './retrial-queue.ts'

describe('retrial queue', () => {
  // One server: ρ ÷ (1 − ρ) · (ρ + λ ÷ ν).
  test.each([
    [0.1, 5.5],
    [0.5, 1.5],
    [1, 1],
  ])('M/M/1 at load .5, retries at %d: Falin and Templeton have %d in orbit', (retryRate, orbit) => {
    const queue = retrialQueue({ servers: 1, arrival: 0.5, service: 1, retryWait: 1 / retryRate })
    expect(queue.orbit / orbit).toBeCloseTo(1, 12)
    expect(queue.blocked).toBeCloseTo(0.5, 12)
    expect(queue.attempts).toBeCloseTo(1 + (orbit * retryRate) / 0.5, 12)
  })

  test.each([
    [25, 30, 5, 0.053, 0.096],
    [4, 5, 2, 0.199, 0.439],
  ])(
    '%d erlangs on %d slots, retries after %d: %d rejected become %d',
    (arrival, servers, retryWait, once, all) => {
      const model = { servers, arrival, service: 1, retryWait }
      expect(Math.abs(retrialQueue({ ...model, persistence: 0 }).blocked - once)).toBeLessThan(5e-4)
      expect(Math.abs(retrialQueue(model).blocked - all)).toBeLessThan(5e-4)
    },
  )

  it('agrees with the chain solved state by state', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.double({ min: 0.2, max: 3, noNaN: true }),
        fc.double({ min: 0.2, max: 3, noNaN: true }),
        fc.double({ min: 0.1, max: 0.6, noNaN: true }),
        (servers, arrival, retryWait, persistence) => {
          const model = { servers, arrival, service: 0.8, retryWait, persistence }
          const { blocked, orbit, busy } = retrialQueue(model)
          const swept = sweptByHand(model, 40)
          expect(blocked).toBeCloseTo(swept.blocked, 9)
          expect(orbit).toBeCloseTo(swept.orbit, 8)
          expect(busy).toBeCloseTo(swept.busy, 8)
        },
      ),
      { seed: 9, numRuns: 10 },
    )
  })

  it('lies between Erlang B and Erlang C, and is them in the limits', () => {
    const model = { servers: 5, arrival: 4, service: 1, retryWait: 5 }
    const [none, all, queue] = [erlangB(5, 4), retrialQueue(model).blocked, erlangC(5, 4, 1).waits]
    expect(none).toBeLessThan(all)
    expect(all).toBeLessThan(queue)
    expect(retrialQueue({ ...model, persistence: 0 })).toMatchObject({ orbit: 0, attempts: 1 })
    expect(retrialQueue({ ...model, persistence: 0 }).lost).toBeCloseTo(none, 12)
    expect(retrialQueue({ ...model, retryWait: 1e-7 }).blocked).toBeCloseTo(queue, 5)
  })

  test.each([
    [0.5, 1],
    [0.95, 1],
    [0.99, 1],
    [0.999, 1],
    [1.02, 0.9],
    [3, 0.5],
  ])('10,000 servers at load %d, of whom a share %d comes back: all flows balance', (load, persistence) => {
    const model = { servers: 10_000, arrival: load * 2000, service: 5, retryWait: 20, persistence }
    const queue = retrialQueue(model)
    expect((queue.busy / 5 / model.arrival + queue.lost) / 1).toBeCloseTo(1, 9)
    expect(queue.attempts * queue.rejected * (1 - persistence)).toBeCloseTo(queue.lost, 9)
    expect(queue.blocked).toBeGreaterThanOrEqual(erlangB(10_000, load * 10_000))
  })

  it('has no steady state when all retry and the servers cannot keep up, but one when some give up', () => {
    const model = { servers: 3, arrival: 300, service: 1, retryWait: 5 }
    expect(retrialQueue(model)).toMatchObject({ orbit: Infinity, attempts: Infinity, blocked: 1 })
    expect(() => retrialQueue({ ...model, arrival: 3 - 1e-9 })).toThrow('saturation')
    const some = retrialQueue({ ...model, persistence: 0.9 })
    expect(some.attempts).toBeLessThan(10)
    expect(some.lost).toBeCloseTo(1 - some.busy / 300, 9)
    // Customers are lost by each rejected attempt that nothing follows.
    expect(some.attempts * some.rejected * 0.1).toBeCloseTo(some.lost, 9)
  })
})

/** The same chain by sweeps of Gauss and Seidel over all states up to `most` in orbit. */
function sweptByHand(model: Required<RetrialModel>, most: number) {
  const { servers, arrival, service, retryWait, persistence } = model
  const states = Array.from({ length: (servers + 1) * (most + 1) }, () => 1)
  const at = (busy: number, orbit: number): number => busy + orbit * (servers + 1)
  const read = (busy: number, orbit: number): number =>
    busy < 0 || orbit < 0 || busy > servers || orbit > most ? 0 : states[at(busy, orbit)]!
  for (let sweep = 0; sweep < 3000; sweep++) {
    for (let orbit = most; orbit >= 0; orbit--)
      for (let busy = 0; busy <= servers; busy++) {
        const full = busy === servers
        const into =
          read(busy - 1, orbit) * arrival +
          (read(busy + 1, orbit) * (busy + 1)) / service +
          (read(busy - 1, orbit + 1) * (orbit + 1)) / retryWait +
          (full ? read(busy, orbit - 1) * arrival * persistence : 0) +
          (full ? (read(busy, orbit + 1) * (orbit + 1) * (1 - persistence)) / retryWait : 0)
        const out =
          (full ? (orbit < most ? arrival * persistence : 0) : arrival) +
          busy / service +
          (orbit / retryWait) * (full ? 1 - persistence : 1)
        states[at(busy, orbit)] = into / out
      }
    const total = states.reduce((sum, weight) => sum + weight, 0)
    states.forEach((weight, i) => (states[i] = weight / total))
  }
  const mean = (value: (busy: number, orbit: number) => number): number =>
    states.reduce((sum, w, i) => sum + w * value(i % (servers + 1), Math.floor(i / (servers + 1))), 0)
  return {
    blocked: mean((busy) => (busy === servers ? 1 : 0)),
    orbit: mean((_, orbit) => orbit),
    busy: mean((busy) => busy),
  }
}
