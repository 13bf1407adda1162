import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { asymptoticBounds } from './asymptotic-bounds.ts'
import { balancedJobBounds } from './balanced-job-bounds.ts'
import { bardSchweitzer } from './bard-schweitzer.ts'
import { convolution, normalisingConstants } from './convolution.ts'
import { flowEquivalent } from './flow-equivalent.ts'
import { loadDependentClosed, loadDependentResponse, multiServerRate } from './load-dependent-closed.ts'
import { meanValueAnalysis } from './mean-value-analysis.ts'
import { geometricTableCases, meanValueCases } from './published-cases.ts'
import { seidmann } from './seidmann.ts'

const single = (demand: number) => ({ rate: () => 1 / demand })

describe('mean value analysis', () => {
  test.each(meanValueCases)('$source', (published) => {
    const solved = meanValueAnalysis(published.population, published.think, published.demands)
    if ('throughput' in published)
      expect(solved.throughput).toBeCloseTo(published.throughput, published.digits - 1)
    if ('response' in published) expect(solved.response).toBeCloseTo(published.response, published.digits - 1)
    if ('queue' in published)
      published.queue.forEach((length, k) => expect(solved.queue[k]).toBeCloseTo(length, published.digits))
    if ('utilisation' in published)
      published.utilisation.forEach((busy, k) =>
        expect(solved.throughput * published.demands[k]!).toBeCloseTo(busy, published.digits),
      )
    if ('stationThroughput' in published)
      published.stationThroughput.forEach((rate, k) =>
        expect(solved.throughput * published.visits[k]!).toBeCloseTo(rate, published.digits),
      )
    if ('perVisit' in published)
      published.perVisit.forEach((time, k) =>
        expect(solved.residence[k]! / published.visits[k]!).toBeCloseTo(time, published.digits),
      )
  })

  test.each(geometricTableCases)('Casale et al., N = %i', (population, exact, low, high) => {
    const { throughput } = meanValueAnalysis(population, 0, [0.1, 0.1, 0.09, 0.08])
    expect(throughput).toBeCloseTo(exact, 8)
    expect(throughput).toBeGreaterThanOrEqual(low)
    expect(throughput).toBeLessThanOrEqual(high + 5e-5)
  })
})

test('Bard–Schweitzer: Lazowska et al. 1984, p. 117', () => {
  const solved = bardSchweitzer(3, 15, [0.605, 2.1, 1.35])
  expect(solved.throughput).toBeCloseTo(0.151, 3)
  expect(Math.abs(solved.response - 4.87)).toBeLessThan(0.005)
  expect(solved.queue.map((length) => Number(length.toFixed(4)))).toEqual([0.0973, 0.4021, 0.2359])
})

describe('convolution', () => {
  test('Bolch et al., ex. 8.1, p. 318: multi-server stations', () => {
    const [visits, service, servers] = [
      [1, 0.667, 0.2],
      [1.25, 5 / 3, 2.5],
      [2, 3, 1],
    ]
    const stations = visits.map((visit, k) => ({ rate: multiServerRate(servers[k]!, service[k]! * visit) }))
    const constants = normalisingConstants(3, 0, stations)
    ;[1, 2.861, 4.218, 4.465].forEach((value, n) =>
      expect(Math.abs(constants[n]! - value)).toBeLessThan(0.005),
    )
    const network = convolution(3, 0, stations)
    ;[0.945, 0.63, 0.189].forEach((rate, k) =>
      expect(Math.abs(network.throughput[3]! * visits[k]! - rate)).toBeLessThan(0.001),
    )
    ;[1.29, 1.05, 0.66].forEach((mean, k) =>
      expect(Math.abs(network.meanAt(k)[3]! - mean)).toBeLessThan(0.005),
    )
    ;[0.59, 0.35, 0.473].forEach((busy, k) =>
      expect(Math.abs((network.throughput[3]! * visits[k]! * service[k]!) / servers[k]! - busy)).toBeLessThan(
        0.001,
      ),
    )
    ;[1.366, 1.667, 3.496].forEach((time, k) =>
      expect(Math.abs(network.meanAt(k)[3]! / (network.throughput[3]! * visits[k]!) - time)).toBeLessThan(
        0.001,
      ),
    )
  })

  it('agrees with mean value analysis on every network of single servers', () => {
    const demand = fc.double({ min: 0.01, max: 5, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(demand, { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0, max: 50, noNaN: true }),
        fc.integer({ min: 1, max: 40 }),
        (demands, think, population) => {
          const exact = meanValueAnalysis(population, think, demands)
          const network = convolution(population, think, demands.map(single))
          expect(network.throughput[population]! / exact.throughput).toBeCloseTo(1, 9)
          demands.forEach((_, k) => expect(network.meanAt(k)[population]).toBeCloseTo(exact.queue[k]!, 6))
        },
      ),
      { seed: 1, numRuns: 60 },
    )
  })

  test('N = 200, c = 5, where textbook multi-server MVA exceeds the capacity by 6 %', () => {
    const network = convolution(200, 30, [{ rate: multiServerRate(5, 3) }])
    const exact = loadDependentClosed({ population: 200, think: 30, rate: multiServerRate(5, 3) })
    expect(Math.max(...network.throughput)).toBeLessThanOrEqual((5 / 3) * (1 + 1e-12))
    expect(network.throughput[200]! / exact.throughput).toBeCloseTo(1, 12)
    expect(network.meanAt(0)[200]! / exact.atStation).toBeCloseTo(1, 9)
  })

  it('is what the chain says with 100,000 customers', () => {
    const { throughput } = convolution(100_000, 30, [{ rate: multiServerRate(9200, 3) }])
    for (const population of [1, 90_000, 100_000]) {
      const exact = loadDependentClosed({ population, think: 30, rate: multiServerRate(9200, 3) })
      expect(throughput[population]! / exact.throughput).toBeCloseTo(1, 9)
    }
  })

  test('a station that slows down when it is crowded', () => {
    const thrashing = (n: number): number => (n <= 3 ? n : 9 / n)
    const network = convolution(12, 2, [{ rate: thrashing }, single(0.5)])
    const weights = (station: number): number[] => {
      const rest = (n: number): number =>
        Array.from({ length: n + 1 }, (_, j) => 2 ** j / factorial(j) / 2 ** (n - j)).reduce((a, b) => a + b)
      let own = 1
      return Array.from({ length: station + 1 }, (_, j) => {
        if (j > 0) own /= thrashing(j)
        return own * rest(station - j)
      })
    }
    const total = (n: number): number => weights(n).reduce((sum, weight) => sum + weight)
    expect(network.throughput[12]! / (total(11) / total(12))).toBeCloseTo(1, 12)
    const mean = weights(12).reduce((sum, weight, j) => sum + j * weight, 0) / total(12)
    expect(network.meanAt(0)[12]).toBeCloseTo(mean, 10)
  })

  it('neither overflows nor underflows with 2,000 customers', () => {
    const { throughput } = convolution(2000, 30_000, [single(0.001), { rate: multiServerRate(5, 3000) }])
    expect(throughput[2000]).toBeCloseTo(5 / 3000, 12)
    expect(throughput[1]).toBeCloseTo(1 / (30_000 + 3000 + 0.001), 14)
  })
})

test('flow equivalence: a network in a network has the throughput of the whole', () => {
  const inner = [single(0.4), { rate: multiServerRate(3, 2) }]
  const whole = convolution(40, 12, [...inner, single(0.7)])
  const rate = flowEquivalent(40, 5, inner)
  const nested = convolution(40, 7, [{ rate }, single(0.7)])
  expect(nested.throughput[40]! / whole.throughput[40]!).toBeCloseTo(1, 10)
})

describe('load-dependent closed network', () => {
  const repairman = (population: number, servers = 5) =>
    loadDependentClosed({ population, think: 30, rate: multiServerRate(servers, 3) })

  test('machine repairman, N = 50, c = 5; also Octave qncsmva', () => {
    const state = repairman(50)
    expect(state.throughput).toBeCloseTo(1.442387943, 9)
    expect(state.response).toBeCloseTo(4.664737902, 8)
    expect(state.atStation).toBeCloseTo(6.728361708, 8)
  })

  test('N = 200, c = 5, where textbook multi-server MVA gives 1.766 of at most 1.667', () => {
    const state = repairman(200)
    expect(state.throughput).toBeLessThanOrEqual(5 / 3 + 1e-12)
    expect(state.throughput).toBeCloseTo(5 / 3, 9)
    expect(state.response).toBeCloseTo(200 / state.throughput - 30, 9)
  })

  it('keeps the response time law up to 100,000 users', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 3000 }),
        (population, servers) => {
          const state = repairman(population, servers)
          expect((state.throughput * (30 + state.response)) / population).toBeCloseTo(1, 9)
          expect(state.throughput).toBeLessThanOrEqual((servers / 3) * (1 + 1e-12))
        },
      ),
      { seed: 2, numRuns: 100 },
    )
  })

  it('is what convolution says, and an arrival sees the network with one user fewer', () => {
    const state = repairman(50)
    const { throughput } = convolution(50, 30, [{ rate: multiServerRate(5, 3) }])
    expect(state.throughput).toBeCloseTo(throughput[50]!, 12)
    const fewer = repairman(49)
    for (let n = 0; n < 20; n++)
      expect(state.arrivalSees[n - state.first]).toBeCloseTo(fewer.probability[n - fewer.first]!, 12)
  })

  it('turns away what a finite queue has no place for', () => {
    const state = loadDependentClosed({ population: 200, think: 30, rate: multiServerRate(5, 3), places: 10 })
    expect(state.first + state.probability.length - 1).toBe(10)
    expect(state.throughput).toBeCloseTo(5 / 3, 3)
    const sent = state.probability.reduce((sum, share, i) => sum + (share * (200 - state.first - i)) / 30, 0)
    expect(sent * (1 - state.rejected)).toBeCloseTo(state.throughput, 9)
  })

  it('who never thinks and has no place asks once a pause', () => {
    const station = { population: 14, think: 0, rate: multiServerRate(5, 3), places: 10 }
    // 4 outside, one ask each 2: 2 a unit of time, beside 5 ÷ 3 that are admitted.
    expect(loadDependentClosed({ ...station, pause: 2 }).rejected).toBeCloseTo(2 / (2 + 5 / 3), 12)
    expect(loadDependentClosed(station).rejected).toBe(1)
    expect(loadDependentClosed({ ...station, population: 10, pause: 2 }).rejected).toBe(0)
  })
})

describe('Seidmann: several servers in formulas that know one', () => {
  const approximate = (population: number): number => {
    const { demand, delay } = seidmann(5, 3)
    return meanValueAnalysis(population, 30 + delay, [demand]).throughput
  }
  const exact = (population: number): number =>
    loadDependentClosed({ population, think: 30, rate: multiServerRate(5, 3) }).throughput

  it('is exact for one customer and at saturation, and at most 3 % low at the knee', () => {
    expect(approximate(1)).toBeCloseTo(exact(1), 12)
    expect(approximate(400) / exact(400)).toBeCloseTo(1, 9)
    for (let population = 2; population <= 120; population++) {
      expect(approximate(population)).toBeLessThanOrEqual(exact(population))
      expect(approximate(population)).toBeGreaterThan(0.97 * exact(population))
    }
  })
})

describe('bounds', () => {
  test('Bolch et al., ex. 9.6, p. 913', () => {
    const bounds = asymptoticBounds(20, 120, [9.2, 8])
    expect(bounds.throughput[1]).toBeCloseTo(0.109, 3)
    expect(bounds.throughput[0]).toBeCloseTo(0.04310344828, 9)
    expect(bounds.response).toEqual([64, 344])
    expect(bounds.saturation).toBeCloseTo(14.91304348, 7)
  })

  test('N* of Lazowska et al. 1984, p. 117, and of the machine repairman', () => {
    expect(asymptoticBounds(3, 15, [0.605, 2.1, 1.35]).saturation).toBeCloseTo(9.073809523809523, 12)
    const { demand, delay } = seidmann(5, 3)
    expect(asymptoticBounds(50, 30 + delay, [demand]).saturation).toBeCloseTo(55, 12)
  })

  it('holds the exact answer between the asymptotic and inside the balanced-job bounds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 5, noNaN: true }), { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.integer({ min: 1, max: 60 }),
        (demands, think, population) => {
          const exact = meanValueAnalysis(population, think, demands).throughput
          const wide = asymptoticBounds(population, think, demands).throughput
          const tight = balancedJobBounds(population, think, demands).throughput
          const slack = 1 + 1e-9
          expect(tight[0]).toBeLessThanOrEqual(exact * slack)
          expect(exact).toBeLessThanOrEqual(tight[1] * slack)
          expect(wide[0]).toBeLessThanOrEqual(tight[0] * slack)
          expect(tight[1]).toBeLessThanOrEqual(wide[1] * slack)
        },
      ),
      { seed: 3, numRuns: 200 },
    )
  })
})

test('the response alone is that of the whole state', () => {
  const sizes = fc.record({
    population: fc.integer({ min: 1, max: 2000 }),
    think: fc.double({ min: 0.1, max: 1000, noNaN: true }),
    servers: fc.integer({ min: 1, max: 50 }),
    places: fc.option(fc.integer({ min: 1, max: 3000 }), { nil: Infinity }),
  })
  fc.assert(
    fc.property(sizes, ({ population, think, servers, places }) => {
      const station = { population, think, rate: multiServerRate(servers, 3), places }
      expect(loadDependentResponse(station) / loadDependentClosed(station).response).toBeCloseTo(1, 12)
    }),
    { seed: 1 },
  )
})

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1)
}
