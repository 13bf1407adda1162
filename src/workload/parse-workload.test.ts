import { describe, expect, test } from 'vitest'
import { callDriverNames } from '../load/drivers/call-driver-names.ts'
import { driverNames as drivers } from '../load/drivers/drivers.ts'
import { driverNames } from './target-schema.ts'
import { formatProblems } from './format-problems.ts'
import { parseWorkload, type ParseOptions } from './parse-workload.ts'
import type { Workload } from './workload.ts'
import { price, read, told } from './fixture-read.ts'

describe('what is written', () => {
  test('the machine repairman', () => {
    const { workload, problems } = parseWorkload(`
users: { think: exponential(mean 30s) }
scenarios: [{ name: repair, depth: 1 }]
agent: { workers: 5, concurrency: 1 }
model: { ttft: exponential(mean 3s), perToken: 0ms }
`)
    expect(problems).toEqual([])
    expect(workload!.agent).toMatchObject({ workers: 5, concurrency: 1, queue: Infinity })
    expect(workload!.agent.limits).toEqual({ turnMs: Infinity, steps: Infinity })
    expect(workload!.users.patience).toBeUndefined()
    expect(workload!.users.think.mean).toBe(30_000)
    expect(workload!.models[0]!.ttft.mean).toBe(3000)
    expect(workload!.scenarios[0]!.think).toBe(workload!.users.think)
  })

  test('nothing but a name is a workload in which nothing costs anything', () => {
    const { scenarios, models, tools, objectives } = read('name: x')
    expect(scenarios).toMatchObject([{ name: 'default', share: 1, model: 0, tools: [] }])
    expect(scenarios[0]!.depth.mean).toBe(1)
    expect(models[0]).not.toHaveProperty('quota')
    expect([models.length, tools, objectives]).toEqual([1, [], []])
  })

  test('every field of the design', () => {
    const workload = read(
      `
name: customer support
target: { url: http://localhost:4000, driver: sessions, headers: { authorization: "Bearer \${env:TOKEN}" }, model: m }
users:
  think: lognormal(mean 45s cv 0.8)
  turns: geometric(mean 5)
  patience: { of: firstToken, after: 20s }
  afterAbandon: leave
  peak: { concurrencyRatio: 3%, peakToAverage: 2 }
scenarios:
  - { name: faq, weight: 3, say: "What are your business hours?", depth: 1 }
  - name: order lookup
    weight: 2
    say: [ "I need help", "My number is {order}" ]
    turns: 2
    think: 1s
    depth: { 2: 80%, 3: 20% }
    tools: [orders]
    input: { message: 80, history: all }
    output: 50
    expect: { status: 200, contains: order, under: 20s }
agent:
  server: { cpu: 4, memory: 8GB, perMonth: $350 }
  workers: 5
  concurrency: 20
  queue: 0
  overhead: { prompt: 80ms, state: 20ms, cpuPerCall: 2ms, cpuPerToken: 20us }
  limits: { turn: 60s, steps: 20 }
  retries: { attempts: 2, backoff: 500ms, honourRetryAfter: true }
model:
  like: openai/gpt-4.1-mini
  input: { system: 1000, message: 40, toolResult: 100, history: window(6) }
  output: lognormal(mean 120 cv 0.6)
  maxTokens: 400
  cached: 60%
  ttft: lognormal(p50 450ms p95 1.2s)
  quota: { rpm: 500, tpm: 450k }
tools:
  orders: { latency: 180ms, capacity: 20, failure: 0.5%, fanOut: 2, arguments: { order: [1001, x] } }
objectives: [turn p95 < 10s, "[faq] ttft p99.9 < 6s", errors < 1%, itl mean < 100ms]
origins: { measured: [model.ttft, scenarios.order lookup], guessed: [agent] }
`,
      { env: { TOKEN: 's3cret' }, price: () => price },
    )
    expect(workload.target).toEqual({
      url: 'http://localhost:4000',
      driver: 'sessions',
      headers: { authorization: 'Bearer s3cret' },
      model: 'm',
      secrets: ['s3cret'],
    })
    const { patience } = workload.users
    expect([patience?.of, patience?.then, patience?.after.mean]).toEqual(['firstToken', 'leave', 20_000])
    expect(workload.users.peak).toEqual({ concurrencyRatio: 0.03, peakToAverage: 2 })
    const [faq, lookup] = workload.scenarios
    expect(faq).toMatchObject({ share: 0.6, say: ['What are your business hours?'], tools: [] })
    expect(faq!.turns.mean).toBe(5)
    expect(lookup).toMatchObject({
      share: 0.4,
      tools: [0],
      expect: { status: 200, contains: 'order', underMs: 20_000 },
    })
    expect([lookup!.depth.mean, lookup!.think.mean, lookup!.output.mean]).toEqual([2.2, 1000, 50])
    expect(lookup!.input.system.mean).toBe(1000)
    expect([lookup!.input.message.mean, lookup!.input.historyMessages]).toEqual([80, Infinity])
    expect(faq!.input.historyMessages).toBe(6)
    expect(workload.agent).toMatchObject({
      server: { cpu: 4, memoryBytes: 8e9, perMonthUsd: 350 },
      queue: 0,
      overhead: { cpuPerCallMs: 2, cpuPerTokenMs: 0.02 },
      limits: { turnMs: 60_000, steps: 20 },
      retries: { attempts: 2, backoffMs: 500, honourRetryAfter: true },
    })
    expect(workload.models[0]).toMatchObject({
      id: 'gpt-4.1-mini',
      maxTokens: 400,
      cached: 0.6,
      quota: { requestsPerMinute: 500, tokensPerMinute: 450_000 },
      price,
    })
    expect(workload.models[0]!.perToken.mean).toBe(11.11)
    expect(workload.tools[0]).toMatchObject({
      name: 'orders',
      capacity: 20,
      failure: 0.005,
      arguments: { order: [1001, 'x'] },
    })
    expect(workload.objectives).toMatchObject([
      { metric: 'turn', statistic: { kind: 'percentile', share: 0.95 }, limit: 10_000 },
      { metric: 'ttft', statistic: { kind: 'percentile', share: 0.999 }, limit: 6000, scenario: 0 },
      { metric: 'errors', statistic: { kind: 'rate' }, limit: 0.01 },
      { metric: 'itl', statistic: { kind: 'mean' }, limit: 100 },
    ])
    const origin = (path: string) => workload.origins.get(path)
    expect(
      [
        'model.ttft',
        'scenarios.order lookup.depth',
        'agent.workers',
        'users.think',
        'model.perToken',
        'model.price',
      ].map(origin),
    ).toEqual(['measured', 'measured', 'guessed', 'given', 'preset', 'preset'])
    expect([origin('name'), origin('scenarios.faq.say'), origin('model.like')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test('several models, chosen by scenario; an engine of one’s own; a price of one’s own', () => {
    const { models, scenarios } = read(`
models:
  small: { engine: { step: 20ms, decode: 1ms, prefill: 0.1ms, slots: 8 }, output: 10 }
  large: { id: big-1, output: 20, price: { input: $2, output: $8 }, quota: { rpm: 3/s } }
scenarios: [{ name: a }, { name: b, model: large }, { name: c, model: large, output: 7 }]
`)
    expect(models.map(({ key, id }) => [key, id])).toEqual([
      ['small', 'small'],
      ['large', 'big-1'],
    ])
    expect(models[0]!.engine).toEqual({ stepMs: 20, decodeMs: 1, prefillMs: 0.1, slots: 8 })
    expect(models[1]!.price).toMatchObject({
      inputPerMillionUsd: 2,
      cachedPerMillionUsd: 2,
      outputPerMillionUsd: 8,
    })
    expect(models[1]!.quota).toEqual({ requestsPerMinute: 180, tokensPerMinute: Infinity })
    expect(scenarios.map(({ model, output }) => [model, output.mean])).toEqual([
      [0, 10],
      [1, 20],
      [1, 7],
    ])
  })

  test('a model whose price alone is known has no pace', () => {
    const model = read('model: { like: some/new-model }', { price: () => price }).models[0]!
    expect([model.id, model.perToken.mean, model.ttft.mean]).toEqual(['new-model', 0, 0])
  })

  test('anchors are read', () => {
    const { scenarios } = read(
      'scenarios: [{ name: a, depth: &d { 1: 50%, 2: 50% } }, { name: b, depth: *d }]',
    )
    expect(scenarios.map(({ depth }) => depth.mean)).toEqual([1.5, 1.5])
  })
})

describe('the hash', () => {
  const hash = (source: string, options?: ParseOptions) => read(source, options).hash
  test('is of the meaning, not of the spelling', () => {
    const one = hash('users: { think: 45s }\nmodel: { ttft: lognormal(mean 1s cv 0.5), cached: 0 }')
    expect(one).toMatch(/^[0-9a-f]{16}$/)
    expect(hash('# comment\nmodel: { ttft: lognormal(cv 0.50 mean 1000ms) }\nusers: {think: 45000ms}')).toBe(
      one,
    )
    expect(hash('users: { think: 46s }\nmodel: { ttft: lognormal(mean 1s cv 0.5) }')).not.toBe(one)
  })
  test('knows no target and no secret', () => {
    const target = (url: string) =>
      `target: { url: "${url}", driver: openai, headers: { a: "\${env:T}" } }\nusers: { think: 1s }`
    const env = (T: string) => ({ env: { T } })
    expect(hash(target('http://a'), env('x'))).toBe(hash(target('http://b'), env('y')))
  })
  test('tells traces apart', () => {
    const of = (values: number[]) => hash('users: { think: trace(a.csv x) }', { traces: () => values })
    expect(of([1, 2])).not.toBe(of([1, 3]))
  })
})

describe('overrides', () => {
  const file = `users: { think: 45s }
scenarios: [{ name: faq }, { name: order look-up, depth: 2, tools: [orders] }]
tools: { orders: { latency: 1s } }
models: { gpt-4.1: { ttft: 1s, quota: { rpm: 5 } } }
`
  const set = (...pairs: [path: string, value: string][]): ParseOptions => ({
    overrides: pairs.map(([path, value]) => ({ path, value })),
  })
  test.each<[path: string, value: string, seen: (workload: Workload) => unknown, is: unknown]>([
    ['users.think', 'exponential(mean 3s)', ({ users }) => String(users.think), 'exponential(mean 3s)'],
    ['agent.workers', '7', ({ agent }) => agent.workers, 7],
    ['scenarios.faq.depth', '3', ({ scenarios }) => scenarios[0]!.depth.mean, 3],
    ['scenarios.order look-up.depth', '{ 1: 50%, 2: 50% }', ({ scenarios }) => scenarios[1]!.depth.mean, 1.5],
    ['scenarios[1].depth', '5', ({ scenarios }) => scenarios[1]!.depth.mean, 5],
    ['scenarios.1.say', '[hello, bye]', ({ scenarios }) => scenarios[1]!.say, ['hello', 'bye']],
    ['models.gpt-4.1.ttft', '3s', ({ models }) => models[0]!.ttft.mean, 3000],
    ['models.gpt-4.1.quota', 'null', ({ models }) => models[0]!.quota, undefined],
    ['objectives', '[turn p95 < 3s]', ({ objectives }) => objectives[0]!.limit, 3000],
  ])('%s=%s', (path, value, seen, is) => {
    expect(seen(read(file, set([path, value])))).toEqual(is)
  })

  test('the scenario that a file does not write is called default', () => {
    expect(read('name: x', set(['scenarios.default.depth', '4'])).scenarios[0]!.depth.mean).toBe(4)
  })

  test('no path leads out of the file', () => {
    parseWorkload('name: x', set(['scenarios.default.__proto__.polluted', '1']))
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  test.each([
    ['users.think', '45', '--set users.think: 45 has no unit'],
    ['agent.workerz', '3', '--set agent: unknown key workerz\n  hint: did you mean workers?'],
    ['agent.queu.depth', '3', '--set agent: unknown key queu\n  hint: did you mean queue?'],
    [
      'scenarios.fqa.depth',
      '3',
      '--set scenarios.fqa.depth: fqa is not in the list\n  hint: did you mean faq?',
    ],
    ['scenarios[7].depth', '3', '--set scenarios[7].depth: there is no entry 7'],
    ['agent.workers', '', 'the value is empty or not YAML'],
    ['', '3', 'is not a path'],
    ['a..b', '3', 'is not a path'],
  ])('%s=%s is a mistake', (path, value, message) => {
    const { problems } = parseWorkload(file, set([path, value]))
    expect(formatProblems(problems, 'f')).toContain(message)
    expect(problems.every(({ line }) => line === undefined)).toBe(true)
  })

  test('what is taken out need not be listed as guessed any more; a slip of the pen beside it is still one', () => {
    const listed = (path: string) => `${file}origins: { guessed: [${path}] }\n`
    expect(told(listed('models.gpt-4.1.quota.rpm'), set(['models.gpt-4.1.quota', 'null']))).toBe('')
    expect(told(listed('models.gpt-4.1.quota'), set(['models.gpt-4.1.quota', 'null']))).toBe('')
    expect(told(listed('models.gpt-4.1.tfft'), set(['models.gpt-4.1.ttft', 'null']))).toContain(
      'writes nothing at',
    )
  })

  test('a secret in one is not repeated', () => {
    const text = told(
      file,
      set(['target.headers', 'hunter2'], ['target.url', 'hunter2: ['], ['target.driver', 'hunter2']),
    )
    expect(text).not.toContain('hunter2')
  })
})

test('every driver of the load engine can be named', () => {
  expect([...driverNames].sort()).toEqual([...drivers, ...callDriverNames].sort())
})
