import { expect, test } from 'vitest'
import { read } from '../workload/fixture-read.ts'
import { demandOf } from './demand.ts'
import { contextHeld, engineSlots } from './engine-slots.ts'
import { lifted } from './lift.ts'
import { plan } from './plan-level.ts'
import { planCapacity } from './plan-capacity.ts'

const file = (engine: string): string => `
users: { think: exponential(mean 20s) }
model: { input: { system: 3k, message: 900 }, output: 200, engine: { step: 10ms, decode: 0.1ms, ${engine} } }
objectives: [turn p95 < 8s]`

test('a call holds its context and half of what it makes, so many fit', () => {
  const workload = read(file('slots: 64, kv: 400k'))
  const demand = demandOf(workload)
  expect(contextHeld(demand, 0)).toBe(4000)
  expect(engineSlots(workload.models[0]!, 0, demand)).toBe(64)
  const small = read(file('slots: 64, kv: 40k')).models[0]!
  expect(engineSlots(small, 0, demand)).toBe(10)
  expect(engineSlots({ ...small, engine: { ...small.engine!, kvTokens: 100 } }, 0, demand)).toBe(1)
})

test('the service that binds is the cache, and lifting it leaves the slots', () => {
  const workload = read(file('slots: 64, kv: 40k'))
  const capacity = planCapacity(workload)
  expect(capacity.bottleneck).toEqual({ service: 'model engine, KV cache', limit: 40_000, unit: 'tokens' })
  expect(capacity.level).toEqual(planCapacity(read(file('slots: 10'))).level)
  const [kv] = plan(workload, { users: 500 }).services!
  expect(kv).toMatchObject({ name: 'model engine, KV cache', utilisation: expect.closeTo(1, 3) as number })
  expect(lifted(workload, kv!).models[0]!.engine).toEqual(read(file('slots: 64')).models[0]!.engine)
})
