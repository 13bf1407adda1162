import { describe, expect, test } from 'vitest'
import { formatProblems } from './format-problems.ts'
import { parseWorkload } from './parse-workload.ts'
import { termsOf } from './provider-quota.ts'
import { quotaPresetNames, quotaPresets } from './quota-presets.ts'
import { reservedBy, settledBy } from './quota-terms.ts'
import type { ProviderQuota, Workload } from './workload.ts'

function read(source: string): Workload {
  const { workload, problems } = parseWorkload(source)
  if (!workload) throw new Error(formatProblems(problems, 'test.yaml'))
  return workload
}

function quotaLike(quota: string, model = 'like: openai/gpt-5.2, output: 120'): ProviderQuota {
  const { quota: read1 } = read(`model: { ${model}, quota: { ${quota} } }`).models[0]!
  if (!read1 || !('terms' in read1)) throw new Error('no terms')
  return read1
}

const told = (source: string): string => formatProblems(parseWorkload(source).problems, 'f.yaml')

describe('resolved', () => {
  test('PTU: units × what one carries, output weighted, cached free', () => {
    expect(quotaLike('like: azure-ptu, ptu: 110')).toMatchObject({
      like: 'azure-ptu',
      tokensPerMinute: 374_000,
      requestsPerMinute: Infinity,
      overLimit: 'reject',
      terms: [
        {
          of: 'tokens',
          overshoot: true,
          meter: { kind: 'bucket', perMinute: 374_000, depthMs: 60_000 },
          tokens: { expectedTokens: 120, settle: { input: 1, cached: 0, output: 8 } },
        },
      ],
    })
  })

  test('what is written wins over the preset', () => {
    const quota = quotaLike(
      'like: azure-ptu, ptu: 10, perUnit: 100/s, outputWeight: 3, cachedWeight: 10%, depth: 10s, expectedOutput: 9',
    )
    expect(quota.terms[0]).toMatchObject({
      meter: { perMinute: 60_000, depthMs: 10_000 },
      tokens: { expectedTokens: 9, reserve: { input: 1, cached: 0.1, output: 3 } },
    })
  })

  test.each([
    [1, 322_800, 120_000],
    [25, 2_017_500, 30_000],
    [250, 3_362_500, 5000],
  ])('Vertex: %d GSU of gemini-2.5-flash hold %d tokens in %d ms', (gsu, limit, windowMs) => {
    const quota = quotaLike(`like: vertex-gsu, gsu: ${gsu}`, 'like: google/gemini-2.5-flash')
    expect(quota.terms[0]!.meter).toEqual({ kind: 'window', limit, windowMs })
    expect(quota.overLimit).toBe('spill')
  })

  test('Azure standard: requests come with tokens, a second at a time', () => {
    const quota = quotaLike('like: azure-standard, tpm: 100k', 'like: openai/gpt-4.1')
    expect(quota.terms.map(({ meter }) => meter)).toEqual([
      { kind: 'window', limit: 100_000, windowMs: 60_000 },
      { kind: 'window', limit: 10, windowMs: 1000 },
    ])
    expect(quota.requestsPerMinute).toBe(600)
  })

  test.each([
    ['bedrock, tpm: 2M', ['tokens', 'tokens']],
    ['bedrock-mantle, itpm: 2M, otpm: 400k', ['input-tokens', 'output-tokens']],
    ['openai, rpm: 500, tpm: 500k', ['requests', 'tokens']],
    ['anthropic-start', ['requests', 'input-tokens', 'output-tokens']],
    ['gemini, rpm: 10, itpm: 250k, rpd: 500', ['requests', 'input-tokens', 'requests']],
    ['groq, rpm: 30, rpd: 1k, tpm: 8k, tpd: 200k', ['requests', 'tokens', 'requests', 'tokens']],
    ['databricks, itpm: 200k, otpm: 20k, rph: 360k', ['input-tokens', 'output-tokens', 'requests']],
    ['vllm, queue: 100, kvTokens: 500k', ['requests', 'tokens']],
  ])('like %s', (like, units) => {
    expect(quotaLike(`like: ${like}`).terms.map(({ of }) => of)).toEqual(units)
  })

  test('every preset names a title and a date, and takes what it needs', () => {
    for (const name of quotaPresetNames) {
      const { source, needs, takes } = quotaPresets[name]
      expect(source).toMatch(/20\d\d/)
      expect(source).not.toContain('://')
      for (const keys of needs) for (const key of keys) expect(takes as readonly string[]).toContain(key)
    }
  })

  test('tells given, published and assumed numbers apart', () => {
    const { origins } = read('model: { like: openai/gpt-5.2, quota: { like: azure-ptu, ptu: 110 } }')
    const of = (key: string) => origins.get(`model.quota.${key}`)
    expect(['ptu', 'perUnit', 'outputWeight', 'depth', 'like'].map(of)).toEqual([
      'given',
      'preset',
      'preset',
      'guessed',
      undefined,
    ])
  })

  test('a model of any name is looked up among the published ones only', () => {
    const quota = quotaLike('like: azure-ptu, ptu: 10, perUnit: 1000', 'id: constructor')
    expect(quota.terms[0]!.tokens!.settle).toEqual({ input: 1, cached: 0, output: 1 })
    expect(quotaLike('like: azure-standard, tpm: 1k', 'id: constructor').requestsPerMinute).toBe(Infinity)
  })

  test('two quotas are two workloads', () => {
    const hash = (depth: string): string =>
      read(`model: { like: openai/gpt-5.2, quota: { like: azure-ptu, ptu: 110, depth: ${depth} } }`).hash
    expect(hash('10s')).not.toBe(hash('60s'))
    expect(hash('60s')).toBe(hash('1m'))
  })
})

test.each([
  [
    'model: { quota: { like: azure-ptu } }',
    'f.yaml:1:17: model.quota: azure-ptu needs ptu\n  hint: it takes ptu, perUnit, outputWeight, cachedWeight, depth, expectedOutput',
  ],
  [
    'model: { quota: { like: azure-pto, ptu: 5 } }',
    'f.yaml:1:25: model.quota.like: azure-pto is not known\n  hint: did you mean azure-ptu?',
  ],
  [
    'model: { like: openai/gpt-5.2, quota: { like: azure-ptu, ptu: 5, tpm: 3 } }',
    'f.yaml:1:66: model.quota: azure-ptu takes no tpm',
  ],
  [
    'model: { quota: { itpm: 2M } }',
    'f.yaml:1:19: model.quota: itpm needs like, the provider whose limit it is\n  hint: like: bedrock-mantle or anthropic-start or anthropic-scale or gemini',
  ],
  [
    'model: { id: my-model, quota: { like: vertex-gsu, gsu: 5 } }',
    'model.quota.perUnit: what one unit carries is not known for my-model',
  ],
  ['models: { a: { quota: { like: openai } } }', 'models.a.quota: openai needs rpm or tpm'],
  ['model: { quota: { like: vllm, slots: 4 } }', 'model.quota: vllm needs queue or kvTokens'],
  ['model: { quota: { like: bedrock, tpm: 1M, windows: 3 } }', 'is not known'],
])('%s is refused', (source, message) => {
  expect(told(source)).toContain(message)
  expect(parseWorkload(source).workload).toBeUndefined()
})

test('Vertex weighs calls of more than 200k input tokens more: 2 for input, 12 for output of gemini-2.5-pro', () => {
  const quota = (rest = '') =>
    read(`model: { id: gemini-2.5-pro, output: 100, quota: { like: vertex-gsu, gsu: 10${rest} } }`).models[0]!
      .quota!
  const charged = (inputTokens: number, rest = ''): number => {
    const asked = { inputTokens, cachedTokens: inputTokens / 2, maxTokens: 0 }
    return settledBy(termsOf(quota(rest))[0]!, asked, { ...asked, outputTokens: 100 })
  }
  expect(charged(200_000)).toBeCloseTo(100_000 + 0.1 * 100_000 + 8 * 100, 6)
  expect(charged(200_002)).toBeCloseTo(2 * 100_001 + 0.2 * 100_001 + 12 * 100, 6)
  // What is reckoned with at admission is the same.
  const asked = { inputTokens: 400_000, cachedTokens: 0, maxTokens: 0 }
  expect(reservedBy(termsOf(quota())[0]!, asked)).toBe(800_000 + 12 * 100)
  // A weight that the file writes holds for all calls.
  expect(charged(400_000, ', outputWeight: 5')).toBeCloseTo(200_000 + 0.1 * 200_000 + 5 * 100, 6)
})
