import { expect, test } from 'vitest'
import { constant, exponential } from '../stats/distributions.ts'
import { fixtureWorkload } from './fixture-workload.ts'
import { levelSensitivity } from './level-sensitivity.ts'

test('turns that never wait take as long as their parts: each input has its share of them', () => {
  const workload = fixtureWorkload({
    agent: { workers: Infinity },
    model: { ttft: exponential(1000), perToken: constant(10), output: constant(101) },
    objectives: [{ text: 'turn mean < 5s', metric: 'turn', statistic: { kind: 'mean' }, limit: 5000 }],
    origins: new Map([['model.ttft', 'guessed']]),
  })
  const { objective, inputs } = levelSensitivity(workload, { users: 50 })!
  expect(objective).toBe('turn mean < 5s')
  // 1 s to the first token and 100 × 10 ms: half and half, and users make no difference. An elasticity between 10 %
  // less and 10 % more of one half: ln(1.05 ÷ 0.95) ÷ ln(1.1 ÷ 0.9).
  const half = Math.log(1.05 / 0.95) / Math.log(1.1 / 0.9)
  const of = (field: string) => inputs.find((input) => input.field === field)
  expect(of('model.ttft')!.elasticity).toBeCloseTo(half, 6)
  expect(of('model.ttft')!.origin).toBe('guessed')
  expect(of('model.perToken')!.elasticity).toBeCloseTo(half, 6)
  expect(of('users.think')).toBeUndefined()
})

test('the objective that is worst off is asked, whether it holds or not', () => {
  const percentile = { kind: 'percentile', share: 0.95 } as const
  const limits = (turn: number, ttft: number) =>
    fixtureWorkload({
      objectives: [
        { text: 'turn', metric: 'turn', statistic: percentile, limit: turn },
        { text: 'ttft', metric: 'ttft', statistic: percentile, limit: ttft },
      ],
    })
  expect(levelSensitivity(limits(12_000, 60_000), { users: 50 })!.objective).toBe('turn')
  expect(levelSensitivity(limits(60_000, 1000), { users: 50 })!.objective).toBe('ttft')
})

test('without an objective there is nothing to ask', () => {
  expect(levelSensitivity(fixtureWorkload({ objectives: [] }), { users: 50 })).toBeUndefined()
})
