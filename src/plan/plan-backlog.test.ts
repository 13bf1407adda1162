import { expect, test } from 'vitest'
import { backlogHolds, backlogWords } from '../result/backlog-words.ts'
import { read } from '../workload/fixture-read.ts'
import { explain } from './explain.ts'
import { planBacklog } from './plan-backlog.ts'
import { planCapacity } from './plan-capacity.ts'
import { plan } from './plan-level.ts'

const file = (backlog: string, model = ''): string => `
${backlog}
users: { think: 0s }
agent: { workers: 4, concurrency: 10, queue: 0 }
model: { ttft: 36s, output: 1, input: { system: 999 }, price: { input: $1 }${model} }
objectives: [errors < 1%]`

const planned = (backlog: string, model = '') => {
  const workload = read(file(backlog, model))
  return planBacklog(workload, planCapacity(workload))
}

test('40 slots of which 30 are used, 36 s each: 3,000 an hour', () => {
  const plan = planned('backlog: { items: 12k, within: 8h }')!
  expect(plan).toMatchObject({ neededPerHour: 1500, inWork: 30, servers: 1 })
  expect(plan.perHour).toBeCloseTo(3000, 6)
  expect(plan.finishMs).toBeCloseTo(4 * 3_600_000, 3)
  // 999 tokens at a millionth of a dollar.
  expect(plan.costUsd).toBeCloseTo(12_000 * 999e-6, 9)
  expect(backlogHolds(plan)).toBe(true)
})

test('four times as many are late, and need two servers', () => {
  const plan = planned('backlog: { items: 48k, within: 8h }')!
  expect(plan.servers).toBe(2)
  expect(backlogHolds(plan)).toBe(false)
  expect(backlogWords(plan)[0]!.text).toContain('all after 16 h, 8 h late')
})

test('what the pace asks of a quota has the headroom on top', () => {
  const { quotas } = planned('backlog: { items: 12k, within: 8h }', ', quota: { rpm: 100 }')!
  expect(quotas).toMatchObject([{ name: 'model quota, requests', limit: 100, unit: 'requests/min' }])
  expect(quotas[0]!.needed).toBeCloseTo(25 / 0.75, 0)
})

test('a file without a backlog has nothing to finish', () => {
  expect(planned('')).toBeUndefined()
})

test.each([41, 100])(
  '%i in work where 40 have room: those are answered, the others ask each second',
  (users) => {
    const workload = read(file(''))
    const { turns, errors } = plan(workload, { users })
    expect(turns.perSecond).toBeCloseTo(40 / 36, 9)
    expect(errors!.rate).toBeCloseTo((users - 40) / (users - 40 + 40 / 36), 9)
    const derivation = explain(workload, { users }).find(({ figure }) => figure === 'turns/s')!
    expect(derivation.result).toBeCloseTo(40 / 36, 9)
  },
)
