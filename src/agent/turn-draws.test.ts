import { expect, test } from 'vitest'
import { traceparent } from '../sessions/turn-key.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { childTrace, traceOf } from './trace.ts'
import { drawTurn, turnKey } from './turn-draws.ts'

const { workload } = parseWorkload(`
name: draws
users: { think: 1s, turns: 1 }
scenarios: [{ name: only, say: hello, depth: 1 }]
agent: { workers: 1, concurrency: 1, overhead: { prompt: exponential(mean 80ms), state: uniform(10ms 30ms) } }
model: { id: m, input: { system: 500, message: uniform(20 60) }, output: 1, ttft: 1ms, perToken: 1ms }
`)
const input = workload!.scenarios[0]!.input

test('draws are those of the turn, divided by the speed', () => {
  const key = { run: 1, session: 2, turn: 3 }
  const one = drawTurn(workload!, input, key, 1)
  const ten = drawTurn(workload!, input, key, 10)
  expect(drawTurn(workload!, input, { ...key }, 1)).toEqual(one)
  expect(drawTurn(workload!, input, { ...key, turn: 4 }, 1)).not.toEqual(one)
  expect(ten.waits.promptMs).toBeCloseTo(one.waits.promptMs / 10, 9)
  expect(one.systemTokens).toBe(500)
})

test('over many turns the waits have the means of the file', () => {
  const turns = Array.from({ length: 4000 }, (_, turn) =>
    drawTurn(workload!, input, { run: 1, session: 2, turn }, 1),
  )
  const mean = (of: (draw: (typeof turns)[number]) => number): number =>
    turns.reduce((sum, draw) => sum + of(draw), 0) / turns.length
  // Five standard errors of a fixed seed: a false alarm in 1.7 million.
  expect(Math.abs(mean((draw) => draw.waits.promptMs) - 80)).toBeLessThan((5 * 80) / Math.sqrt(4000))
  expect(Math.abs(mean((draw) => draw.waits.loadMs) - 20)).toBeLessThan((5 * 5.8) / Math.sqrt(4000))
  expect(Math.abs(mean((draw) => draw.messageTokens) - 40)).toBeLessThan((5 * 11.6) / Math.sqrt(4000))
})

test('a turn is named by its trace, or by its session where there is none of ours', () => {
  const key = { run: 7, session: 8, turn: 9 }
  expect(turnKey(traceparent(key), 'any', 0)).toEqual(key)
  expect(turnKey(undefined, 'abc', 4)).toEqual(turnKey('nonsense', 'abc', 4))
  expect(turnKey(undefined, 'abc', 4)).not.toEqual(turnKey(undefined, 'abd', 4))
})

test('a trace goes on under a span of our own, and a broken one is begun anew', () => {
  const incoming = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00'
  expect(traceOf(incoming)).toBe(incoming)
  expect(childTrace(incoming)).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-00$/)
  expect(childTrace(incoming)).not.toBe(incoming)
  for (const broken of [
    undefined,
    '',
    'x',
    incoming.toUpperCase(),
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
  ])
    expect(traceOf(broken)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
})
