import { expect, test } from 'vitest'
import { priceOf } from './prices.ts'

test.each([
  ['openai/gpt-4.1', 2, 0.5, 8],
  ['openai/gpt-4o-mini', 0.15, 0.075, 0.6],
  ['anthropic/claude-haiku-4-5', 1, 0.1, 5],
])('%s', (like, input, cached, output) => {
  const price = priceOf(like)!
  expect(price.inputPerMillionUsd).toBeCloseTo(input, 6)
  expect(price.cachedPerMillionUsd).toBeCloseTo(cached, 6)
  expect(price.outputPerMillionUsd).toBeCloseTo(output, 6)
})

test.each([
  ['anthropic/claude-sonnet-4-5', 3.75, 6],
  ['openai/gpt-5.6-luna', 0.25, undefined],
  ['openai/gpt-4.1', undefined, undefined],
])('what the prompt cache keeps: %s', (like, written, hourly) => {
  const { writtenPerMillionUsd, hourlyPerMillionUsd } = priceOf(like)!
  expect([writtenPerMillionUsd, hourlyPerMillionUsd]).toEqual([written, hourly])
})

test.each(['openai/gpt-4.1-mega', 'openai', 'nobody/gpt-4.1', 'anthropic/claude-sonnet-5-5'])(
  'no price is better than the price of another model: %s',
  (like) => {
    expect(priceOf(like)).toBeUndefined()
  },
)
