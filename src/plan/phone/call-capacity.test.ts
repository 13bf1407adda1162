import { expect, test } from 'vitest'
import { levelValue } from '../../workload/level.ts'
import { read } from '../../workload/fixture-read.ts'
import { callCapacity } from './call-capacity.ts'
import { planPhone } from './plan-phone.ts'

const phone = (carrier: string, more = '') =>
  `phone: { calls: 100/min, duration: 3m, blocked: 1%, turns: 5/min, ${carrier}${more === '' ? '' : `, ${more}`} }`
const agent = 'agent: { workers: 2, concurrency: 10 }\n'
const model = 'model: { input: { system: 900 }, output: 100, ttft: 400ms, quota: { rpm: 1200 } }\n'
const objectives = 'objectives: [response p95 < 2s, blocked < 2%, errors < 3%]'
const crm =
  'scenarios: [{ name: booking, depth: 2, tools: [crm] }]\ntools: { crm: { latency: 3s, capacity: 30 } }\n'

test.each([
  [
    'channels',
    phone('carrier: { concurrent: 20 }'),
    'carrier',
    'blocked < 2%',
    'phone.carrier.concurrent',
    '40',
  ],
  [
    'streams, two for a call',
    phone('carrier: { concurrent: 900 }', 'vendors: { stt: { concurrent: 60, perCall: 2 } }'),
    'speech to text',
    'blocked < 2%',
    'phone.vendors.stt.concurrent',
    '120',
  ],
  [
    'starts',
    phone('carrier: { concurrent: 900, callsPerSecond: 1, over: rejected }'),
    'carrier, starts',
    'blocked < 2%',
    'phone.carrier.callsPerSecond',
    '2',
  ],
  [
    'places of the agent',
    `${phone('carrier: { concurrent: 900 }')}\n${agent.replace(' }', ', voice: { calls: 30 } }')}`,
    'agent.voice.calls',
    'blocked < 2%',
    'agent.voice.calls',
    '60',
  ],
  [
    'requests of the model',
    `${phone('carrier: { concurrent: 900 }')}\n${model}`,
    'model quota, requests',
    'errors < 3%',
    'model.quota.rpm',
    '2400',
  ],
  [
    'an integration',
    `${phone('carrier: { concurrent: 900 }')}\n${crm}`,
    'crm',
    'response p95 < 2s',
    'tools.crm.capacity',
    '60',
  ],
  [
    'slots of the agent',
    `${phone('carrier: { concurrent: 9k }')}\nagent: { workers: 2, concurrency: 2 }\nmodel: { output: 100, ttft: 400ms, perToken: 20ms }\n`,
    'agent slots',
    'response p95 < 2s',
    'agent.workers',
    '4',
  ],
])(
  '%s: what is full first, what that breaks, and what its lever makes of it',
  (_, file, service, brokenBy, field, to) => {
    const text = `${file}\n${objectives}`
    const found = callCapacity(read(text), 0.75)
    expect(found).toMatchObject({ bottleneck: { service }, brokenBy })
    const lever = found.advice!.find(({ change }) => change.field === field)!
    expect(lever.change.to).toBe(to)
    const written = planPhone(read(text, { overrides: [{ path: field, value: to }] }), 0.75)!
    expect(lever.users * 60).toBeCloseTo(written.chain.callsPerMinute!, 9)
    expect(lever.usersGained).toBeCloseTo(lever.users - levelValue(found.level), 9)
  },
)

test('what breaks next is the second link; two that stand together are lifted together', () => {
  const two = read(phone('carrier: { concurrent: 300 }', 'vendors: { stt: { concurrent: 310 } }'))
  const { next, advice, pairs, level } = callCapacity(two, 0.75)
  const wider = read(phone('carrier: { concurrent: 600 }', 'vendors: { stt: { concurrent: 310 } }'))
  expect(next!.service).toBe('speech to text')
  expect(next!.users).toBeCloseTo(levelValue(callCapacity(wider, 0.75, 'limits').level), 9)
  expect(advice!.map(({ change }) => change.field)).toEqual(['phone.carrier.concurrent'])
  expect(pairs![0]!.changes.map(({ change }) => change.field).toSorted()).toEqual([
    'phone.carrier.concurrent',
    'phone.vendors.stt.concurrent',
  ])
  expect(pairs![0]!.users).toBeGreaterThan(levelValue(level) * 1.9)
})

test('a change is priced where all that a minute costs is known', () => {
  const monthMore = (price: string): number | undefined => {
    const priced = model.replace('quota', `${price}quota`)
    const file = `${phone('carrier: { concurrent: 20, perMinute: $0.01 }')}\n${agent}${priced}${objectives}`
    return callCapacity(read(file), 0.75).tried!.find(({ lever }) => lever === 'answers')!.perMonthUsd
  }
  expect(monthMore('')).toBeUndefined()
  // A quarter of 100 tokens, five times a minute, in so many minutes of a month.
  const { level, runAt } = callCapacity(read(`${phone('carrier: { concurrent: 20 }')}\n${objectives}`), 0.75)
  expect(runAt).toBeCloseTo(0.75 * levelValue(level), 12)
  const minutes = runAt * 60 * 3 * 43_800
  expect(monthMore('price: { input: $1, cached: $1, output: $2 }, ')).toBeCloseTo(-minutes * 5 * 25 * 2e-6, 6)
})
