import type { QuotaTerm } from '../quota-terms.ts'
import type { ProvisionedUnit } from '../quota-units.ts'

/** What a file may say of a quota that is like a provider's. Rates are a minute's, durations milliseconds. */
export interface QuotaNumbers {
  readonly rpm?: number | undefined
  readonly tpm?: number | undefined
  readonly itpm?: number | undefined
  readonly otpm?: number | undefined
  readonly rph?: number | undefined
  readonly rpd?: number | undefined
  readonly tpd?: number | undefined
  readonly ptu?: number | undefined
  readonly gsu?: number | undefined
  readonly perUnit?: number | undefined
  readonly outputWeight?: number | undefined
  readonly cachedWeight?: number | undefined
  readonly expectedOutput?: number | undefined
  readonly depth?: number | undefined
  readonly window?: number | undefined
  readonly windows?: 'aligned' | 'sliding' | undefined
  readonly overLimit?: 'reject' | 'spill' | undefined
  readonly slots?: number | undefined
  readonly queue?: number | undefined
  readonly kvTokens?: number | undefined
  readonly retryAfter?: number | undefined
}

export type QuotaKey = keyof QuotaNumbers

/** What a preset may look up. */
export interface QuotaModel {
  readonly id: string
  /** Mean output tokens of a call: what a provider that estimates is taken to expect. */
  readonly outputTokens: number
}

/** A provider's way of limiting. Numbers that a provider does not publish for everybody are the user's to give. */
export interface QuotaPreset {
  readonly source: string
  /** One key of each list must be there. */
  readonly needs: readonly (readonly QuotaKey[])[]
  readonly takes: readonly QuotaKey[]
  /** Models for which it is published what one unit carries. */
  readonly units?: Readonly<Record<string, ProvisionedUnit>>
  /** What is published. */
  published?(written: QuotaNumbers, model: QuotaModel): QuotaNumbers
  /** What is not published and had to be assumed. */
  guessed?(written: QuotaNumbers, model: QuotaModel): QuotaNumbers
  /** Of the numbers with everything filled in, and what is published of the model besides them. */
  terms(numbers: QuotaNumbers, model?: QuotaModel): readonly QuotaTerm[]
}
