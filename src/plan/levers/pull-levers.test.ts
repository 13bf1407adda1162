import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Capacity } from '../../result/capacity.ts'
import { levelValue } from '../../workload/level.ts'
import { parseWorkload } from '../../workload/parse-workload.ts'
import type { Workload } from '../../workload/workload.ts'
import { planCapacity } from '../plan-capacity.ts'
import { plan } from '../plan-level.ts'

const price = { inputPerMillionUsd: 1, cachedPerMillionUsd: 0.1, outputPerMillionUsd: 4, source: 'a list' }

function read(file: string, ...overrides: [path: string, value: string][]): Workload {
  return parseWorkload(readFileSync(`examples/${file}.yaml`, 'utf8'), {
    price: () => price,
    overrides: overrides.map(([path, value]) => ({ path, value })),
  }).workload!
}

const users = (capacity: Capacity): number => levelValue(capacity.level)
const all = ({ advice = [], tried = [] }: Capacity) => [...advice, ...tried]
const usd = (workload: Workload, level: number): number => plan(workload, { users: level }).cost!.perMonthUsd!

describe('customer support', () => {
  const capacity = planCapacity(read('customer-support'))
  const of = (field: string) => all(capacity).find(({ change }) => change.field === field)!

  test.each([
    ['agent.workers', '10'],
    ['agent.concurrency', '40'],
    ['model.quota.tpm', '900k'],
    ['model.quota', '{ rpm: 1k, tpm: 900k }'],
  ])('%s: as many users as the file with %s carries', (field, value) => {
    const changed = users(planCapacity(read('customer-support', [field, value])))
    expect(of(field)).toMatchObject({ users: changed, usersGained: changed - users(capacity) })
  })

  test('a month costs more or less by what the change does at the load to run at today', () => {
    const changed = read('customer-support', ['model.cached', '90%'])
    expect(of('model.cached').perMonthUsd).toBeCloseTo(
      usd(changed, capacity.runAt) - usd(read('customer-support'), capacity.runAt),
      9,
    )
    expect(of('model.cached').perMonthUsd).toBeLessThan(0)
    expect(of('model.quota.tpm').perMonthUsd).toBeCloseTo(0, 9)
    expect(of('tools.knowledge.capacity').perMonthUsd).toBeUndefined()
  })

  test('a user more costs the whole bill of the users more, over them', () => {
    const { users: then, perUserUsd } = of('model.quota.tpm')
    const runThen = Math.floor(then * 0.75)
    const more = usd(read('customer-support', ['model.quota.tpm', '900k']), runThen)
    const was = usd(read('customer-support'), capacity.runAt)
    expect(perUserUsd).toBeCloseTo((more - was) / (runThen - capacity.runAt), 9)
    // Nobody gained, nothing to divide by.
    expect(of('agent.workers').perUserUsd).toBeUndefined()
  })

  test('a peak that is spread serves as many people as its inverse of users', () => {
    expect(of('users.peak.peakToAverage')).toMatchObject({ users: Math.floor((users(capacity) * 2) / 1.5) })
    expect(
      of('users.peak.peakToAverage').perMonthUsd! / usd(read('customer-support'), capacity.runAt),
    ).toBeCloseTo(0, 2)
  })

  test('what helps comes first and in order, the rest carries no more', () => {
    const gains = capacity.advice!.map(({ usersGained }) => usersGained)
    expect(gains).toEqual(gains.toSorted((a, b) => b - a))
    expect(Math.min(...gains)).toBeGreaterThanOrEqual(0.01 * users(capacity))
    for (const { usersGained } of capacity.tried!) expect(usersGained).toBeLessThan(0.01 * users(capacity))
    expect(capacity.pairs).toBeUndefined()
  })

  test('without a price no dollars are told', () => {
    const { workload } = parseWorkload(readFileSync('examples/customer-support.yaml', 'utf8'))
    for (const { perMonthUsd, perUserUsd } of all(planCapacity(workload!)))
      expect([perMonthUsd, perUserUsd]).toEqual([undefined, undefined])
  })
})

describe('locust tasks, where slots keep the load from the quota', () => {
  const capacity = planCapacity(read('locust-tasks'))

  test('the next limit is no lower than the first', () => {
    expect(capacity.next!.users).toBe(users(capacity))
    // More slots alone let more through to a quota that refuses them.
    const [more] = all(capacity).filter(({ lever }) => lever === 'workers')
    expect(more!.usersGained).toBeLessThan(0)
  })

  test('both limits raised at once help, as the file with both says', () => {
    const pair = capacity.pairs!.find(({ changes }) => changes.some(({ lever }) => lever === 'workers'))!
    expect(pair.changes.map(({ change }) => change.field).toSorted()).toEqual([
      'agent.workers',
      'model.quota',
    ])
    const both = read('locust-tasks', ['agent.workers', '8'], ['model.quota', '{ rpm: 4k, tpm: 2M }'])
    expect(pair.users).toBe(users(planCapacity(both)))
    expect(pair.usersGained).toBe(pair.users - users(capacity))
    const best = Math.max(...all(capacity).map(({ usersGained }) => usersGained))
    for (const { usersGained } of capacity.pairs!) expect(usersGained).toBeGreaterThan(best)
  })
})

test.each(['simple-chatbot', 'research-assistant', 'coding-assistant', 'analyst-loop', 'launch-day'])(
  '%s: what breaks next does so no earlier than what breaks first',
  (file) => {
    const capacity = planCapacity(read(file))
    expect(capacity.next!.users).toBeGreaterThanOrEqual(users(capacity))
  },
)
