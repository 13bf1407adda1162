import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { driverNames as drivers } from '../load/drivers/drivers.ts'
import { driverNames } from './target-schema.ts'
import { formatProblems } from './format-problems.ts'
import { parseWorkload, type ParseOptions } from './parse-workload.ts'
import { starterFile } from './starter-file.ts'
import type { Workload } from './workload.ts'

const price = {
  inputPerMillionUsd: 0.4,
  cachedPerMillionUsd: 0.1,
  outputPerMillionUsd: 1.6,
  source: 'a test',
}

function read(source: string, options: ParseOptions = {}): Workload {
  const { workload, problems } = parseWorkload(source, options)
  if (!workload) throw new Error(formatProblems(problems, 'test.yaml'))
  return workload
}

const told = (source: string, options: ParseOptions = {}): string =>
  formatProblems(parseWorkload(source, options).problems, 'f.yaml')

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

describe('mistakes', () => {
  test.each<[source: string, told: string]>([
    ['usres: 1', 'f.yaml:1:1: unknown key usres\n  hint: did you mean users?'],
    ['users:\n  ttft: 3s', 'f.yaml:2:3: users: unknown key ttft\n  hint: ttft belongs under model or models'],
    [
      'users: { think: 45 parsecs }',
      'f.yaml:1:17: users.think: 45 parsecs is not a duration\n  hint: such as 45s, 200ms or 1.5m',
    ],
    [
      'users: { think: 45 }',
      'f.yaml:1:17: users.think: 45 has no unit\n  hint: a duration is written like 45s, 200ms or 1.5m',
    ],
    [
      'users: { peak: { concurrencyRatio: 0.03 } }',
      'f.yaml:1:36: users.peak.concurrencyRatio: 0.03 has no unit\n  hint: a share is written like 4%, did you mean 3%?',
    ],
    [
      'agent: { workers: -5 }',
      'f.yaml:1:19: agent.workers: -5 is negative\n  hint: a number is 0 or more, such as 200, 200k or 1.2M',
    ],
    [
      'agent: { workers: .nan }',
      'f.yaml:1:19: agent.workers: NaN is not a number\n  hint: such as 200, 200k or 1.2M',
    ],
    [
      'agent: { workers: .inf }',
      'f.yaml:1:19: agent.workers: Infinity is not a number\n  hint: such as 200, 200k or 1.2M',
    ],
    ['agent: { workers: 2.5 }', 'f.yaml:1:19: agent.workers: 2.5 is not a whole number\n  hint: such as 5'],
    ['agent: { workers: 0 }', 'f.yaml:1:19: agent.workers: 0 is below 1\n  hint: at least 1'],
    ['agent: 5', 'f.yaml:1:8: agent: 5 is not a map'],
    ['agent: ', 'f.yaml:1:8: agent: has no value\n  hint: give it one, or leave the key out'],
    ['model: { cached: 130% }', 'f.yaml:1:18: model.cached: 130% is more than 100 %\n  hint: such as 4%'],
    [
      'model: { quota: { rpm: 0 } }',
      'f.yaml:1:24: model.quota.rpm: 0 is not above 0\n  hint: leave it out for no limit',
    ],
    [
      'model: { input: { history: last } }',
      'f.yaml:1:28: model.input.history: history is not understood\n  hint: none, all, or window(6) for the last 6 messages',
    ],
    [
      'model: { like: openai/gpt-4.1-mni, ttft: 1s }',
      'f.yaml:1:16: model.like: nothing is known of openai/gpt-4.1-mni\n  hint: did you mean openai/gpt-4.1-mini?; without like, give perToken and price',
    ],
    [
      'model: { ttft: 1s, engine: { step: 1ms } }',
      'f.yaml:1:10: model: engine and ttft exclude each other\n  hint: an engine decides the latency by itself',
    ],
    [
      'model: {}\nmodels: { a: {} }',
      'f.yaml:2:1: model and models exclude each other\n  hint: move model into models under a name',
    ],
    ['scenarios: []', 'f.yaml:1:12: scenarios: is empty\n  hint: give it an entry, or leave the key out'],
    [
      'scenarios: [{ name: a, depth: 0 }]',
      'f.yaml:1:31: scenarios[0].depth: 0 is below 1\n  hint: there is always at least one',
    ],
    [
      'scenarios: [{ name: a, depth: { 0: 50%, 4: 50% } }]',
      'f.yaml:1:31: scenarios[0].depth: { 0: 50%, 4: 50% } has a value below 1\n  hint: there is always at least one',
    ],
    [
      'scenarios: [{ name: a, depth: 1.5 }]',
      'f.yaml:1:31: scenarios[0].depth: 1.5 is not whole\n  hint: for a mean between, give shares: { 1: 50%, 2: 50% }',
    ],
    [
      'scenarios: [{ name: a, depth: { 1: 50%, 2: 60% } }]',
      'f.yaml:1:31: scenarios[0].depth: shares add up to 110 %, not 100 %\n  hint: such as { 1: 50%, 2: 30%, 5: 20% }',
    ],
    [
      'scenarios: [{ name: a, tools: [ordesr] }]\ntools: { orders: { latency: 1s } }',
      'f.yaml:1:32: scenarios[0].tools[0]: there is no tool ordesr\n  hint: did you mean orders?\nf.yaml:2:10: warning: tools.orders: no scenario uses this tool\n  hint: a scenario names it: tools: [orders]',
    ],
    [
      'scenarios: [{ name: a, model: x }]',
      'f.yaml:1:31: scenarios[0].model: there is no model x\n  hint: expected one of model',
    ],
    [
      'scenarios: [{ name: a }, { name: a }]',
      'f.yaml:1:34: scenarios[1].name: there is another scenario a\n  hint: names tell scenarios apart',
    ],
    ['scenarios: [{ name: a, weight: 0 }]', 'f.yaml:1:32: scenarios: every weight is 0'],
    [
      'tools: { "delete account": { latency: 1s } }\nscenarios: [{ tools: [delete account] }]',
      'f.yaml:1:10: tools.delete account: is no name for it\n  hint: letters, digits, _ and -',
    ],
    [
      'users: { patience: { aftre: 3s } }',
      'f.yaml:1:20: users.patience.after: is missing\nf.yaml:1:22: users.patience: unknown key aftre\n  hint: did you mean after?',
    ],
    [
      'target: { driver: sesions }',
      'f.yaml:1:9: target.url: is missing\nf.yaml:1:19: target.driver: the value is not known\n  hint: did you mean sessions?',
    ],
    [
      'target: { driver: openai, url: localhost }',
      'f.yaml:1:32: target.url: is not an address\n  hint: such as http://localhost:4000',
    ],
    [
      'objectives: [turn p95 < 10 bananas]',
      'f.yaml:1:14: objectives[0]: 10 bananas is not a duration\n  hint: such as 45s, 200ms or 1.5m',
    ],
    ['objectives: [errors < 2s]', 'f.yaml:1:14: objectives[0]: 2s is not a share\n  hint: such as 4%'],
    [
      'objectives: ["[fqa] turn p95 < 1s"]\nscenarios: [{ name: faq }]',
      'f.yaml:1:14: objectives[0]: there is no scenario fqa\n  hint: did you mean faq?',
    ],
    [
      'origins: { measured: [model.tfft] }\nmodel: { ttft: 1s }',
      'f.yaml:1:23: origins.measured[0]: the file writes nothing at model.tfft\n  hint: did you mean model.ttft?',
    ],
    [
      'users: { think: trace(a.csv x) }',
      'f.yaml:1:17: users.think: the values of trace(a.csv x) were not handed over\n  hint: pass options.traces to parseWorkload; the command line reads the file itself',
    ],
    ['name: a\nname: b', 'f.yaml:2:1: the same key stands here twice'],
    ['', 'f.yaml: the file is empty\n  hint: plimsoll init writes a commented starter file'],
    ['- 1', 'f.yaml:1:1: the file is not a map of fields\n  hint: it begins like name: customer support'],
    [
      'name: a\n---\nname: b',
      'f.yaml:2:1: the file holds more than one document\n  hint: keep one workload a file; remove the line ---',
    ],
    [
      'users: { <<: 1 }',
      'f.yaml:1:10: users: unknown key <<\n  hint: YAML merge keys are not read: write the fields out, or alias a whole section',
    ],
    ['users: &u { peak: *u }', 'f.yaml:1:19: alias *u contains itself'],
    ['users: *u', 'f.yaml:1:8: there is no anchor &u before this alias'],
    ['__proto__: { think: 3s }', 'f.yaml:1:1: unknown key __proto__'],
  ])('%s', (source, expected) => {
    expect(told(source)).toBe(expected)
    expect(parseWorkload(source).workload).toBeUndefined()
  })

  test('all at once, in the order of the file', () => {
    const { problems } = parseWorkload(`agent: { quee: 3, workers: -5 }
users: { think: 45 }
objectives: [turn p95 < 10 bananas]
scenarios: [{ name: a, tools: [x] }]
`)
    expect(problems.map(({ line, code }) => [line, code])).toEqual([
      [1, 'unknown_key'],
      [1, 'out_of_range'],
      [2, 'wrong_unit'],
      [3, 'wrong_unit'],
      [4, 'unknown_name'],
    ])
  })

  test.each<[source: string, told: string]>([
    ['objectives: [[faq] turn p95 < 10s]', 'quote an objective'],
    ['target: { headers: { a: Bearer ${env:A} } }', 'quote a text that holds ${...}'],
    ['users: { think: lognormal(mean 45s, cv 0.8) }', 'no commas inside'],
    ['users: { patience: { 30s: 50%, 1m: 40% } }', 'users.patience: shares add up to 90 %'],
  ])('%s gets a hint', (source, hint) => {
    expect(told(source)).toContain(hint)
  })

  test('a loop without a tool is only warned of', () => {
    const { workload, problems } = parseWorkload('scenarios: [{ name: a, depth: 3 }]')
    expect(workload!.scenarios[0]!.depth.mean).toBe(3)
    expect(problems.map(({ severity, path }) => [severity, path])).toEqual([
      ['warning', 'scenarios[0].depth'],
    ])
  })

  test('broken YAML has a place', () => {
    expect(told('name: [unclosed')).toMatch(/^f\.yaml:1:\d+: not YAML: /)
  })

  test('aliases that explode are stopped', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
    for (const [i, key] of 'bcdefghijk'.split('').entries())
      bomb.push(`${key}: &${key} [${Array(9).fill(`*${'abcdefghij'[i]}`).join(', ')}]`)
    expect(told(bomb.join('\n'))).toContain('aliases expand to more than 20000 values')
  })

  test.each([
    ['50 MB', 'x'.repeat(50_000_000), 'the file has 50 MB; at most 1 MB is read'],
    ['brackets', '['.repeat(900_000), 'more than 1000 brackets are open at once'],
    ['deep lists', '- '.repeat(5000), 'nested too deeply'],
    ['deep flow lists', `a: ${'['.repeat(200)}${']'.repeat(200)}`, 'nested more than 60 levels deep'],
    ['many values', `a: [${'1,'.repeat(30_000)}]`, 'more than 20000 values'],
  ])('%s are refused', (_, source, message) => {
    expect(told(source)).toContain(message)
  })

  test('a secret that is not there, and one that is and stays secret', () => {
    const source =
      'target: { url: "http://h/${env:S}", driver: sessions, headers: { a: "${env:MISSING}", b: [1] } }'
    const text = told(source, { env: { S: 'hunter2' } })
    expect(text).toContain('target.headers.a: the environment variable MISSING is not set')
    expect(text).not.toContain('hunter2')
    expect(told('target: { url: "http://h", driver: sessions, headers: { a: "${TOKEN}" } }')).toContain(
      'write ${env:NAME}',
    )
  })

  test('what is in a file cannot steer the terminal', () => {
    expect(told('"\\e[31mred\\n": 1')).toMatch(/^f\.yaml:1:1: unknown key \uFFFD\[31mred \n/)
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

  test.each([
    ['users.think', '45', '--set users.think: 45 has no unit'],
    ['agent.workerz', '3', '--set agent: unknown key workerz\n  hint: did you mean workers?'],
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

  test('a secret in one is not repeated', () => {
    const text = told(
      file,
      set(['target.headers', 'hunter2'], ['target.url', 'hunter2: ['], ['target.driver', 'hunter2']),
    )
    expect(text).not.toContain('hunter2')
  })
})

test('any text is read or refused, never thrown at', () => {
  const words = fc.constantFrom(
    ...'name: users: scenarios: - { } [ ] , & * a ? ! | > # " \' % @ 3s 50% think: depth: __proto__: constructor: \n \t --- ...'.split(
      ' ',
    ),
  )
  const soup = fc.array(words, { maxLength: 40 }).map((parts) => parts.join(' '))
  const mangled = fc
    .tuple(fc.nat(3000), fc.nat(20), fc.string())
    .map(
      ([at, length, text]) =>
        starterFile('customer-support').slice(0, at) +
        text +
        starterFile('customer-support').slice(at + length),
    )
  const path = fc.oneof(
    fc.string(),
    fc.constantFrom('users.think', 'scenarios[0].depth', 'origins', '__proto__.x', 'tools'),
  )
  const overrides = fc.array(fc.record({ path, value: fc.string() }), { maxLength: 3 })
  fc.assert(
    fc.property(fc.oneof(fc.string(), soup, mangled), overrides, (source, overrides) => {
      const { workload, problems } = parseWorkload(source, { overrides })
      expect(workload === undefined).toBe(problems.some(({ severity }) => severity === 'error'))
      formatProblems(problems, 'f.yaml')
    }),
    { numRuns: 300 },
  )
})

test('any values are read or refused, never thrown at', () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('3s', '50%', '$3', 'trace(a b)', 'geometric(mean 3)'),
  )
  const file = fc.dictionary(
    fc.constantFrom(
      'name',
      'target',
      'users',
      'scenarios',
      'agent',
      'model',
      'models',
      'tools',
      'objectives',
      'origins',
    ),
    fc.oneof(
      value,
      fc.dictionary(
        fc.constantFrom('think', 'depth', 'name', 'headers', 'measured', 'like', 'quota', 'a'),
        value,
      ),
      fc.array(value),
    ),
  )
  fc.assert(
    fc.property(file, (file) => {
      const { workload, problems } = parseWorkload(JSON.stringify(file))
      expect(workload === undefined).toBe(problems.some(({ severity }) => severity === 'error'))
    }),
    { numRuns: 500 },
  )
})

test('every driver of the load engine can be named', () => {
  expect([...driverNames].sort()).toEqual([...drivers].sort())
})
