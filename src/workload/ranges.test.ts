import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseWorkload } from './parse-workload.ts'
import type { Workload } from './workload.ts'

const file = (lines: Readonly<Record<string, string>>): string => `
name: ranges 1..2
users: { think: ${lines['think'] ?? '45s'} }
scenarios: [{ name: faq, say: "1..2 or 3s..4s", depth: ${lines['depth'] ?? '1'}, tools: [look] }]
agent: { server: { perMonth: ${lines['perMonth'] ?? '$350'}, memory: ${lines['memory'] ?? '8GB'} }, workers: ${lines['workers'] ?? '5'} }
model:
  cached: ${lines['cached'] ?? '60%'}
  ttft: ${lines['ttft'] ?? '1s'}
  perToken: 10ms
  quota: { rpm: ${lines['rpm'] ?? '500'} }
tools: { look: { latency: 200ms, arguments: { from: [1..2] } } }
objectives: [turn p95 < 10s]
`

function read(lines: Readonly<Record<string, string>>): Workload {
  const { workload, problems } = parseWorkload(file(lines))
  if (!workload) throw new Error(JSON.stringify(problems))
  return workload
}

test('two dots in a name, a text or an argument are no range', () => {
  expect(read({}).ranges).toBeUndefined()
})

test.each<[field: string, text: string, same: string, path: string]>([
  ['cached', '40%..80%', '60%', 'model.cached'],
  ['cached', '12.5% .. 50%', '31.25%', 'model.cached'],
  ['cached', '0..80%', '40%', 'model.cached'],
  ['think', '30s..60s', '45s', 'users.think'],
  ['think', '30s..1m', '45s', 'users.think'],
  ['think', 'lognormal(mean 30s..60s cv 0.8)', 'lognormal(mean 45s cv 0.8)', 'users.think'],
  ['think', 'lognormal(mean 45s cv 0.5..1.1)', 'lognormal(mean 45s cv 0.8)', 'users.think'],
  ['ttft', 'lognormal(p50 400ms..600ms p95 1.2s)', 'lognormal(p50 500ms p95 1.2s)', 'model.ttft'],
  ['rpm', '400..500', '450', 'model.quota.rpm'],
  ['rpm', '1.5k..2k', '1750', 'model.quota.rpm'],
  ['rpm', '5/s..10/s', '450', 'model.quota.rpm'],
  ['workers', '4..8', '6', 'agent.workers'],
  ['workers', '4..7', '6', 'agent.workers'],
  ['depth', '2..4', '3', 'scenarios.faq.depth'],
  ['depth', 'geometric(mean 2..3)', 'geometric(mean 2.5)', 'scenarios.faq.depth'],
  ['perMonth', '$300..$400', '$350', 'agent.server.perMonth'],
  ['memory', '4GB..8GB', '6GB', 'agent.server.memory'],
])('%s: %s is read as %s', (field, text, same, path) => {
  const { ranges, ...middle } = read({ [field]: text })
  const { ranges: none, ...plain } = read({ [field]: same })
  expect(none).toBeUndefined()
  expect(middle.hash).toBe(plain.hash)
  expect(ranges!.inputs).toMatchObject([{ path, text }])
})

describe('the ends', () => {
  const { ranges } = read({
    cached: '40%..80%',
    think: 'lognormal(mean 30s..60s cv 0.5..1)',
    workers: '3..6',
  })

  test('stand in the order of the file, as they are written', () => {
    expect(ranges!.inputs.map(({ path, low, middle, high }) => [path, low, middle, high])).toEqual([
      ['users.think', '30s', '45s', '60s'],
      ['users.think', '0.5', '0.75', '1'],
      ['agent.workers', '3', '5', '6'],
      ['model.cached', '40%', '60%', '80%'],
    ])
  })

  test('and what lies between them is read through the file', () => {
    const at = (...shares: number[]) => {
      const { users, agent, models } = ranges!.at(shares)!
      return [String(users.think), agent.workers, models[0]!.cached]
    }
    expect(at(0, 0, 0, 0)).toEqual(['lognormal(mean 30s cv 0.5)', 3, 0.4])
    expect(at(1, 1, 1, 1)).toEqual(['lognormal(mean 1m cv 1)', 6, 0.8])
    expect(at(0.25, 0.5, 0.3, 0.9)).toEqual(['lognormal(mean 37.5s cv 0.75)', 4, 0.76])
  })
})

test('every whole number of a range is as likely as any other', () => {
  const { ranges } = read({ workers: '3..6' })
  const counts = new Map<number, number>()
  for (let i = 0; i < 400; i++) {
    const { workers } = ranges!.at([(i + 0.5) / 400])!.agent
    counts.set(workers, (counts.get(workers) ?? 0) + 1)
  }
  expect([...counts]).toEqual([3, 4, 5, 6].map((workers) => [workers, 100]))
})

test('values that do not go together make no workload', () => {
  const { ranges } = read({ ttft: 'lognormal(p50 400ms..1.2s p95 1s..3s)' })
  expect(ranges!.at([0.5, 0.5])).toBeDefined()
  expect(ranges!.at([1, 0])).toBeUndefined()
})

test.each<[field: string, text: string, message: string, hint: string]>([
  ['cached', '80%..40%', 'model.cached: 80%..40% ends below its start', 'such as 40%..80%'],
  [
    'cached',
    '40%..80',
    'model.cached: 40%..80 is a share at one end and a number at the other',
    'both ends have a unit of one kind, such as 30s..60s, 40%..80% or 400..500',
  ],
  [
    'rpm',
    '400..10/s',
    'model.quota.rpm: 400..10/s is a number at one end and a rate at the other',
    'both ends have a unit of one kind, such as 30s..60s, 40%..80% or 400..500',
  ],
  ['cached', '40%..', 'model.cached: 40%.. is not a range', 'such as 30s..60s, 40%..80% or 400..500'],
  ['cached', '40%...80%', 'model.cached: 40%...80% is not a range', 'such as 30s..60s, 40%..80% or 400..500'],
  ['think', '30s..x', 'users.think: 30s..x is not a range', 'such as 30s..60s, 40%..80% or 400..500'],
  ['cached', '90%..150%', 'model.cached: 150% is more than 100 % (at the high end)', 'such as 4%'],
  ['workers', '0..2', 'agent.workers: 0 is below 1 (at the low end)', 'at least 1'],
  [
    'think',
    '400..500',
    'users.think: 400 has no unit (at the low end)',
    'a duration is written like 45s, 200ms or 1.5m',
  ],
])('%s: %s is a mistake with its place', (field, text, message, hint) => {
  const source = file({ [field]: text })
  const { workload, problems } = parseWorkload(source)
  expect(workload).toBeUndefined()
  const [problem, ...rest] = problems
  expect(problem).toMatchObject({ severity: 'error', message, hint })
  // An end of another kind is wrong at both ends; nothing else is.
  expect(rest.every(({ path }) => path === problem!.path)).toBe(true)
  expect(source.split('\n')[problem!.line! - 1]!.slice(problem!.column! - 1)).toMatch(text)
})

test('an override may be a range, and a range may be overridden', () => {
  const source = file({ cached: '40%..80%' })
  const of = (value: string) => parseWorkload(source, { overrides: [{ path: 'model.cached', value }] })
  expect(of('10%..20%').workload!.ranges!.inputs).toMatchObject([{ low: '10%', high: '20%' }])
  expect(of('10%').workload!.ranges).toBeUndefined()
  expect(of('20%..10%').problems[0]!.message).toBe('--set model.cached: 20%..10% ends below its start')
})

test('no text makes the reader throw, and what it takes lies between the ends', () => {
  const end = fc.oneof(
    fc.constantFrom(
      '',
      '0',
      '1e3',
      '5',
      '.5',
      '3s',
      '60 s',
      '2m',
      '40%',
      '120 %',
      '$3',
      '8GB',
      '3/s',
      '-1s',
      'x',
    ),
    fc.string({ maxLength: 4 }),
  )
  const dots = fc.constantFrom('..', ' .. ', '...', '.')
  fc.assert(
    fc.property(end, dots, end, fc.double({ min: 0, max: 1, noNaN: true }), (low, between, high, share) => {
      const text = JSON.stringify(`${low}${between}${high}`)
      const { workload } = parseWorkload(file({ think: text }))
      if (!workload?.ranges) return
      const [from, at, to] = [0, share, 1].map((each) => workload.ranges!.at([each])!.users.think.mean)
      expect(from).toBeLessThanOrEqual(at! * (1 + 1e-9))
      expect(at).toBeLessThanOrEqual(to! * (1 + 1e-9))
    }),
    { seed: 7, numRuns: 300 },
  )
})
