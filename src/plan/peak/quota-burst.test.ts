import { expect, test } from 'vitest'
import { modelQuotaOf, termsOf } from '../../workload/provider-quota.ts'
import type { QuotaTerm } from '../../workload/quota-terms.ts'
import { type CallBurst, quotaBurst } from './quota-burst.ts'

// 50 calls a second of 1,190 + 210 tokens: 70k tokens a second.
const burst: CallBurst = { callsPerSecond: 50, inputTokens: 1190, cachedTokens: 0, maxTokens: 210 }

const model = { id: 'gemini-2.5-flash', outputTokens: 210 }

const tpm = 161_400

test.each([
  // One GSU of 2,690 tokens a second counts over 120 s; the plain form holds a minute of it and fills meanwhile.
  ['Vertex, 120 s', { like: 'vertex-gsu', gsu: 1, outputWeight: 1 }, 322_800 / 70, 'tokens'],
  [
    'the same, output weighs nine',
    { like: 'vertex-gsu', gsu: 1 },
    322_800 / ((50 * (1190 + 9 * 210)) / 1000),
    'tokens',
  ],
  ['Vertex, 25 units, 30 s', { like: 'vertex-gsu', gsu: 25, outputWeight: 1 }, 2_017_500 / 70, 'tokens'],
  ['plain', { tpm }, 161_400 / (70 - 2.69), 'tokens'],
  ['Azure standard', { like: 'azure-standard', tpm }, 161_400 / 70, 'tokens'],
  [
    'Azure PTU of 10 s',
    { like: 'azure-ptu', ptu: 1, perUnit: tpm, outputWeight: 1, depth: 10_000 },
    26_900 / (70 - 2.69),
    'tokens',
  ],
  ['OpenAI counts the larger', { like: 'openai', tpm }, 161_400 / (59.5 - 2.69), 'tokens'],
  ['Anthropic', { like: 'anthropic-start' }, 1000 / (0.05 - 1 / 60), 'requests'],
  ['Databricks', { like: 'databricks', itpm: tpm, otpm: 21_000 }, 2000, 'output tokens'],
  ['vLLM behind a gateway', { like: 'vllm', queue: 44 }, 6000, 'requests in flight'],
] as const)('70k tokens a second: %s', (_, section, absorbedMs, binding) => {
  const absorbed = quotaBurst(termsOf(modelQuotaOf(section, model)), burst)
  expect(absorbed.absorbedMs).toBeCloseTo(absorbedMs, 6)
  expect(absorbed.calls).toBe(Math.floor(absorbedMs / 20 + 1e-9))
  expect(absorbed.binding).toBe(binding)
})

test('2,690 tokens a second fit one GSU for ever', () => {
  const slow: CallBurst = { callsPerSecond: 2.69, inputTokens: 900, cachedTokens: 0, maxTokens: 0 }
  const [term] = termsOf(
    modelQuotaOf({ like: 'vertex-gsu', gsu: 1, outputWeight: 1 }, { ...model, outputTokens: 100 }),
  )
  expect(quotaBurst([term!], slow)).toEqual({ absorbedMs: Infinity, calls: Infinity })
})

test('what charges nothing at admission absorbs all, and no limits do', () => {
  const live: QuotaTerm = {
    of: 'output-tokens',
    meter: { kind: 'bucket', perMinute: 1, depthMs: 1 },
    overshoot: true,
    countsRefused: false,
    tokens: {
      reserve: { input: 0, cached: 0, output: 0 },
      outputBasis: 'maxTokens',
      expectedTokens: 0,
      combine: 'sum',
    },
  }
  expect(quotaBurst([live], burst).absorbedMs).toBe(Infinity)
  expect(quotaBurst([], burst).absorbedMs).toBe(Infinity)
})
