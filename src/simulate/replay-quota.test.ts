import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { quotaOf } from '../service/token-bucket-quota.ts'
import type { Quota } from '../service/quota.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { replayQuota } from './replay-quota.ts'

const quotaLike = (quota: string, model = 'output: 100'): Quota =>
  quotaOf(parseWorkload(`model: { ${model}, quota: { ${quota} } }`).workload!.models[0]!)!

const every = (calls: number, everyMs: number, inputTokens: number, outputTokens: number) => ({
  atMs: Float64Array.from({ length: calls }, (_, i) => i * everyMs),
  inputTokens: new Float64Array(calls).fill(inputTokens),
  outputTokens: new Float64Array(calls).fill(outputTokens),
})
const options = { maxTokens: 0, cachedShare: 0, ttftMs: 100, perTokenMs: 10 }

test.each([
  ['what fits is admitted', 'tpm: 6k', 60, 0],
  ['a minute of burst, then the rate', 'tpm: 3k', 60, 0],
  ['half the rate after the burst', 'tpm: 3k', 240, 90],
])('%s', (_, quota, calls, refused) => {
  // 100 tokens a second: 6,000 a minute.
  expect(replayQuota(quotaLike(quota), every(calls, 1000, 90, 10), options).refused).toBeCloseTo(refused, -1)
})

test('max_tokens is held until the call has ended', () => {
  const calls = every(20, 100, 10, 90)
  const held = replayQuota(quotaLike('tpm: 6k'), calls, { ...options, maxTokens: 990 })
  const quick = { ...options, maxTokens: 990, ttftMs: 0, perTokenMs: 0 }
  expect([held.refused > 5, replayQuota(quotaLike('tpm: 6k'), calls, quick).refused]).toEqual([true, 0])
})

test('spilled calls are not refused', () => {
  const vertex = 'like: vertex-gsu, gsu: 1, perUnit: 500, outputWeight: 1'
  const calls = every(60, 1000, 90, 10)
  const spilled = replayQuota(quotaLike(vertex), calls, options)
  const refused = replayQuota(quotaLike(`${vertex}, overLimit: reject`), calls, options)
  expect(spilled).toEqual({ ...refused, refused: 0, spilled: refused.refused })
  expect(refused.refused).toBeGreaterThan(40)
})

test('answers are stopped where output runs out', () => {
  const mantle = quotaLike('like: bedrock-mantle, itpm: 100M, otpm: 600')
  const { stopped } = replayQuota(mantle, every(10, 10, 1, 100), { ...options, maxTokens: 100 })
  expect(stopped).toBeGreaterThan(3)
})

test('each call is counted once', () => {
  const calls = fc.array(
    fc.record({ afterMs: fc.nat(2000), input: fc.integer({ min: 1, max: 500 }), output: fc.nat(300) }),
    { maxLength: 40 },
  )
  const like = fc.constantFrom(
    'like: bedrock-mantle, itpm: 20k, otpm: 1k',
    'like: vertex-gsu, gsu: 1, perUnit: 2k, outputWeight: 3',
    'like: vllm, slots: 2, queue: 1',
    'rpm: 10, tpm: 2k',
  )
  fc.assert(
    fc.property(calls, like, (calls, like) => {
      let atMs = 0
      const quota = quotaLike(like)
      const { refused, spilled, stopped } = replayQuota(
        quota,
        {
          atMs: Float64Array.from(calls, ({ afterMs }) => (atMs += afterMs)),
          inputTokens: Float64Array.from(calls, ({ input }) => input),
          outputTokens: Float64Array.from(calls, ({ output }) => output),
        },
        options,
      )
      expect(refused + spilled + stopped).toBeLessThanOrEqual(calls.length)
      if (like.includes('vllm')) expect(quota.at(atMs).level()).toBe(0)
    }),
  )
})
