import { dayMs } from '../units.ts'
import type { QuotaPreset } from './quota-preset.ts'
import { bucket, liveOutput, minuteBucket, term, tokens, where, whole, window } from './terms.ts'

/** Max_tokens unsaid is the model's maximum, taken to be 64,000; what is used may come to more than was reserved. */
export const bedrock: QuotaPreset = {
  source:
    'Amazon Bedrock, Quotas for the runtime, and How tokens are counted, 2026; no requests a minute since 27 May',
  needs: [['tpm']],
  takes: ['tpm', 'tpd', 'outputWeight', 'depth', 'expectedOutput'],
  published: ({ tpm }, { id }) => ({
    outputWeight: id.includes('claude') ? 5 : 1,
    expectedOutput: 64_000,
    ...(tpm === undefined ? {} : { tpd: tpm * 1440 }),
  }),
  guessed: minuteBucket,
  terms: ({ tpm, tpd, outputWeight, depth, expectedOutput }) => {
    const rules = tokens(whole, {
      expectedTokens: expectedOutput!,
      settle: { input: 1, cached: 0, output: outputWeight! },
    })
    return [
      term('tokens', bucket(tpm!, depth), { tokens: rules }),
      ...where(tpd, (tpd) => term('tokens', window(tpd, dayMs), { tokens: rules })),
    ]
  },
}

/** Input is checked together with max_tokens and the unused part given back; out of output tokens, answers stop midway. */
export const bedrockMantle: QuotaPreset = {
  source: 'Amazon Bedrock, Quotas for the mantle endpoint, 2026',
  needs: [['itpm'], ['otpm']],
  takes: ['itpm', 'otpm', 'depth', 'expectedOutput'],
  published: () => ({ expectedOutput: 64_000 }),
  guessed: minuteBucket,
  terms: ({ itpm, otpm, depth, expectedOutput }) => [
    term('input-tokens', bucket(itpm!, depth), {
      tokens: tokens(
        { input: 1, cached: 0, output: 1 },
        { expectedTokens: expectedOutput!, settle: { input: 1, cached: 0, output: 1 } },
      ),
    }),
    liveOutput(otpm!, 'stop', depth),
  ],
}
