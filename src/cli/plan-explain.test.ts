import { describe, expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import { UserError } from './exit-codes.ts'
import { explanationOf, explanationText } from './plan-explain.ts'

const workload = parseWorkload(`
name: repairman
users: { think: exponential(mean 30s), turns: 1 }
scenarios: [{ name: only, depth: 1 }]
agent: { workers: 5, concurrency: 1 }
model: { ttft: exponential(mean 3s), perToken: 0ms, output: 1, quota: { rpm: 5000, tpm: 1M } }
objectives: [turn p95 < 12s]
`).workload!

const figures = (figure?: string): string[] =>
  explanationOf(workload, { users: 50 }, figure, 0.75).derivations.map((each) => each.figure)

describe('explanationOf', () => {
  test.each([
    ['turn p95', ['turn p95']],
    ['Turn-P95', ['turn p95']],
    ['turns/s', ['turns/s']],
    ['rule', ['rule of thumb']],
    ['quota', ['utilisation of model quota, requests', 'utilisation of model quota, tokens']],
    ['slots', ['utilisation of agent slots']],
  ])('%s', (asked, found) => {
    expect(figures(asked)).toEqual(found)
  })

  test('without a name, all', () => {
    expect(figures()).toEqual([
      'turns/s',
      'turn p95',
      'ttft p95',
      'calls/turn',
      'calls in flight',
      'tokens/min',
      'errors',
      ...['turn', 'ttft'].flatMap((of) => ['mean', 'p50', 'p90', 'p99'].map((each) => `${of} ${each}`)),
      ...['mean', 'p50', 'p90', 'p95', 'p99'].map((each) => `itl ${each}`),
      expect.stringMatching(/^beyond turn/),
      'calls/turn p95',
      'calls/turn p99',
      'calls/s',
      'calls in flight, were a turn one call',
      'retries/turn',
      'input tokens/turn',
      'cached share',
      'output tokens/turn',
      'times a plain exchange',
      'full from',
      'utilisation of agent slots',
      'utilisation of model quota, requests',
      'utilisation of model quota, tokens',
      'rule of thumb',
      ...['model.ttft', 'agent.workers', 'users.think', 'scenarios.depth'].map(
        (field) => `hangs on ${field}`,
      ),
      'inputs',
    ])
  })

  test.each(['bogus', '', '/'])('"%s" is no figure: what there is, is told', (asked) => {
    try {
      explanationOf(workload, { users: 50 }, asked, 0.75)
    } catch (error) {
      expect(error).toBeInstanceOf(UserError)
      expect((error as UserError).message).toBe(`--explain ${asked}: the plan has no such figure`)
      expect((error as UserError).hint).toMatch(/^one of turns\/s, turn p95, /)
      expect((error as UserError).exitCode).toBe(104)
      return
    }
    throw new Error('no mistake was found')
  })
})

test('a block that can be done by hand', () => {
  expect(
    explanationText(explanationOf(workload, { users: 50 }, 'rule of thumb', 0.75), 100).split('\n'),
  ).toEqual([
    '  repairman at 50 users',
    '',
    '  rule of thumb = 50 users (approximate)',
    '    formula   workers × think ÷ processing, rounded down',
    '    inputs    workers     5 workers',
    '              think       30 s',
    '              processing  3 s',
    "    source    the field's estimate, without waiting or limits behind the agent; as a bound: Denning,",
    '              Buzen (1978); Lazowska et al. (1984), ch. 5.2',
  ])
})
