import { expect, test } from 'vitest'
import type { Summary } from '../../result/summary.ts'
import { parseWorkload } from '../../workload/parse-workload.ts'
import { spokenTime } from './spoken-time.ts'

const read = (mouthToEar: string, voice = '') =>
  parseWorkload(`
phone: { calls: 60/min, duration: 1m, blocked: 1%, mouthToEar: ${mouthToEar} }
agent: { workers: 1${voice} }
`).workload!

const latency = { turnMs: { mean: 8000 }, ttftMs: { mean: 1600 } } as Summary['latency']
const agent = [
  { part: 'queue', meanMs: 40 },
  { part: 'cpu', meanMs: 20 },
  { part: 'model', meanMs: 650 },
]

test.each([
  [
    'silence ends a turn where the file has no detection of its own',
    read('{ within: 1.4s, stt: 350ms, tts: 100ms, orchestration: 60ms }'),
    { hearing: 850, agent: 80, speaking: 100, queue: 40, model: 530, 'answer heard': 6400 },
  ],
  [
    'as the file says',
    read('{ within: 1.4s, endOfTurn: 300ms, stt: 200ms, tts: 100ms }'),
    { hearing: 500, agent: 20, speaking: 100, queue: 40, model: 940, 'answer heard': 6400 },
  ],
  [
    'the agent’s own silence',
    read('{ within: 1.4s }', ', voice: { endOfSpeech: 700ms }'),
    { hearing: 700, agent: 20, queue: 40, model: 840, 'answer heard': 6400 },
  ],
])('the parts of a call’s turn are those of a measured one: %s', (_, workload, parts) => {
  const told = spokenTime(agent, workload, latency)
  expect(Object.fromEntries(told.map(({ part, meanMs }) => [part, Math.round(meanMs)]))).toEqual(parts)
  expect(told.reduce((sum, { meanMs }) => sum + meanMs, 0)).toBeCloseTo(8000, 6)
})

test('without an answer there is nothing around it', () => {
  expect(spokenTime(agent, read('{ within: 1.4s }'), {})).toEqual(agent)
})
