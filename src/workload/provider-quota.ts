import type { QuotaSection } from './quota-schema.ts'
import {
  filledNumbers,
  type QuotaModel,
  type QuotaPreset,
  type QuotaPresetName,
  quotaPresets,
} from './quota-presets.ts'
import { perMinuteOf, type QuotaTerm } from './quota-terms.ts'
import type { ModelQuota, QuotaLimits } from './workload.ts'

/** The limits that a file writes, or those of the preset that it names with what it overrides. */
export function modelQuotaOf(section: QuotaSection, model: QuotaModel): ModelQuota {
  const { like, ...written } = section
  if (like === undefined)
    return { requestsPerMinute: section.rpm ?? Infinity, tokensPerMinute: section.tpm ?? Infinity }
  const preset: QuotaPreset = quotaPresets[like]
  const { numbers } = filledNumbers(like, written, model)
  const terms = preset.terms(numbers)
  const least = (isIt: (term: QuotaTerm) => boolean): number =>
    Math.min(...terms.filter(isIt).map(perMinuteOf))
  return {
    like: like satisfies QuotaPresetName,
    requestsPerMinute: least(({ of }) => of === 'requests'),
    tokensPerMinute: least(({ of }) => of !== 'requests'),
    terms,
    overLimit: numbers.overLimit ?? 'reject',
    source: preset.source,
  }
}

/** A quota as its limits; plain ones are buckets of a minute. */
export function termsOf(quota: QuotaLimits | ModelQuota): readonly QuotaTerm[] {
  if ('terms' in quota) return quota.terms
  const weights = { input: 1, cached: 1, output: 1 }
  const bucket = (of: QuotaTerm['of'], perMinute: number): QuotaTerm[] =>
    perMinute === Infinity
      ? []
      : [
          {
            of,
            meter: { kind: 'bucket', perMinute, depthMs: 60_000 },
            overshoot: false,
            countsRefused: false,
            ...(of === 'requests'
              ? {}
              : {
                  tokens: {
                    reserve: weights,
                    outputBasis: 'maxTokens',
                    expectedTokens: 0,
                    combine: 'sum',
                    settle: weights,
                  },
                }),
          },
        ]
  return [...bucket('requests', quota.requestsPerMinute), ...bucket('tokens', quota.tokensPerMinute)]
}
