import { expect, test } from 'vitest'
import { usageUsd } from '../result/cost.ts'
import { read } from './fixture-read.ts'
import type { Price } from './workload.ts'

/** Claude's, whose cache writes cost 1.25 times and twice the input. */
const list: Price = {
  inputPerMillionUsd: 4,
  cachedPerMillionUsd: 0.4,
  writtenPerMillionUsd: 5,
  hourlyPerMillionUsd: 8,
  outputPerMillionUsd: 20,
  source: 'a list',
}

function priceIn(price: string, listed?: Price): Price | undefined {
  const like = listed ? 'like: some/model,' : ''
  return read(`model: { ${like} ${price} perToken: 1ms }`, { price: () => listed }).models[0]!.price
}

// Of a million tokens each: not cached, from the cache, kept for five minutes and for an hour, and output.
test.each([
  ['the list alone', '', list, [4, 0.4, 5, 8, 20]],
  ['a unit alone', 'price: { unit: $200 },', list, [4, 0.4, 5, 8, 20]],
  [
    'all of it',
    'price: { input: $3, cached: $0.3, written: $3.75, writtenHour: $6, output: $15 },',
    undefined,
    [3, 0.3, 3.75, 6, 15],
  ],
  ['no hour', 'price: { input: $3, written: $3.75, output: $15 },', undefined, [3, 3, 3.75, 3.75, 15]],
  ['nothing of the cache', 'price: { input: $3, output: $15 },', undefined, [3, 3, 3, 3, 15]],
  ['another output', 'price: { output: $15 },', list, [4, 0.4, 5, 8, 15]],
  ['another hour', 'price: { writtenHour: $7 },', list, [4, 0.4, 5, 7, 20]],
  ['another input, whose cache the list does not know', 'price: { input: $3 },', list, [3, 3, 3, 3, 20]],
])('the price of tokens where a file says %s', (_, price, listed, dollars) => {
  const parts = [
    { inputTokens: 1e6 },
    { inputTokens: 1e6, cachedTokens: 1e6 },
    { inputTokens: 1e6, writtenTokens: 1e6 },
    { inputTokens: 1e6, writtenTokens: 1e6, hourlyTokens: 1e6 },
    { inputTokens: 0, outputTokens: 1e6 },
  ]
  const usd = parts.map((part) =>
    usageUsd(priceIn(price, listed)!, { cachedTokens: 0, outputTokens: 0, ...part }),
  )
  expect(usd).toEqual(dollars)
})
