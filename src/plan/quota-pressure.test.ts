import { describe, expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import { termsOf } from '../workload/provider-quota.ts'
import type { Model, Workload } from '../workload/workload.ts'
import { lifted } from './lift.ts'
import { chargesOf, quotaRefusal, retryAfterMs } from './quota-pressure.ts'
import { changesOf } from './levers/levers.ts'

const workloadWith = (quota: string, more = ''): Workload =>
  parseWorkload(`model: { like: openai/gpt-5.2, output: 20, ${more} quota: { ${quota} } }`).workload!
const modelWith = (quota: string, more?: string): Model => workloadWith(quota, more).models[0]!

/** A turn of two calls of 200 + 20 tokens, half of the input cached. */
const demand = {
  calls: 2,
  inputTokens: 400,
  cachedTokens: 200,
  outputTokens: 40,
  reservedTokens: 0,
  settledTokens: 0,
}
const load = (triesPerMinute: number, inFlight = 0) => ({ triesPerMinute, inFlight, callMs: 2000 })

test.each([
  ['plain', 'tpm: 10k', '', 200, 220],
  ['plain, max_tokens said', 'tpm: 10k', 'maxTokens: 100,', 300, 220],
  ['PTU: cached free, output eightfold', 'like: azure-ptu, ptu: 1', 'maxTokens: 100,', 900, 260],
  ['Bedrock: what it might be, then what it was', 'like: bedrock, tpm: 10k', '', 64_200, 120],
  ['OpenAI: the larger, and it stays', 'like: openai, tpm: 10k', 'maxTokens: 100,', 200, 200],
  ['Azure standard: an estimate that stays', 'like: azure-standard, tpm: 10k', 'maxTokens: 100,', 300, 300],
])('a mean call is charged: %s', (_, quota, more, reserved, settled) => {
  const model = modelWith(quota, more)
  expect(chargesOf(termsOf(model.quota!)[0]!, model, demand)).toEqual({ reserved, settled })
})

describe('refused', () => {
  test('half of twice what the limit carries, whatever the weights', () => {
    // 3,400 a minute carry 13.08 calls of 260.
    expect(quotaRefusal(modelWith('like: azure-ptu, ptu: 1'), demand, load(26.15))).toBeCloseTo(0.5, 1)
    expect(quotaRefusal(modelWith('like: openai, tpm: 10k'), demand, load(100))).toBeCloseTo(0.5, 2)
  })

  test('short windows refuse before they are full on average, a minute’s bucket does not', () => {
    const seconds = modelWith('like: azure-standard, tpm: 100M, rpm: 600, window: 1s')
    const minute = modelWith('rpm: 600')
    // Ten a second at nine on average: E[(N − 10)⁺] ÷ 9 of the Poisson distribution.
    expect(quotaRefusal(seconds, demand, load(540))).toBeCloseTo(0.0859, 4)
    expect(quotaRefusal(minute, demand, load(540))).toBeLessThan(1e-6)
  })

  test('nothing where calls spill over', () => {
    const vertex = 'like: vertex-gsu, gsu: 1, perUnit: 100, outputWeight: 1'
    expect(quotaRefusal(modelWith(vertex), demand, load(1000))).toBe(0)
    expect(quotaRefusal(modelWith(`${vertex}, overLimit: reject`), demand, load(1000))).toBeGreaterThan(0.9)
  })

  test('a gateway by Erlang’s loss formula', () => {
    // 60 calls a minute of 2 s are 2 erlangs on 3 places.
    expect(quotaRefusal(modelWith('like: vllm, slots: 2, queue: 1'), demand, load(60))).toBeCloseTo(4 / 19, 9)
  })
})

test('the limit that refuses first says the wait', () => {
  const standard = (rpm: number) => modelWith(`like: azure-standard, tpm: 220k, rpm: ${rpm}, window: 1s`)
  expect([retryAfterMs(standard(900), demand), retryAfterMs(standard(60_000), demand)]).toEqual([500, 30_000])
  expect(retryAfterMs(modelWith('rpm: 60, tpm: 6k'), demand)).toBe(2000)
})

test('more of a quota is said in the provider’s units, and is more', () => {
  const workload = workloadWith('like: azure-ptu, ptu: 15')
  const change = changesOf(workload).find(({ change }) => change.field === 'model.quota.ptu')!
  expect(change.text).toBe('raise the quota to 30 PTU')
  expect(change.workload.models[0]!.quota!.tokensPerMinute).toBe(30 * 3400)
})

test('what max_tokens and the cache cost at this provider', () => {
  const texts = (quota: string, more?: string): string =>
    changesOf(workloadWith(quota, more))
      .map(({ text }) => text)
      .join('\n')
  const say = 'say max_tokens 20, since the quota reserves 64k where it is unsaid'
  expect(texts('like: bedrock, tpm: 2M')).toContain(say)
  expect(texts('like: bedrock, tpm: 2M', 'maxTokens: 30,')).not.toContain('say max_tokens')
  expect(texts('like: anthropic-start')).not.toContain('say max_tokens')
  expect(texts('like: anthropic-start')).toContain('serve 30 % of the input from the prompt cache')
  expect(texts('like: openai, tpm: 2M')).not.toContain('cache')
})

test('a limit is lifted by its name', () => {
  const workload = workloadWith('like: anthropic-start')
  const without = lifted(workload, { name: 'model quota, input tokens', unit: 'input tokens/min' })
  expect(termsOf(without.models[0]!.quota!).map(({ of }) => of)).toEqual(['requests', 'output-tokens'])
})
