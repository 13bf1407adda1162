import { expect, test } from 'vitest'
import { inProcess } from '../../test/in-process.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { checkLines } from './check-lines.ts'

const read = (overrides: Readonly<Record<string, string>> = {}) =>
  parseWorkload(
    `
users: { think: 45s }
scenarios: [{ name: faq, depth: 2..4, tools: [look] }]
model: { ttft: 1s, cached: 60% }
tools: { look: { latency: 200ms } }
objectives: [turn p95 < 10s]
origins: { guessed: [model] }
`,
    { overrides: Object.entries(overrides).map(([path, value]) => ({ path, value })) },
  ).workload!

test('the parts of the file, and each range with what is read', () => {
  expect(checkLines('my.yaml', read({ 'model.cached': '40%..80%' }))).toEqual([
    'my.yaml is a workload: 1 scenario, 1 tool, 1 objective; of 5 inputs 2 guessed',
    '2 ranges, read as the middle; plan tells what the answer makes of them',
    '                       range     read as  origin',
    '  scenarios.faq.depth  2..4      3        given',
    '  model.cached         40%..80%  60%      guessed',
  ])
})

test('without ranges a single line', () => {
  expect(checkLines('my.yaml', read({ 'scenarios.faq.depth': '3' }))).toEqual([
    'my.yaml is a workload: 1 scenario, 1 tool, 1 objective; of 5 inputs 2 guessed',
  ])
})

test('every input has its origin in JSON, of check and of plan', async () => {
  const file = 'examples/simple-chatbot.yaml'
  const ranges = ['--set', 'users.think=20s..40s', '--json']
  const checked = JSON.parse((await inProcess(['check', file, ...ranges])).stdout) as {
    inputs: Record<string, number>
    origins: Record<string, string>
    ranges: unknown[]
  }
  const total = Object.values(checked.inputs).reduce((sum, count) => sum + count, 0)
  expect(Object.keys(checked.origins)).toHaveLength(total)
  expect(checked.ranges).toMatchObject([{ path: 'users.think', low: '20s', middle: '30s', high: '40s' }])
  for (const asked of [[], ['--users', '20']]) {
    const { stdout } = await inProcess(['plan', file, ...ranges, ...asked])
    expect((JSON.parse(stdout) as { inputs: unknown }).inputs).toEqual(checked.origins)
  }
})
