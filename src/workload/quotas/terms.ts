import type { MeterTerms, QuotaTerm, QuotaUnit, TokenTerms, TokenWeights } from '../quota-terms.ts'
import type { ProvisionedUnit } from '../quota-units.ts'
import type { QuotaNumbers } from './quota-preset.ts'

// What presets are written with.

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

export const whole: TokenWeights = { input: 1, cached: 1, output: 1 }
export const input: TokenWeights = { input: 1, cached: 1, output: 0 }
export const freshInput: TokenWeights = { input: 1, cached: 0, output: 0 }
export const output: TokenWeights = { input: 0, cached: 0, output: 1 }
export const nothing: TokenWeights = { input: 0, cached: 0, output: 0 }

export const bucket = (perMinute: number, depthMs = minuteMs): MeterTerms => ({
  kind: 'bucket',
  perMinute,
  depthMs,
})
export const window = (limit: number, windowMs: number): MeterTerms => ({ kind: 'window', limit, windowMs })
export const sliding = (limit: number, windowMs: number): MeterTerms => ({ kind: 'sliding', limit, windowMs })

export const term = (of: QuotaUnit, meter: MeterTerms, others: Partial<QuotaTerm> = {}): QuotaTerm => ({
  of,
  meter,
  overshoot: false,
  countsRefused: false,
  ...others,
})

export const tokens = (reserve: TokenWeights, others: Partial<TokenTerms> = {}): TokenTerms => ({
  reserve,
  outputBasis: 'maxTokens',
  expectedTokens: 0,
  combine: 'sum',
  ...others,
})

/** A term where the number is given, none where it is not. */
export const where = (number: number | undefined, make: (number: number) => QuotaTerm): QuotaTerm[] =>
  number === undefined ? [] : [make(number)]

export const liveOutput = (
  perMinute: number,
  live: NonNullable<TokenTerms['live']>,
  depthMs?: number,
): QuotaTerm =>
  term('output-tokens', bucket(perMinute, depthMs), {
    overshoot: true,
    tokens: tokens(nothing, { settle: output, live }),
  })

/** Ids come from files and may be any word. */
export const own = <T>(table: Readonly<Record<string, T>>, id: string): T | undefined =>
  Object.hasOwn(table, id) ? table[id] : undefined

export const unitOf = (unit: ProvisionedUnit | undefined): QuotaNumbers =>
  unit
    ? { perUnit: unit.inputPerMinute, outputWeight: unit.outputWeight, cachedWeight: unit.cachedWeight }
    : {}

export const weightsOf = ({ cachedWeight, outputWeight }: QuotaNumbers): TokenWeights => ({
  input: 1,
  cached: cachedWeight!,
  output: outputWeight!,
})

export const minuteBucket = (): QuotaNumbers => ({ depth: minuteMs })
