import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { birthDeath, meanOver } from './birth-death.ts'
import { engset } from './engset.ts'
import { erlangA } from './erlang-a.ts'
import { erlangB } from './erlang-b.ts'
import { erlangC } from './erlang-c.ts'

const rate = fc.double({ min: 0.01, max: 100, noNaN: true })

describe('birth-death chain', () => {
  // Ciw's processor sharing that slows down from three jobs on: arrivals 10, service 12.
  test('states of capacitated processor sharing', () => {
    const { first, probability } = birthDeath(
      () => 10,
      (n) => 12 * Math.min(n, 3),
    )
    expect(first).toBe(0)
    ;[0.43213, 0.36011, 0.15005].forEach((share, n) =>
      expect(Math.abs(probability[n]! - share)).toBeLessThan(1e-5),
    )
  })

  it('balances every cut between two states, in a window of thousands as of one', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 20_000, noNaN: true }),
        fc.integer({ min: 0, max: 50 }),
        (birth, most) => {
          const { first, probability } = birthDeath(
            () => birth,
            (n) => n,
            most === 0 ? Infinity : most,
          )
          for (let i = 1; i < probability.length; i++)
            expect((probability[i]! * (first + i)) / (probability[i - 1]! * birth)).toBeCloseTo(1, 9)
          if (most === 0) expect(meanOver({ first, probability }, (n) => n) / birth).toBeCloseTo(1, 9)
        },
      ),
      { seed: 7, numRuns: 40 },
    )
  })

  it('says so when there is no steady state', () => {
    expect(() =>
      birthDeath(
        () => 2,
        () => 1,
      ),
    ).toThrow('no steady state')
  })
})

describe('Erlang A', () => {
  test('48 calls a minute of one minute, patience of two, 50 people: a quarter of Erlang C’s wait', () => {
    const queue = erlangA(50, 48 / 60, 60, 120)
    expect(Math.abs(queue.abandoned - 0.0309)).toBeLessThan(5e-5)
    expect(Math.abs(queue.wait - 3.71)).toBeLessThan(5e-3)
    expect(Math.abs(erlangC(50, 48 / 60, 60).wait - 20.83)).toBeLessThan(5e-3)
  })

  it('is M/M/∞ where patience is as long as service, whatever the servers', () => {
    // Poisson(3): P(n ≥ 2) = 1 − 4e⁻³ and E(n − 2)⁺ = 1 + 5e⁻³.
    const queue = erlangA(2, 3, 1, 1)
    expect(queue.waits).toBeCloseTo(1 - 4 * Math.exp(-3), 12)
    expect(queue.queue).toBeCloseTo(1 + 5 * Math.exp(-3), 12)
  })

  it('nears Erlang C with endless patience and Erlang B with none', () => {
    expect(erlangA(10, 8, 1, 1e9).wait).toBeCloseTo(erlangC(10, 8, 1).wait, 6)
    expect(erlangA(10, 8, 1, 1e-9).abandoned).toBeCloseTo(erlangB(10, 8), 6)
  })

  it('loses nobody: served and abandoned are all that arrive, at any load', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        rate,
        rate,
        rate,
        (servers, arrival, service, patience) => {
          const queue = erlangA(servers, arrival, service, patience)
          expect(queue.throughput / arrival + queue.abandoned).toBeCloseTo(1, 9)
        },
      ),
      { seed: 8, numRuns: 60 },
    )
  })
})

describe('Engset', () => {
  test('three users, two lines: R queueing’s example', () => {
    // Two others, each busy with probability a ÷ (1 + a), both at once.
    const { lost } = engset(2, 3, 1, 0.7142857142857143)
    expect(lost / 0.1736111111).toBeCloseTo(1, 8)
  })

  it('loses nobody with a line each and everybody without lines', () => {
    expect(engset(3, 3, 1, 2)).toEqual({ lost: 0, full: expect.closeTo(8 / 27, 12), busy: 2 })
    expect(engset(0, 3, 1, 2)).toEqual({ lost: 1, full: 1, busy: 0 })
  })

  it('nears Erlang B with many users, and keeps as many lines busy as calls get through', () => {
    const { lost, full, busy } = engset(20, 1_000_000, 15 / 1_000_000, 1)
    expect(lost).toBeCloseTo(erlangB(20, 15), 5)
    expect(full).toBeGreaterThan(lost)
    expect(busy).toBeCloseTo(15 * (1 - erlangB(20, 15)), 3)
  })
})
