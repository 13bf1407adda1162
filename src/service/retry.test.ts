import { expect, test } from 'vitest'
import { retryDelayMs } from './retry.ts'

const retries = { attempts: 5, backoffMs: 500, honourRetryAfter: true }
const deaf = { ...retries, honourRetryAfter: false }

test.each([
  ['first backoff', retries, 0, NaN, 0, 500],
  ['doubles', retries, 2, NaN, 0, 2000],
  ['up to 8 s', { ...retries, attempts: 9 }, 8, NaN, 0, 8000],
  ['less a quarter of jitter', retries, 1, NaN, 1, 750],
  ['with no jitter', { ...retries, jitter: 0 }, 1, NaN, 1, 1000],
  ['full jitter', { ...retries, jitter: 1 }, 1, NaN, 1, 0],
  ['Retry-After, without jitter', retries, 3, 1234, 1, 1234],
  ['Retry-After of a client that does not listen', deaf, 0, 1234, 0.5, 437.5],
  ['Retry-After beyond belief', retries, 0, 61_000, 0, 500],
  ['never admissible', retries, 0, Infinity, 0, 500],
  ['tries used up', retries, 5, 1, 0, Infinity],
  ['no retries', { ...retries, attempts: 0 }, 0, NaN, 0, Infinity],
])('%s', (_, retries, attempt, retryAfterMs, uniform, expected) => {
  expect(retryDelayMs(retries, attempt, retryAfterMs, uniform)).toBe(expected)
})
