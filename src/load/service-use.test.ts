import { expect, test } from 'vitest'
import { loadWorkload } from '../../test/load-world.ts'
import { modelCall } from '../result/fixture-records.ts'
import type { CallRecord, TurnRecord } from '../result/records.ts'
import { constant } from '../stats/distributions.ts'
import { serviceUse } from './service-use.ts'

const window = { warmupMs: 60_000, measuredMs: 120_000 }

const turn = (sentAtMs: number, endedAtMs: number): TurnRecord => ({
  kind: 'turn',
  session: 0,
  turn: 0,
  scenario: 0,
  intendedAtMs: sentAtMs,
  sentAtMs,
  firstTokenAtMs: NaN,
  endedAtMs,
  tokens: 1,
  outcome: 'completed',
  errorKind: 'none',
  status: 200,
})

const call = (sentAtMs: number, endedAtMs: number, changes: Partial<CallRecord> = {}): CallRecord => {
  const spoken = { inputTokens: 900, outputTokens: 100 }
  return modelCall({ session: 0, sentAtMs, firstTokenAtMs: NaN, endedAtMs, ...spoken, ...changes })
}

test('what each limit of the file was used for, over the window only', () => {
  const base = loadWorkload()
  const tool = {
    name: 'orders',
    latency: constant(10),
    capacity: 2,
    failure: 0,
    fanOut: constant(1),
    arguments: {},
  }
  const workload = loadWorkload({
    agent: { ...base.agent, workers: 1, concurrency: 2 },
    models: [{ ...base.models[0]!, quota: { requestsPerMinute: 10, tokensPerMinute: 4000 } }],
    tools: [tool],
  })
  const uses = serviceUse({
    workload,
    window,
    // Two slots: both taken for the last minute of the window, where a third turn waits.
    turns: [turn(0, 200_000), turn(120_000, 190_000), turn(120_000, 190_000)],
    calls: [
      call(50_000, 61_000),
      call(100_000, 110_000),
      call(130_000, 131_000, { outcome: 'rejected', errorKind: 'rate_limited', status: 429 }),
      call(170_000, 181_000),
      call(90_000, 120_000, { kind: 'tool' }),
    ],
  })
  expect(uses).toEqual([
    { name: 'agent slots', utilisation: 0.75, limit: 2, unit: 'turns', binding: true },
    { name: 'model quota, requests', utilisation: 0.1, limit: 10, unit: 'requests/min', binding: false },
    { name: 'model quota, tokens', utilisation: 0.25, limit: 4000, unit: 'tokens/min', binding: false },
    { name: 'orders', utilisation: 0.125, limit: 2, unit: 'calls', binding: false },
  ])
})

test('what has no limit is not a service', () => {
  const base = loadWorkload()
  const workload = loadWorkload({ agent: { ...base.agent, workers: Infinity } })
  expect(serviceUse({ workload, window, turns: [turn(0, 1)], calls: [] })).toEqual([])
})

test.each<[what: string, agent: object, cores: number, ofCores: number, limit: number, binds: string]>([
  ['a loop at its end', { workers: 1 }, 0.95, 8, 1, 'event loop'],
  ['less than is full', { workers: 2 }, 1.7, 8, 2, 'agent slots'],
  ['more than the file says', { workers: 1 }, 1.9, 2, 2, 'event loop'],
  ['cores of the server', { workers: 4, server: { cpu: 2 } }, 1.9, 8, 2, 'event loop'],
  ['cores of the machine', { workers: Infinity }, 3, 4, 4, 'agent CPU'],
])('the CPU of an agent that was watched: %s', (_, parts, cores, ofCores, limit, binds) => {
  const { agent } = loadWorkload()
  const workload = loadWorkload({ agent: { ...agent, concurrency: 1, ...parts } })
  // All slots are taken all the time, as they are where turns wait for a core.
  const turns = Array.from({ length: 4 }, () => turn(0, 200_000))
  const uses = serviceUse({ workload, window, turns, calls: [], cpu: { cores, ofCores } })
  expect(uses.find(({ unit }) => unit === 'cores')).toMatchObject({ utilisation: cores / limit, limit })
  expect(uses.filter(({ binding }) => binding).map(({ name }) => name)).toEqual([binds])
})
