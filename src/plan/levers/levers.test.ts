import { describe, expect, test } from 'vitest'
import { leverNames } from '../../result/lever-name.ts'
import { parseWorkload } from '../../workload/parse-workload.ts'
import type { Workload } from '../../workload/workload.ts'
import { callLevers, changesOf, levers, type Pulled } from './levers.ts'

const file = `
users: { think: 30s, patience: 60s, peak: { peakToAverage: 2 } }
scenarios:
  - { name: faq, depth: 3, tools: [orders], model: small }
  - { name: hard, depth: 1, model: large }
agent: { server: { cpu: 8, perMonth: $350 }, workers: 4, concurrency: 1, overhead: { cpuPerToken: 0.4ms } }
models:
  small:
    input: { system: 400, message: 30, history: all }
    output: 100
    maxTokens: 400
    ttft: 400ms
    perToken: 10ms
    cached: 20%
    quota: { rpm: 500, tpm: 450k }
    price: { input: $0.4, cached: $0.1, output: $1.6 }
  large: { output: 100, engine: { step: 8ms, slots: 16 } }
tools: { orders: { latency: 200ms, capacity: 20 } }
objectives: [turn p95 < 10s, errors < 1%]
`

function read(...overrides: [path: string, value: string][]): Workload {
  const { workload, problems } = parseWorkload(file, {
    overrides: overrides.map(([path, value]) => ({ path, value })),
  })
  if (!workload) throw new Error(JSON.stringify(problems))
  return workload
}

const pulled = (workload: Workload, lever: string, field = ''): Pulled[] =>
  changesOf(workload).filter((each) => each.lever === lever && each.change.field.includes(field))

test('every lever has a name of its own, and every name a lever', () => {
  const all = new Set([...levers, ...callLevers].map(({ name }) => name))
  expect([...all].toSorted()).toEqual([...leverNames].toSorted())
})

test.each<
  [lever: string, field: string, text: string, from: string, to: string, fixedUsd: number | undefined]
>([
  ['async', 'agent.concurrency', 'make the workers asynchronous, 20 turns at once each', '1', '20', 0],
  ['workers', 'agent.workers', 'run 8 workers instead of 4', '4', '8', 0],
  ['calls per turn', 'scenarios.depth', 'answer with one model call fewer a turn', 'mean 2', 'mean 1.5', 0],
  ['context', 'model.input.history', 'send the last 6 messages instead of all', 'all', 'window(6)', 0],
  ['caching', 'models.small.cached', 'serve 50 % of the input from the prompt cache', '20%', '50%', 0],
  ['max_tokens', 'models.small.maxTokens', 'halve max_tokens to 200', '400', '200', 0],
  ['answers', 'models.small.output', 'ask for answers a quarter shorter', '100', '75', 0],
  ['model', 'models.small.perToken', 'use a model that answers 25 % faster', '10ms', '7.5ms', undefined],
  ['engine', 'models.large.engine.slots', 'let the engine run 32 calls at once', '16', '32', undefined],
  ['pooling', 'tools.orders.capacity', 'let orders take 40 calls at once', '20', '40', undefined],
  [
    'streaming',
    'agent.overhead.cpuPerToken',
    'relay the answer in pieces of 8 tokens instead of one by one',
    '400us',
    '50us',
    0,
  ],
  [
    'streaming',
    'objectives',
    'stream the answers and promise their first text instead of their end (ttft p95 < 10s)',
    'turn p95 < 10s',
    'ttft p95 < 10s',
    0,
  ],
  ['quota tier', 'models.small.quota.rpm', 'raise the quota to 1000 requests/min', '500', '1000', 0],
  ['quota tier', 'models.small.quota.tpm', 'raise the quota to 900k tokens/min', '450k', '900k', 0],
  [
    'routing',
    'models.small.quota',
    'route the calls of small over two providers or regions, each with this quota',
    '500 requests/min, 450k tokens/min',
    '1000 requests/min, 900k tokens/min',
    0,
  ],
  ['routing', 'scenarios.faq.model', 'let large answer faq', 'small', 'large', 0],
  ['retries', 'agent.retries.attempts', 'try a refused model call up to 3 more times', '0', '3', 0],
  [
    'peak',
    'users.peak.peakToAverage',
    'spread the peak to 1.5× the average instead of 2× (as many people, fewer at once)',
    '2',
    '1.5',
    0,
  ],
])('%s: %s', (lever, field, text, from, to, fixedUsd) => {
  const found = pulled(read(), lever).find(({ change }) => change.field === field)
  expect(found).toMatchObject({ text, change: { field, from, to } })
  expect(found!.fixedUsd).toBe(fixedUsd)
})

test('what a change makes is what the file with the new value says', () => {
  const written = (lever: string, field: string): Workload => {
    const [found] = pulled(read(), lever, field)
    return found!.workload
  }
  const same: [lever: string, field: string, value: string][] = [
    ['async', 'agent.concurrency', '20'],
    ['workers', 'agent.workers', '8'],
    ['caching', 'models.small.cached', '50%'],
    ['max_tokens', 'models.small.maxTokens', '200'],
    ['engine', 'models.large.engine.slots', '32'],
    ['pooling', 'tools.orders.capacity', '40'],
    ['streaming', 'agent.overhead.cpuPerToken', '50us'],
    ['quota tier', 'models.small.quota.tpm', '900k'],
    ['peak', 'users.peak.peakToAverage', '1.5'],
  ]
  for (const [lever, field, value] of same) {
    const { users, agent, models, tools } = written(lever, field)
    const other = read([field, value])
    expect(JSON.stringify({ users, agent, models, tools }), field).toBe(
      JSON.stringify({ users: other.users, agent: other.agent, models: other.models, tools: other.tools }),
    )
  }
  expect(written('streaming', 'objectives').objectives).toEqual(
    read(['objectives', '[ttft p95 < 10s, errors < 1%]']).objectives,
  )
  expect(written('streaming', 'objectives').users.patience!.of).toBe('firstToken')
})

describe('a lever that does not apply changes nothing', () => {
  test.each<[lever: string, field: string, ...overrides: [path: string, value: string][]]>([
    ['async', '', ['agent.concurrency', 'null']],
    ['workers', '', ['agent.workers', 'null']],
    ['calls per turn', '', ['scenarios.faq.depth', '1']],
    ['context', '', ['models.small.input.history', 'none']],
    ['caching', 'small', ['models.small.cached', '90%']],
    ['caching', 'small', ['models.small.price', 'null']],
    ['max_tokens', '', ['models.small.maxTokens', '1']],
    ['model', 'large'],
    ['engine', '', ['models.large.engine.slots', 'null']],
    ['pooling', '', ['tools.orders.capacity', 'null']],
    ['streaming', '', ['agent.overhead.cpuPerToken', 'null'], ['objectives', '[errors < 1%]']],
    ['quota tier', '', ['models.small.quota', 'null']],
    ['routing', 'quota', ['models.small.quota', 'null']],
    ['retries', '', ['models.small.quota', 'null']],
    ['retries', '', ['agent.retries', '{ attempts: 3, backoff: 1s }']],
    ['peak', '', ['users.peak', 'null']],
  ])('%s %s', (lever, field, ...overrides) => {
    expect(pulled(read(...overrides), lever, field)).toEqual([])
  })
})

test('workers cost nothing while cores are left, then another server, where its price is known', () => {
  const fixedUsd = (...overrides: [string, string][]): number | undefined =>
    pulled(read(...overrides), 'workers')[0]!.fixedUsd
  expect(fixedUsd(['agent.workers', '4'])).toBe(0)
  expect(fixedUsd(['agent.workers', '5'])).toBe(350)
  expect(fixedUsd(['agent.server.cpu', 'null'])).toBe(350)
  expect(fixedUsd(['agent.server', 'null'])).toBeUndefined()
})

test('units of provisioned throughput cost what a month of them costs', () => {
  const of = (quota: string) =>
    changesOf(read(['models.small.id', 'gpt-5.2'], ['models.small.quota', quota])).filter(({ change }) =>
      change.field.startsWith('models.small.quota'),
    )
  expect(of('{ like: azure-ptu, ptu: 15 }').map(({ fixedUsd }) => fixedUsd)).toEqual([15 * 260, 15 * 260])
})

test('levers can be pulled one after the other', () => {
  const [more] = pulled(read(), 'workers')
  const [further] = pulled(more!.workload, 'quota tier', 'tpm')
  expect(further!.workload.agent.workers).toBe(8)
  expect(further!.workload.models[0]!.quota).toMatchObject({ tokensPerMinute: 900_000 })
})
