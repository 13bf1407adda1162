import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Demand } from './quota.ts'
import { tokenBucketQuota } from './token-bucket-quota.ts'

const demand = (inputTokens: number, maxTokens = 0): Demand => ({ inputTokens, cachedTokens: 0, maxTokens })

test('starts empty and fills continuously', () => {
  const quota = tokenBucketQuota({ requestsPerMinute: 60, tokensPerMinute: Infinity })
  quota.at(5000).reset()
  expect(quota.at(5000).admit(demand(1))).toBe(1000)
  expect(quota.at(5400).admit(demand(1))).toBeCloseTo(600)
  expect(quota.at(6000).admit(demand(1))).toBe(0)
  expect(quota.at(6000).admit(demand(1))).toBeCloseTo(1000)
})

test('asks for both buckets and answers the longer wait; a rejected call costs nothing', () => {
  const quota = tokenBucketQuota({ requestsPerMinute: 60, tokensPerMinute: 6000 })
  expect(quota.at(10_000).admit(demand(500, 1500))).toBeCloseTo(10_000)
  expect(quota.at(10_000).admit(demand(500, 500))).toBe(0)
  expect(quota.at(10_000).admit(demand(100, 0))).toBeCloseTo(1000)
})

test('holds one minute’s worth and no more', () => {
  const quota = tokenBucketQuota({ requestsPerMinute: Infinity, tokensPerMinute: 600 })
  expect(quota.at(1e9).admit(demand(600))).toBe(0)
  expect(quota.at(1e9).admit(demand(1))).toBeCloseTo(100)
})

test('settles what was reserved to what was used, both ways', () => {
  const quota = tokenBucketQuota({ requestsPerMinute: Infinity, tokensPerMinute: 6000 })
  const usage = (outputTokens: number) => ({ inputTokens: 100, cachedTokens: 0, outputTokens })
  expect(quota.at(60_000).admit(demand(100, 5900))).toBe(0)
  quota.at(60_000).settle(demand(100, 5900), usage(50))
  expect(quota.at(60_000).admit(demand(5850))).toBe(0)
  quota.at(60_000).settle(demand(100), usage(200))
  expect(quota.at(60_000).admit(demand(1))).toBeCloseTo(2010)
})

test('a call larger than the whole bucket is never admitted', () => {
  const quota = tokenBucketQuota({ requestsPerMinute: Infinity, tokensPerMinute: 1000 })
  expect(quota.at(120_000).admit(demand(900, 101))).toBe(Infinity)
})

test('tells what is left and when it is whole again', () => {
  const quota = tokenBucketQuota({ requestsPerMinute: 60, tokensPerMinute: 6000 })
  quota.at(60_000).admit(demand(1500))
  expect(quota.at(60_000).status()).toEqual([
    { of: 'requests', limit: 60, remaining: 59, resetMs: 1000 },
    { of: 'tokens', limit: 6000, remaining: 4500, resetMs: 15_000 },
  ])
  expect(quota.at(60_000).level()).toBeCloseTo(0.25)
})

test('two quotas over one state are one quota', () => {
  const limits = { requestsPerMinute: 60, tokensPerMinute: Infinity }
  const state = new Float64Array(3)
  const [one, other] = [tokenBucketQuota(limits, state), tokenBucketQuota(limits, state)]
  expect(one.at(1000).admit(demand(1))).toBe(0)
  expect(other.at(1000).admit(demand(1))).toBeCloseTo(1000)
})

const calls = fc.array(fc.record({ afterMs: fc.nat(20_000), tokens: fc.integer({ min: 1, max: 900 }) }), {
  maxLength: 60,
})

test('never admits more than one minute’s worth plus the refill, in any interval', () => {
  fc.assert(
    fc.property(
      calls,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 900, max: 3000 }),
      (calls, rpm, tpm) => {
        const quota = tokenBucketQuota({ requestsPerMinute: rpm, tokensPerMinute: tpm })
        const admitted: { atMs: number; tokens: number }[] = []
        let atMs = 0
        for (const { afterMs, tokens } of calls) {
          atMs += afterMs
          if (quota.at(atMs).admit(demand(tokens)) === 0) admitted.push({ atMs, tokens })
        }
        for (let from = 0; from < admitted.length; from++) {
          let sum = 0
          for (let to = from; to < admitted.length; to++) {
            sum += admitted[to]!.tokens
            const minutes = (admitted[to]!.atMs - admitted[from]!.atMs) / 60_000
            expect(to - from + 1).toBeLessThanOrEqual(rpm * (1 + minutes) + 1e-6)
            expect(sum).toBeLessThanOrEqual(tpm * (1 + minutes) + 1e-4)
          }
        }
      },
    ),
  )
})

test('who waits exactly as long as told is admitted, and not a moment earlier', () => {
  fc.assert(
    fc.property(calls, (calls) => {
      const quota = tokenBucketQuota({ requestsPerMinute: 17, tokensPerMinute: 1000 })
      let atMs = 0
      for (const { afterMs, tokens } of calls) {
        atMs += afterMs
        const waitMs = quota.at(atMs).admit(demand(tokens))
        if (waitMs === 0) continue
        expect(quota.at(atMs + waitMs * 0.999 - 0.001).admit(demand(tokens))).toBeGreaterThan(0)
        expect(quota.at((atMs += waitMs)).admit(demand(tokens))).toBe(0)
      }
    }),
  )
})
