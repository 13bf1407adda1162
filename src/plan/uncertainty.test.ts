import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import type { Range, Ranges, Workload } from '../workload/workload.ts'
import { fixtureWorkload } from './fixture-workload.ts'
import { planCapacity } from './plan-capacity.ts'
import { plan } from './plan-level.ts'
import { type Drawn, uncertaintyOf } from './uncertainty.ts'

/** Ranges of which only the shares matter: they stand in the name of the workload. */
function rangesOf(count: number, possible = (_: readonly number[]): boolean => true): Ranges {
  const inputs = Array.from({ length: count }, (_, i): Range => {
    return { path: `model.${i}`, text: '0..1', low: '0', middle: '0.5', high: '1' }
  })
  const at = (shares: readonly number[]): Workload | undefined =>
    possible(shares) ? fixtureWorkload({ name: JSON.stringify(shares) }) : undefined
  return { inputs, at }
}

const over = (ranges: Ranges, solve: (shares: readonly number[]) => Partial<Drawn>) =>
  uncertaintyOf(ranges, new Map([['model.1', 'guessed']]), (drawn) => ({
    level: 0,
    unbounded: false,
    ...solve(JSON.parse(drawn.name) as number[]),
  }))

test('one range: the ends of nine draws in ten, and its own ends', () => {
  const { level, draws } = over(rangesOf(1), ([x]) => ({ level: 100 + 100 * x! }))
  // Draws in the middles of as many slices: the quantiles of a line.
  const at = (p: number): number => 100 + (100 * (0.5 + (draws - 1) * p)) / draws
  expect(level.low).toBeCloseTo(at(0.05), 9)
  expect(level.high).toBeCloseTo(at(0.95), 9)
  expect([level.least, level.most]).toEqual([100, 200])
})

test('each figure has its own corners, and what moves the answer most comes first', () => {
  const answer = over(rangesOf(3), ([x, y, z]) => ({
    level: 100 + 10 * x! - 40 * y! + 0.1 * z!,
    perTurnUsd: 1 + x! + y!,
  }))
  expect(answer.level.least).toBeCloseTo(60, 9)
  expect(answer.level.most).toBeCloseTo(110.1, 9)
  expect(answer.perTurnUsd).toMatchObject({ least: 1, most: 3 })
  expect(answer.perMonthUsd).toBeUndefined()
  expect(answer.inputs.map(({ path, origin }) => [path, origin])).toEqual([
    ['model.1', 'guessed'],
    ['model.0', 'given'],
    ['model.2', 'given'],
  ])
  expect(answer.inputs[0]!.levelAtLow - answer.inputs[0]!.levelAtHigh).toBeCloseTo(40, 9)
})

test('a sum of two ranges is triangular: a share of one in twenty beyond each end', () => {
  const { level } = over(rangesOf(2), ([x, y]) => ({ level: x! + y! }))
  // P(X + Y < t) = t² ÷ 2 = 0.05. Of 100 independent draws the quantile would have a standard deviation of
  // √(0.05 × 0.95 ÷ 100) ÷ t = 0.069; three of them, with the seed fixed.
  expect(Math.abs(level.low - Math.sqrt(0.1))).toBeLessThan(0.2)
  expect(Math.abs(level.high - (2 - Math.sqrt(0.1)))).toBeLessThan(0.2)
  expect([level.least, level.most]).toEqual([0, 2])
})

test('draws that make no workload are counted and left out; so are those without a limit counted', () => {
  const below = ([x, y]: readonly number[]): boolean => x! <= y!
  const { level, impossible, unbounded } = over(
    rangesOf(2, ([x, y]) => below([x!, y!]) || x === 0.5 || y === 0.5),
    ([x]) => ({ level: x!, unbounded: x! > 0.5 }),
  )
  expect(impossible).toBeGreaterThan(30)
  expect(impossible).toBeLessThan(70)
  expect(unbounded).toBeGreaterThan(0)
  expect(unbounded).toBeLessThan(40)
  expect(level.most).toBe(1)
})

describe('customer support with two ranges', () => {
  const price = { inputPerMillionUsd: 1, cachedPerMillionUsd: 0.1, outputPerMillionUsd: 4, source: 'a list' }
  const source = readFileSync('examples/customer-support.yaml', 'utf8')
  const read = (...overrides: [path: string, value: string][]): Workload =>
    parseWorkload(source, {
      price: () => price,
      overrides: overrides.map(([path, value]) => ({ path, value })),
    }).workload!
  const users = (workload: Workload): number => (planCapacity(workload).level as { users: number }).users
  const workload = read(['users.think', '30s..60s'], ['model.cached', '20%..80%'])
  const capacity = planCapacity(workload)
  const uncertainty = capacity.uncertainty!

  test('the answer itself is that of the middles', () => {
    const { uncertainty: none, ...plain } = planCapacity(
      read(['users.think', '45s'], ['model.cached', '50%']),
    )
    const { uncertainty: _, ...middle } = capacity
    expect(none).toBeUndefined()
    expect(middle).toEqual(plain)
  })

  test('the ends of each range are those of the file with the end in it', () => {
    const [think, cached] = uncertainty.inputs
    expect(think).toMatchObject({
      path: 'users.think',
      levelAtLow: users(read(['users.think', '30s'], ['model.cached', '50%'])),
      levelAtHigh: users(read(['users.think', '60s'], ['model.cached', '50%'])),
    })
    // OpenAI counts cached tokens like any others: only the bill hangs on them.
    expect(cached!.levelAtLow).toBe(cached!.levelAtHigh)
  })

  test('the bill is that of the load to run at', () => {
    const bill = (think: string, cached: string): number =>
      plan(read(['users.think', think], ['model.cached', cached]), { users: capacity.runAt }).cost!
        .perMonthUsd!
    expect(uncertainty.perMonthUsd!.least).toBeCloseTo(bill('60s', '80%'), 9)
    expect(uncertainty.perMonthUsd!.most).toBeCloseTo(bill('30s', '20%'), 9)
    const { low, high, least, most } = uncertainty.perMonthUsd!
    expect(least).toBeLessThan(low)
    expect(low).toBeLessThan(high)
    expect(high).toBeLessThan(most)
  })

  test('draws are solved as the file is: several servers as one', () => {
    const ranged = read(['agent.servers', '3'], ['model.quota', 'null'], ['users.think', '30s..60s'])
    const { level, uncertainty } = planCapacity(ranged)
    const plain = read(['agent.servers', '3'], ['model.quota', 'null'], ['users.think', '30s'])
    expect(uncertainty!.level.least).toBe(users(plain))
    expect(uncertainty!.level.most).toBeGreaterThan((level as { users: number }).users)
  })

  test('the same file has the same answer', () => {
    expect(planCapacity(read(['users.think', '30s..60s'], ['model.cached', '20%..80%']))).toEqual(capacity)
  })
})
