import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatProblems } from './format-problems.ts'
import { parseWorkload } from './parse-workload.ts'
import { starterFile } from './starter-file.ts'
import { told } from './fixture-read.ts'

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
      'model: { price: { writen: $3.75 } }',
      'f.yaml:1:19: model.price: unknown key writen\n  hint: did you mean written?',
    ],
    [
      'model: { price: { writtenHour: 6 } }',
      'f.yaml:1:32: model.price.writtenHour: 6 has no unit\n  hint: an amount of money is written like $350',
    ],
    [
      'model: { tokenizer: cl100k }',
      'f.yaml:1:21: model.tokenizer: cl100k is not known\n  hint: expected one of o200k_base, o200k_harmony, cl100k_base, characters, or the tokenizer.json of a model beside this file',
    ],
    [
      'model: { tokenizer: o200k_bas }',
      'f.yaml:1:21: model.tokenizer: o200k_bas is not known\n  hint: did you mean o200k_base?',
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
      'scenarios: [{ name: a, depth: 100M }]',
      'f.yaml:1:31: scenarios[0].depth: 100M is too many\n  hint: at most 10000',
    ],
    [
      'scenarios: [{ name: a, tools: [orders] }]\ntools: { orders: { fanOut: 1M } }',
      'f.yaml:2:28: tools.orders.fanOut: 1M is too many\n  hint: at most 10000',
    ],
    [
      'agent: { retries: { attempts: 1e9 } }',
      'f.yaml:1:31: agent.retries.attempts: 1000000000 is too many\n  hint: at most 10000',
    ],
    [
      'users: { peak: { peakToAverage: 0.5 } }',
      'f.yaml:1:33: users.peak.peakToAverage: 0.5 is below 1\n  hint: the busiest hour over the average, such as 2',
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
    [
      'objectives: [gaps < 1]',
      'f.yaml:1:14: objectives[0]: gaps < 1 does not say of what: a percentile or mean\n  hint: such as gaps p95 < 1 or gaps mean < 1',
    ],
    [
      'objectives: [responce p95 < 1s]',
      'f.yaml:1:14: objectives[0]: there is no metric responce, and no scenario has a script that could measure it\n  hint: did you mean response?',
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
    [
      'objectives: [{ http_req_duration: { threshold: { p: 95 } } }]',
      'f.yaml:1:14: objectives[0]: http_req_duration: a map is not a threshold\n  hint: such as http_req_duration: p(95)<10000, http_req_waiting: avg<500 or http_req_failed: rate<0.01',
    ],
    ['faults: [{ for: 3s }]', 'f.yaml:1:10: faults[0].fault: is missing'],
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
    ['50 MB', 'x'.repeat(50_000_000), 'the file has 50M characters; at most 1M are read'],
    ['a little too much', 'x'.repeat(1_200_000), 'the file has 1.2M characters; at most 1M are read'],
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

test.each([
  ['model: { valueOf: 3s..5s }', 'model: unknown key valueOf'],
  ['users: { toString: { think: 3s..4s } }', 'users: unknown key toString'],
])('%s: what every object has is no field', (source, expected) => {
  expect(parseWorkload(source).problems.map(({ message }) => message)).toEqual([expected])
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
    fc.constantFrom('3s', '50%', '$3', '3s..5s', '100/min', 'trace(a b)', 'geometric(mean 3)'),
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
      'phone',
      'faults',
      'backlog',
    ),
    fc.oneof(
      value,
      fc.dictionary(
        fc.constantFrom(
          'think',
          'depth',
          'name',
          'headers',
          'measured',
          'like',
          'quota',
          'calls',
          'peak',
          'fault',
          'a',
        ),
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
