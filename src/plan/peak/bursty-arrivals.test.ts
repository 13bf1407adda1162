import { expect, test } from 'vitest'
import { erlangC } from '../formulas/erlang-c.ts'
import { kingman } from '../formulas/kingman.ts'
import {
  burstinessFactor,
  burstyServers,
  burstyWait,
  tracedArrivalCv,
  utilisationAtWait,
} from './bursty-arrivals.ts'

test.each([
  [1, 1, 1],
  [1, 0, 1],
  [0, 1, 0.5],
  [tracedArrivalCv.conversation, 1, 1.09405],
  [2, 1, 2.5],
  [13, 1, 85],
  [13, 0, 169],
  [13, 2, 34.6],
])('arrivals of CV %d, service of CV %d: %d times the wait', (arrivalCv, serviceCv, times) => {
  expect(burstinessFactor({ arrivalCv, serviceCv })).toBeCloseTo(times, 9)
})

test('one server at 80 %: 4 service times with Poisson arrivals, 340 with CV 13', () => {
  const pool = { servers: 1, ratePerTime: 0.4, service: 2 }
  expect(burstyWait(pool, { arrivalCv: 1, serviceCv: 1 })).toBeCloseTo(8, 9)
  expect(burstyWait(pool, { arrivalCv: 13, serviceCv: 1 })).toBeCloseTo(680, 9)
})

test('a pool waits as Erlang C times the factor', () => {
  const pool = { servers: 10, ratePerTime: 8, service: 1 }
  const variation = { arrivalCv: 3, serviceCv: 1.5 }
  const poisson = burstyWait(pool, { ...variation, arrivalCv: 1 })
  expect(burstyWait(pool, variation)).toBeCloseTo(poisson * burstinessFactor(variation), 12)
  expect(burstyWait(pool, { arrivalCv: 1, serviceCv: 1 })).toBeCloseTo(erlangC(10, 8, 1).wait, 12)
})

test.each([
  [1, 4 / 5],
  [13, 4 / 89],
])('a wait of 4 service times with CV %d is had at a load of %d', (arrivalCv, load) => {
  const utilisation = utilisationAtWait(4, { arrivalCv, serviceCv: 1 })
  expect(utilisation).toBeCloseTo(load, 12)
  expect(kingman(utilisation, 1, arrivalCv ** 2, 1)).toBeCloseTo(4, 9)
})

test('servers for a wait: enough, and one less is not', () => {
  const demand = { ratePerTime: 8, service: 1 }
  for (const arrivalCv of [1, 4, 13]) {
    const variation = { arrivalCv, serviceCv: 1 }
    const servers = burstyServers(demand, variation, 0.1)
    expect(burstyWait({ ...demand, servers }, variation)).toBeLessThanOrEqual(0.1)
    expect(burstyWait({ ...demand, servers: servers - 1 }, variation)).toBeGreaterThan(0.1)
  }
  expect(burstyServers({ ratePerTime: 0, service: 1 }, { arrivalCv: 1, serviceCv: 1 }, 0)).toBe(1)
})
