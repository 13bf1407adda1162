import { expect, test } from 'vitest'
import { defineWorkload } from './define-workload.ts'
import { parseWorkload } from './parse-workload.ts'

test('an object and a file that say the same are the same workload', () => {
  const defined = defineWorkload({
    name: 'two ways',
    users: { think: 'exponential(mean 30s)' },
    scenarios: [{ name: 'ask', say: ['hello'], depth: { 1: '60%', 2: '40%' } }],
    model: { ttft: '500ms', perToken: '10ms', output: 100 },
    objectives: ['turn p95 < 10s'],
  })
  const { workload } = parseWorkload(`
name: two ways
users: { think: exponential(mean 30s) }
scenarios: [{ name: ask, say: [hello], depth: { 1: 60%, 2: 40% } }]
model: { ttft: 500ms, perToken: 10ms, output: 100 }
objectives: [turn p95 < 10s]
`)
  expect(defined.hash).toBe(workload!.hash)
  expect(defined.scenarios[0]!.depth.mean).toBe(workload!.scenarios[0]!.depth.mean)
})

test('every mistake at once, with its path', () => {
  const define = () =>
    defineWorkload({
      name: 'wrong',
      users: { think: '30 bananas' },
      scenarios: [],
      model: { ttft: '500ms', perToken: '10ms', output: 100 },
      objectives: ['turn p95 < 10s'],
    })
  expect(define).toThrow(/users\.think[\s\S]*scenarios/)
})

test('nothing at all is a mistake with a sentence of its own', () => {
  expect(() => defineWorkload(undefined as never)).toThrow('defineWorkload: the file is empty')
})
