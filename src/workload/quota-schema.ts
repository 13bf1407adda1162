import { z } from 'zod'
import type { fields } from './fields.ts'
import { quotaPresetNames } from './quota-presets.ts'

/** The limits of a model's provider: plain `rpm` and `tpm`, or like a provider's own. */
export function quotaSchema(f: ReturnType<typeof fields>) {
  return z
    .strictObject({
      like: z
        .enum(quotaPresetNames)
        .optional()
        .describe('How the provider counts, a dated preset; without it rpm and tpm are buckets of a minute.'),
      rpm: f.perMinute.optional().describe('Requests a minute.'),
      tpm: f.perMinute.optional().describe('Tokens a minute.'),
      itpm: f.perMinute.optional().describe('Input tokens a minute.'),
      otpm: f.perMinute.optional().describe('Output tokens a minute.'),
      rph: f.above0.optional().describe('Requests an hour.'),
      rpd: f.above0.optional().describe('Requests a day.'),
      tpd: f.above0.optional().describe('Tokens a day.'),
      ptu: f.above0.optional().describe('Azure: provisioned throughput units.'),
      gsu: f.above0.optional().describe('Vertex: generative AI scale units.'),
      perUnit: f.perMinute
        .optional()
        .describe('Input tokens a minute that one unit carries; known for many models.'),
      outputWeight: f.above0.optional().describe('Input tokens that one output token counts for.'),
      cachedWeight: f.share.optional().describe('What a cached input token counts, of one that is not.'),
      expectedOutput: f.whole0
        .optional()
        .describe('Output tokens that the provider reckons with where requests do not say max_tokens.'),
      depth: f.durationAbove0
        .optional()
        .describe('How much a bucket holds, as the time in which it fills; 60s where not published.'),
      window: f.durationAbove0.optional().describe('How long the provider counts before it starts again.'),
      windows: z
        .enum(['aligned', 'sliding'])
        .optional()
        .describe('Vertex: one window after the other, or any stretch of its length.'),
      overLimit: z
        .enum(['reject', 'spill'])
        .optional()
        .describe('Vertex: a 429, or served outside the quota as pay-as-you-go.'),
      slots: f.whole1.optional().describe('vLLM: calls that run at once.'),
      queue: f.whole0.optional().describe('vLLM: calls that may wait; more are refused.'),
      kvTokens: f.whole1.optional().describe('vLLM: tokens of all calls in flight.'),
      retryAfter: f.durationAbove0.optional().describe('vLLM: what a refusal says.'),
    })
    .describe('Limits of the provider; no limit where not written.')
}

export type QuotaSection = z.output<ReturnType<typeof quotaSchema>>
