import { expect, test } from 'vitest'
import { planAt } from '../plan/plan.ts'
import type { Level } from '../workload/level.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { stabilityLine } from './stability-line.ts'

const three = 'ttft: exponential(mean 3s), perToken: 0ms, output: 1'
const parts = {
  scenarios: '[{ name: faq, depth: 1 }]',
  agent: '{ workers: 5, concurrency: 1 }',
  model: `{ ${three} }`,
  tools: '{}',
}

function told(changed: Partial<typeof parts>, level: Level): string {
  const { scenarios, agent, model, tools } = { ...parts, ...changed }
  const { workload, problems } = parseWorkload(`
name: one
users: { think: exponential(mean 30s), turns: 1 }
scenarios: ${scenarios}
agent: ${agent}
model: ${model}
tools: ${tools}
objectives: [turn p95 < 12s]
`)
  if (!workload) throw new Error(JSON.stringify(problems))
  return stabilityLine(planAt(workload, level))
    .map(({ label, text }) => `${label} ${text}`.trim())
    .join('\n')
}

const loop = '[{ name: loop, depth: 2, tools: [crm] }]'
const crm = '{ crm: { latency: 2s, capacity: 3 } }'

// Five of 3 s each serve 1.67 a second; with 30 s of thinking 55 users fill them. Three of 2 s serve 1.5.
// An engine takes 2 s and .1 s for each call in it: 100 of them in 12 s.
test.each<[string, Partial<typeof parts>, Level, RegExp]>([
  [
    'a line without end',
    {},
    { sessionsPerSecond: 2 },
    /^Unstable: 2 sessions\/s are more than .* From 1\.67 sessions\/s on .*: agent slots \(5 turns\) are full\.$/,
  ],
  [
    'less than that',
    {},
    { sessionsPerSecond: 1.6 },
    /^Stable up to 1\.67 sessions\/s: from there on agent slots \(5 turns\) are full\.$/,
  ],
  [
    'a line that ends',
    { agent: '{ workers: 5, concurrency: 1, queue: 10 }' },
    { sessionsPerSecond: 2 },
    /^Overloaded: from 1\.67 sessions\/s on agent slots .* turned away or given up\.$/,
  ],
  ['few users', {}, { users: 40 }, /^full from 55 users, if nothing breaks before: then agent slots/],
  ['many users', {}, { users: 400 }, /^full from 55 users: .* never unstable/],
  [
    'a quota',
    { agent: '{}', model: `{ ${three}, quota: { rpm: 60 } }` },
    { sessionsPerSecond: 2 },
    /^Overloaded: from 1 sessions\/s on model quota, requests \(60 requests\/min\) is full, .* refused\.$/,
  ],
  [
    'a tool for fewer calls than come',
    { agent: '{}', scenarios: loop, tools: crm },
    { sessionsPerSecond: 2 },
    /^Unstable: 2 .* From 1\.5 sessions\/s on there is no steady state: crm \(3 calls\) is full\.$/,
  ],
  [
    'a tool for fewer calls than a fixed number of users makes',
    { agent: '{}', scenarios: loop, tools: crm },
    { users: 100 },
    /^full from 57 users: then crm \(3 calls\) is full\. More are never unstable/,
  ],
  [
    'an engine',
    {
      agent: '{}',
      model: '{ output: 100, engine: { step: 20ms, decode: 1ms, prefill: 0ms, slots: 100 } }',
    },
    { sessionsPerSecond: 20 },
    /^Unstable: 20 .* From 8\.33 sessions\/s on .*: model engine \(100 calls\) is full\.$/,
  ],
])('%s', (_, changed, level, words) => {
  expect(told(changed, level)).toMatch(words)
})

test('where nothing has a limit, nothing is said', () => {
  expect(told({ agent: '{}' }, { sessionsPerSecond: 1000 })).toBe('')
})
