import { expect, test } from 'vitest'
import { termQuota } from '../../service/quotas/term-quota.ts'
import { modelQuotaOf, termsOf } from '../../workload/provider-quota.ts'
import type { MeterTerms } from '../../workload/quota-terms.ts'
import { quotaBurst } from './quota-burst.ts'
import { synchronisedStart } from './synchronised-start.ts'

// The formulas against the state machines that the simulator and the provider run.

const model = { id: 'gpt-4.1', outputTokens: 210 }
const tpm = 1e6

test.each([
  [{ tpm }],
  [{ like: 'azure-ptu', ptu: 1, perUnit: tpm, depth: 10_000 }],
  [{ like: 'azure-standard', tpm, rpm: 6000 }],
  [{ like: 'vertex-gsu', gsu: 4, perUnit: tpm / 4, outputWeight: 9, overLimit: 'reject' }],
  [{ like: 'bedrock', tpm }],
  [{ like: 'bedrock-mantle', itpm: tpm, otpm: tpm }],
  [{ like: 'openai', tpm }],
  [{ like: 'anthropic-start' }],
  [{ like: 'gemini', itpm: tpm }],
  [{ like: 'groq', rpm: 1500, tpm }],
  [{ like: 'databricks', itpm: tpm, otpm: 200_000 }],
  [{ like: 'vllm', queue: 44 }],
] as const)('a burst against %j is refused where the formula says, give or take one call', (section) => {
  const terms = termsOf(modelQuotaOf(section, model))
  for (const maxTokens of [0, 210, 1000]) {
    const asked = { inputTokens: 1190, cachedTokens: 190, maxTokens }
    const quota = termQuota(terms)
    quota.at(-3_600_000).reset()
    let calls = 0
    while (calls < 5000 && quota.at(calls * 20).admit(asked) === 0) calls++
    const expected = quotaBurst(terms, { callsPerSecond: 50, ...asked })
    expect(expected.absorbedMs).toBeLessThan(100_000)
    expect(Math.abs(calls - expected.calls)).toBeLessThanOrEqual(1)
  }
})

test.each([
  { kind: 'bucket', perMinute: tpm, depthMs: 60_000 },
  { kind: 'bucket', perMinute: tpm, depthMs: 10_000 },
  { kind: 'window', limit: tpm, windowMs: 60_000 },
  { kind: 'window', limit: tpm / 2, windowMs: 30_000 },
  { kind: 'sliding', limit: tpm / 12, windowMs: 5000 },
] as const)('a fleet at once against %j, each waiting as long as it is told', (meter: MeterTerms) => {
  const quota = termQuota([
    {
      of: 'tokens',
      meter,
      overshoot: false,
      countsRefused: false,
      tokens: {
        reserve: { input: 1, cached: 1, output: 1 },
        outputBasis: 'maxTokens',
        expectedTokens: 0,
        combine: 'sum',
      },
    },
  ])
  quota.at(-3_600_000).reset()
  const waits: number[] = []
  let atMs = 0
  while (waits.length < 100) {
    const waitMs = quota.at(atMs).admit({ inputTokens: 20_000, cachedTokens: 0, maxTokens: 0 })
    if (waitMs === 0) waits.push(atMs)
    else atMs += waitMs
  }
  const start = synchronisedStart(meter, { agents: 100, each: 20_000, callMs: 15_000 })
  expect(waits.filter((wait) => wait === 0)).toHaveLength(start.atOnce)
  // The machine counts a sliding window in 60 slices, and a call stays until its slice is out.
  const slack = meter.kind === 'sliding' ? 1 + 1 / 60 : 1
  expect(Math.abs(waits.at(-1)! - start.lastMs * slack)).toBeLessThan(1)
  expect(Math.abs(waits.reduce((sum, wait) => sum + wait, 0) / 100 - start.meanMs * slack)).toBeLessThan(1)
})
