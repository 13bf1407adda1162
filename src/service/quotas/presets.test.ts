import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseWorkload } from '../../workload/parse-workload.ts'
import type { Demand, Quota, Usage } from '../quota.ts'
import { quotaOf } from '../token-bucket-quota.ts'

/** The quota of a model of the file; all buckets full at instant 0, an hour after the reset. */
function quotaLike(quota: string, model = 'like: openai/gpt-5.2, output: 20', state?: Float64Array): Quota {
  const { workload } = parseWorkload(`model: { ${model}, quota: { like: ${quota} } }`)
  const built = quotaOf(workload!.models[0]!, state)!
  if (!state) built.at(-3_600_000).reset()
  return built
}

const demand = (inputTokens: number, maxTokens = 0, cachedTokens = 0): Demand => ({
  inputTokens,
  cachedTokens,
  maxTokens,
})
const usage = ({ inputTokens, cachedTokens }: Demand, outputTokens: number): Usage => ({
  inputTokens,
  cachedTokens,
  outputTokens,
})

function admittedAtOnce(quota: Quota, asked: Demand): number {
  let calls = 0
  while (calls < 10_000 && quota.at(0).admit(asked) === 0) calls++
  return calls
}

/** Share refused of calls that come evenly and end at once, over ten minutes. */
function refusedShare(quota: Quota, callsPerMinute: number, asked: Demand, outputTokens: number): number {
  let refused = 0
  const calls = callsPerMinute * 10
  for (let i = 0; i < calls; i++) {
    const atMs = (i * 60_000) / callsPerMinute
    if (quota.at(atMs).admit(asked) === 0) quota.at(atMs).settle(asked, usage(asked, outputTokens))
    else refused++
  }
  return refused / calls
}

/** Refused when ten minutes and one full bucket carry `share` of what is asked a minute. */
const shortBy = (share: number): number => 1 - (share * 11) / 10

describe('Azure PTU', () => {
  test('1,000 calls a minute of 200 + 20 tokens take 106 PTU of gpt-5.2, as the sizing has it', () => {
    const share = (ptu: number) =>
      refusedShare(quotaLike(`azure-ptu, ptu: ${ptu}`), 1000, demand(200, 20), 20)
    expect([share(110), share(106)]).toEqual([0, 0])
    expect(share(53)).toBeCloseTo(shortBy(53 / 105.88), 2)
  })

  test('half the input from the cache takes 77', () => {
    const asked = demand(200, 20, 100)
    expect(refusedShare(quotaLike('azure-ptu, ptu: 77'), 1000, asked, 20)).toBe(0)
    expect(refusedShare(quotaLike('azure-ptu, ptu: 60'), 1000, asked, 20)).toBeCloseTo(shortBy(60 / 76.47), 2)
  })

  test('a generous max_tokens counts until the call ends', () => {
    const quota = quotaLike('azure-ptu, ptu: 10')
    const asked = demand(1000, 8000)
    expect(quota.at(0).admit(asked)).toBe(0)
    expect(quota.at(0).admit(asked)).toBeCloseTo(((1000 + 8 * 8000 - 34_000) / 34_000) * 60_000)
    quota.at(0).settle(asked, usage(asked, 100))
    expect(quota.at(0).admit(asked)).toBe(0)
  })
})

describe('Azure standard', () => {
  test('600 requests a minute are 10 a second, and refused ones count', () => {
    const quota = quotaLike('azure-standard, tpm: 1M, rpm: 600')
    expect(admittedAtOnce(quota, demand(1, 1))).toBe(10)
    expect(quota.at(0).admit(demand(1, 1))).toBe(1000)
    expect(quota.at(1000).admit(demand(1, 1))).toBe(0)
  })

  test('an estimate is never corrected', () => {
    const quota = quotaLike('azure-standard, tpm: 10k')
    const asked = demand(1000, 4000)
    expect([quota.at(0).admit(asked), quota.at(0).admit(asked)]).toEqual([0, 0])
    quota.at(1000).settle(asked, usage(asked, 10))
    expect(quota.at(1000).admit(asked)).toBe(59_000)
  })
})

describe('Vertex', () => {
  const flash = 'like: google/gemini-2.5-flash, output: 100'

  test('spills what does not fit and leaves the window to those that do', () => {
    const quota = quotaLike('vertex-gsu, gsu: 1', flash)
    expect([quota.at(0).admit(demand(322_000)), quota.at(1).admit(demand(2000))]).toEqual([-1, 0])
  })

  test('refuses where told to, until the window is over', () => {
    const quota = quotaLike('vertex-gsu, gsu: 1, overLimit: reject', flash)
    expect(quota.at(30_000).admit(demand(321_900))).toBe(0)
    expect(quota.at(30_000).admit(demand(2000))).toBe(90_000)
  })

  test('a sliding window knows no boundary', () => {
    const quota = quotaLike('vertex-gsu, gsu: 1, overLimit: reject, windows: sliding', flash)
    expect(quota.at(119_000).admit(demand(300_000))).toBe(0)
    expect(quota.at(121_000).admit(demand(300_000))).toBe(119_000)
  })
})

describe('Bedrock', () => {
  test('2M tokens a minute are 31 calls in flight where max_tokens is unsaid, 1,333 at 1,000', () => {
    expect(admittedAtOnce(quotaLike('bedrock, tpm: 2M'), demand(500))).toBe(31)
    expect(admittedAtOnce(quotaLike('bedrock, tpm: 2M'), demand(500, 1000))).toBe(1333)
  })

  test('output of Claude burns five times, even past what was reserved', () => {
    const quota = quotaLike('bedrock, tpm: 60k, tpd: 10M', 'like: anthropic/claude-sonnet-5')
    const asked = demand(1000, 9000)
    expect(quota.at(0).admit(asked)).toBe(0)
    quota.at(0).settle(asked, usage(asked, 9000))
    expect(quota.at(0).status()[0]!.remaining).toBe(60_000 - 1000 - 5 * 9000)
  })

  test('mantle stops an answer that runs out of output tokens', () => {
    const quota = quotaLike('bedrock-mantle, itpm: 1M, otpm: 1000')
    expect(quota.at(0).admit(demand(10, 5000))).toBe(0)
    expect([quota.at(0).generate(900), quota.at(0).generate(101)]).toEqual([0, Infinity])
  })
})

test('OpenAI charges the larger of max_tokens and input, and never gives back', () => {
  const quota = quotaLike('openai, tpm: 10k')
  const asked = demand(1000, 5000)
  expect([quota.at(0).admit(asked), quota.at(0).admit(asked)]).toEqual([0, 0])
  quota.at(0).settle(asked, usage(asked, 1))
  expect(quota.at(0).admit(asked)).toBeCloseTo(30_000)
})

describe('Anthropic', () => {
  test('2M input tokens a minute carry 10M at 80 % cache hits, and hardly more', () => {
    const asked = demand(10_000, 64_000, 8000)
    const share = (perMinute: number) => refusedShare(quotaLike('anthropic-start'), perMinute, asked, 10)
    expect(share(1000)).toBe(0)
    expect(refusedShare(quotaLike('anthropic-start, rpm: 10k'), 1250, asked, 10)).toBeCloseTo(
      shortBy(1000 / 1250),
      2,
    )
  })

  test('60 requests a minute may be one a second', () => {
    const quota = quotaLike('anthropic-start, rpm: 60, depth: 1s')
    expect([quota.at(0).admit(demand(1)), quota.at(0).admit(demand(1))]).toEqual([0, 1000])
  })

  test('output beyond the limit goes on, and the next call waits', () => {
    const quota = quotaLike('anthropic-start')
    expect([quota.at(0).admit(demand(1)), quota.at(0).generate(600_000)]).toEqual([0, 0])
    expect(quota.at(0).admit(demand(1))).toBeCloseTo(30_000)
  })
})

test('Databricks reserves 1,000 tokens of output where max_tokens is unsaid and gives the rest back', () => {
  const quota = quotaLike('databricks, otpm: 2k')
  expect(admittedAtOnce(quota, demand(1))).toBe(2)
  quota.at(0).settle(demand(1), { ...usage(demand(1), 100), admittedAtMs: 0 })
  expect(quota.at(0).admit(demand(1, 900))).toBe(0)
})

test('Gemini counts input only; Groq has its requests a day', () => {
  expect(admittedAtOnce(quotaLike('gemini, itpm: 1k'), demand(100, 100_000))).toBe(10)
  const groq = quotaLike('groq, rpm: 30, rpd: 40, tpm: 8k')
  expect(admittedAtOnce(groq, demand(1))).toBe(30)
  expect([admittedAtOnce(groq, demand(1)), groq.at(60_000).admit(demand(1))]).toEqual([0, 0])
})

test('vLLM behind a gateway holds slots and queue, and tokens in flight', () => {
  expect(admittedAtOnce(quotaLike('vllm, slots: 4, queue: 3'), demand(100))).toBe(7)
  expect(admittedAtOnce(quotaLike('vllm, kvTokens: 1k'), demand(105))).toBe(8)
})

const calls = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.nat(200), fc.nat(20_000)),
    inputTokens: fc.integer({ min: 1, max: 3000 }),
    maxTokens: fc.nat(1500),
  }),
  { maxLength: 60 },
)

test.each([
  'azure-ptu, ptu: 1',
  'azure-standard, tpm: 5k, rpm: 60',
  'vertex-gsu, gsu: 1, perUnit: 90/s, outputWeight: 9, overLimit: reject',
  'vertex-gsu, gsu: 60, perUnit: 15/s, outputWeight: 9, windows: sliding, overLimit: reject',
  'bedrock, tpm: 5k',
  'bedrock-mantle, itpm: 5k, otpm: 200',
  'openai, rpm: 20, tpm: 5k, rpd: 25',
  'anthropic-start, rpm: 20, itpm: 5k, otpm: 200, depth: 10s',
  'gemini, rpm: 20, itpm: 5k',
  'groq, rpm: 20, tpm: 5k, otpm: 2k',
  'databricks, itpm: 5k, otpm: 2k, rph: 30',
])('%s: who waits as long as told is admitted if nobody else came', (like) => {
  const length = quotaLike(like).stateLength
  fc.assert(
    fc.property(calls, (calls) => {
      const state = new Float64Array(length)
      const quota = quotaLike(like, undefined, state)
      let atMs = 0
      for (const { afterMs, inputTokens, maxTokens } of calls) {
        atMs += afterMs
        const asked = demand(inputTokens, maxTokens)
        const waitMs = quota.at(atMs).admit(asked)
        if (waitMs === 0) {
          quota.at(atMs).generate(30)
          quota.at(atMs).settle(asked, { ...usage(asked, 40), generatedTokens: 30 })
        } else if (waitMs < Infinity) {
          const alone = quotaLike(like, undefined, Float64Array.from(state))
          expect(alone.at(atMs + waitMs).admit(asked)).toBe(0)
        }
      }
    }),
    { numRuns: 20 },
  )
})
