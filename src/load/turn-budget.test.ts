import { expect, test } from 'vitest'
import { TurnBudget } from './turn-budget.ts'

const price = { inputPerMillionUsd: 10, cachedPerMillionUsd: 10, outputPerMillionUsd: 10, source: 'a list' }
const usage = (outputTokens: number) => ({ inputTokens: 0, cachedTokens: 0, outputTokens })

test('two threads of one memory never begin more turns than there may be', () => {
  const first = new TurnBudget({ maxTurns: 3 })
  const second = new TurnBudget({ maxTurns: 3 }, first.memory)
  expect([first.begin(), second.begin(), first.begin(), second.begin()]).toEqual([true, true, true, false])
  second.ended(undefined)
  expect(first.begin()).toBe(false)
  expect([first.refused, second.refused]).toEqual(['turns', 'turns'])
})

test('turns in flight are reserved at what turns cost so far, as the target told it', () => {
  const limits = { maxSpendUsd: 1, turnUsd: 0.4, price }
  const first = new TurnBudget(limits)
  const second = new TurnBudget(limits, first.memory)
  expect([first.begin(), second.begin(), first.begin()]).toEqual([true, true, false])
  expect(second.refused).toBe('dollars')
  // A tenth of a dollar rather than the four that were feared.
  first.ended(usage(10_000))
  expect(second.begin()).toBe(true)
  second.ended(usage(10_000))
  second.ended(usage(10_000))
  for (let i = 0; i < 7; i++) expect(first.begin()).toBe(true)
  expect(first.begin()).toBe(false)
})

test('without a price each turn costs what the file expects', () => {
  const budget = new TurnBudget({ maxSpendUsd: 0.05, turnUsd: 0.01 })
  for (let i = 0; i < 5; i++) {
    expect(budget.begin()).toBe(true)
    budget.ended(usage(1_000_000))
  }
  expect(budget.begin()).toBe(false)
})
