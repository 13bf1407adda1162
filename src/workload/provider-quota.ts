import type { QuotaSection } from './quota-schema.ts'
import {
  filledNumbers,
  type QuotaKey,
  type QuotaModel,
  type QuotaNumbers,
  type QuotaPreset,
  type QuotaPresetName,
  quotaPresets,
} from './quota-presets.ts'
import { perMinuteOf, type QuotaTerm, termName } from './quota-terms.ts'
import { bucket, term, tokens, where, whole } from './quotas/terms.ts'
import type { ModelQuota, ProviderQuota } from './workload.ts'

/** The limits that a file writes, or those of the preset that it names with what it overrides. */
export function modelQuotaOf(section: QuotaSection, model: QuotaModel): ModelQuota {
  const { like, ...written } = section
  if (like !== undefined) return providerQuota(like, written, model)
  return { requestsPerMinute: section.rpm ?? Infinity, tokensPerMinute: section.tpm ?? Infinity }
}

function providerQuota(like: QuotaPresetName, written: QuotaNumbers, model: QuotaModel): ProviderQuota {
  const preset: QuotaPreset = quotaPresets[like]
  const { numbers } = filledNumbers(like, written, model)
  const terms = preset.terms(numbers, model)
  const least = (isIt: (term: QuotaTerm) => boolean): number =>
    Math.min(...terms.filter(isIt).map(perMinuteOf))
  return {
    like,
    written,
    forModel: model,
    numbers,
    requestsPerMinute: least(({ of }) => of === 'requests'),
    tokensPerMinute: least(({ of }) => of !== 'requests'),
    terms,
    overLimit: numbers.overLimit ?? 'reject',
    source: preset.source,
  }
}

/** The same quota as if the file had written other numbers. */
export function requoted(quota: ModelQuota, change: QuotaNumbers): ModelQuota {
  if ('terms' in quota) return providerQuota(quota.like, { ...quota.written, ...change }, quota.forModel)
  return {
    requestsPerMinute: change.rpm ?? quota.requestsPerMinute,
    tokensPerMinute: change.tpm ?? quota.tokensPerMinute,
  }
}

/** The fields under `quota`, with what a preset fills in. */
export function quotaNumbers(quota: ModelQuota): QuotaNumbers {
  return 'terms' in quota ? quota.numbers : { rpm: quota.requestsPerMinute, tpm: quota.tokensPerMinute }
}

/** Numbers that raise a quota, and what they count. */
const limitUnits = {
  rpm: 'requests/min',
  tpm: 'tokens/min',
  itpm: 'input tokens/min',
  otpm: 'output tokens/min',
  rph: 'requests/h',
  rpd: 'requests/day',
  tpd: 'tokens/day',
  ptu: 'PTU',
  gsu: 'GSU',
  slots: 'slots',
} as const satisfies Partial<Record<QuotaKey, string>>

/** Each number that limits, by its field under `quota`. */
export function quotaLimits(
  quota: ModelQuota,
): readonly { readonly key: keyof typeof limitUnits; readonly amount: number; readonly unit: string }[] {
  const numbers = quotaNumbers(quota)
  return (Object.keys(limitUnits) as (keyof typeof limitUnits)[]).flatMap((key) => {
    const amount = numbers[key]
    return amount === undefined || amount === Infinity ? [] : [{ key, amount, unit: limitUnits[key] }]
  })
}

/** Output tokens that are held back for a call that does not say max_tokens; 0 where that costs nothing. */
export function reservedUnsaid(quota: ModelQuota): number {
  return termsOf(quota).reduce((most, { tokens }) => {
    const isHeld = tokens?.outputBasis === 'maxTokens' && tokens.reserve.output > 0
    return isHeld ? Math.max(most, tokens.expectedTokens) : most
  }, 0)
}

/** Whether input from the cache counts less than other input at some limit. */
export function favoursCache(quota: ModelQuota): boolean {
  return termsOf(quota).some(({ tokens }) => {
    const weights = tokens?.settle ?? tokens?.reserve
    return weights !== undefined && weights.cached < weights.input
  })
}

/** The quota without the limits of this name. */
export function quotaWithout(quota: ModelQuota, name: string): ModelQuota {
  if ('terms' in quota) return { ...quota, terms: quota.terms.filter((term) => termName(term) !== name) }
  return { ...quota, [name === 'requests' ? 'requestsPerMinute' : 'tokensPerMinute']: Infinity }
}

/** A quota as its limits; plain ones are buckets of a minute. */
export function termsOf(quota: ModelQuota): readonly QuotaTerm[] {
  if ('terms' in quota) return quota.terms
  const limited = (perMinute: number): number | undefined => (perMinute < Infinity ? perMinute : undefined)
  return [
    ...where(limited(quota.requestsPerMinute), (rpm) => term('requests', bucket(rpm))),
    ...where(limited(quota.tokensPerMinute), (tpm) =>
      term('tokens', bucket(tpm), { tokens: tokens(whole, { settle: whole }) }),
    ),
  ]
}
