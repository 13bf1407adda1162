import { expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import { simulate } from './simulate.ts'
import { StandingStill } from './standing-still.ts'

const play = (yaml: string, users: number) =>
  simulate(parseWorkload(yaml).workload!, { level: { users }, seed: 1, warmupMs: 0, measuredMs: 60_000 })

test('users who are refused at once and think for no time come again after a second, not for ever in the same instant', () => {
  const { turns, errors } = play(
    `users: { think: 0s }\nagent: { workers: 1, concurrency: 1, queue: 0 }\nmodel: { ttft: 10s }`,
    3,
  )
  expect([turns.completed, turns.rejected]).toEqual([5, 2 * 60])
  expect(errors!.byKind).toEqual({ overloaded: 120 })
  // Who thinks, however shortly, does so.
  const thinking = play(
    `users: { think: 250ms }\nagent: { workers: 1, concurrency: 1, queue: 0 }\nmodel: { ttft: 10s }`,
    2,
  )
  expect(thinking.turns.rejected).toBeGreaterThan(200)
})

test.each(['model: { output: 10 }', 'agent: { queue: 5 }\nmodel: { output: 10 }'])(
  'where nothing takes any time, there is a sentence and not a run without end: %s',
  (file) => {
    expect(() => play(`users: { think: 0s }\n${file}`, 2)).toThrow(StandingStill)
  },
)
