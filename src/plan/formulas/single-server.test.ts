import { describe, expect, it, test } from 'vitest'
import { cobham } from './cobham.ts'
import { erlangC } from './erlang-c.ts'
import { forkJoin, harmonic } from './fork-join.ts'
import { kingman, kingmanBound } from './kingman.ts'
import { mm1, mm1Arrival } from './mm1.ts'
import { pollaczekKhinchine } from './pollaczek-khinchine.ts'
import { processorSharing } from './processor-sharing.ts'

describe('M/M/1', () => {
  test('load .8: waits 4, stays 5', () => {
    const queue = mm1(0.8, 1)
    expect(queue.wait).toBeCloseTo(4, 12)
    expect(queue.response).toBeCloseTo(5, 12)
    expect(queue.inside).toBeCloseTo(4, 12)
    expect(queue.wait).toBeCloseTo(erlangC(1, 0.8, 1).wait, 12)
  })

  test('P95 within 10 service times: μ − ln 20 ÷ 10', () => {
    const arrival = mm1Arrival(1, 0.95, 10)
    expect(arrival).toBeCloseTo(0.700426772644601, 12)
    expect(mm1(arrival, 1).percentile(0.95)).toBeCloseTo(10, 9)
    expect(mm1(arrival, 1).beyond(10)).toBeCloseTo(0.05, 12)
    expect(mm1Arrival(1, 0.95, 2)).toBe(0)
  })

  it('has no steady state at full use', () => {
    expect(mm1(1, 1)).toMatchObject({ wait: Infinity, response: Infinity })
  })
})

// Ciw's tests of processor sharing: arrival rate, service rate, mean time inside.
test.each([
  [3, 5, 0.5],
  [4, 5, 1],
  [3, 6, 1 / 3],
  [4, 9, 0.2],
])('processor sharing, %d against %d', (arrival, serviceRate, inside) => {
  expect(processorSharing(arrival, 1 / serviceRate)).toBeCloseTo(inside, 12)
  expect(processorSharing(arrival, 1 / serviceRate, 3 / serviceRate)).toBeCloseTo(3 * inside, 12)
})

describe('Kingman', () => {
  test.each([
    [1, 0, 2],
    [1, 1, 4],
    [1, 4, 10],
    [0, 0, 0],
    [4, 1, 10],
  ])('ca² %d, cs² %d at load .8 waits %d', (arrivalScv, serviceScv, wait) => {
    expect(kingman(0.8, 1, arrivalScv, serviceScv)).toBeCloseTo(wait, 12)
    if (arrivalScv === 1)
      expect(kingman(0.8, 1, 1, serviceScv)).toBeCloseTo(pollaczekKhinchine(0.8, 1, serviceScv), 12)
  })

  it('its bound lies above M/G/1 and D/M/1 exactly solved', () => {
    // D/M/1: a wait of σ ÷ (1 − σ) with σ = exp(−(1 − σ) ÷ ρ).
    let root = 0.5
    for (let i = 0; i < 500; i++) root = Math.exp(-(1 - root) / 0.8)
    expect(kingmanBound(0.8, 1, 0, 1)).toBeCloseTo(2, 12)
    expect(kingmanBound(0.8, 1, 1, 1)).toBeCloseTo(5.125, 12)
    expect(root / (1 - root)).toBeLessThan(2)
    for (const scv of [0, 1, 4])
      expect(kingmanBound(0.8, 1, 1, scv)).toBeGreaterThan(pollaczekKhinchine(0.8, 1, scv))
  })
})

describe('fork–join', () => {
  test('two branches at load .5: Flatto and Hahn', () => {
    expect(forkJoin(2, 0.5, 1)).toBeCloseTo(2.875, 12)
  })

  test('one branch is M/M/1; without queueing the last of K exponentials takes H_K', () => {
    expect(forkJoin(1, 0.5, 1)).toBe(2)
    expect(forkJoin(4, 0, 3)).toBeCloseTo(3 * (1 + 1 / 2 + 1 / 3 + 1 / 4), 12)
    expect(harmonic(8)).toBeCloseTo(761 / 280, 12)
  })

  test('Nelson and Tantawi: four branches at load .5, and none beyond it', () => {
    // [25/18 + (2/11)(1 − 25/18)] · 2.875
    expect(forkJoin(4, 0.5, 1)).toBeCloseTo((25 / 18 - 7 / 99) * 2.875, 12)
    expect(forkJoin(4, 1, 1)).toBe(Infinity)
  })
})

describe('Cobham', () => {
  const exponential = (arrival: number) => ({ arrival, service: 1, serviceScv: 1 })

  test('priorities of .2 and .6, as Ciw checks them: inside for 2 and 6', () => {
    const waits = cobham([exponential(0.2), exponential(0.6)])
    expect(waits[0]! + 1).toBeCloseTo(2, 12)
    expect(waits[1]! + 1).toBeCloseTo(6, 12)
  })

  it('keeps the mean over all as without priorities, and the first finite when the last overloads', () => {
    const [first, last] = cobham([exponential(0.3), exponential(0.5)])
    expect((0.3 * first! + 0.5 * last!) / 0.8).toBeCloseTo(4, 12)
    expect(cobham([exponential(0.5), exponential(2)])).toEqual([2, Infinity])
  })
})
