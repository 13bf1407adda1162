import type { MeterTerms, QuotaTerm, QuotaUnit, TokenTerms, TokenWeights } from '../quota-terms.ts'
import type { ProvisionedUnit } from '../quota-units.ts'
import { minuteMs } from '../units.ts'
import type { QuotaNumbers } from './quota-preset.ts'

// The words that presets are written with. Weights are input tokens that one token counts for.

export const whole: TokenWeights = { input: 1, cached: 1, output: 1 }
export const input: TokenWeights = { input: 1, cached: 1, output: 0 }
export const freshInput: TokenWeights = { input: 1, cached: 0, output: 0 }
export const output: TokenWeights = { input: 0, cached: 0, output: 1 }
export const nothing: TokenWeights = { input: 0, cached: 0, output: 0 }

/** Fills continuously at `perMinute` and holds `depthMs` worth of it, a minute's where not said. */
export const bucket = (perMinute: number, depthMs = minuteMs): MeterTerms => ({
  kind: 'bucket',
  perMinute,
  depthMs,
})
/** `limit` in each window, one after the other. */
export const window = (limit: number, windowMs: number): MeterTerms => ({ kind: 'window', limit, windowMs })
/** `limit` in any stretch of `windowMs`. */
export const sliding = (limit: number, windowMs: number): MeterTerms => ({ kind: 'sliding', limit, windowMs })

/** A limit that admits what fits and does not count refused calls, unless `others` says otherwise. */
export const term = (of: QuotaUnit, meter: MeterTerms, others: Partial<QuotaTerm> = {}): QuotaTerm => ({
  of,
  meter,
  overshoot: false,
  countsRefused: false,
  ...others,
})

/** Tokens reserved at admission by these weights, output as `max_tokens` says; nothing is given back unless `others` says so. */
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

/** A bucket of output tokens that are charged while they are made. */
export const liveOutput = (
  perMinute: number,
  live: NonNullable<TokenTerms['live']>,
  depthMs?: number,
): QuotaTerm =>
  term('output-tokens', bucket(perMinute, depthMs), {
    overshoot: true,
    tokens: tokens(nothing, { settle: output, live }),
  })

/** The entry of a table; undefined for what only its prototype has, since ids come from files and may be any word. */
export const own = <T>(table: Readonly<Record<string, T>>, id: string): T | undefined =>
  Object.hasOwn(table, id) ? table[id] : undefined

/** What one provisioned unit carries, as the numbers of a quota. */
export const unitOf = (unit: ProvisionedUnit | undefined): QuotaNumbers =>
  unit
    ? { perUnit: unit.inputPerMinute, outputWeight: unit.outputWeight, cachedWeight: unit.cachedWeight }
    : {}

/** Input at 1, what is cached and output as the numbers of a quota weigh them. */
export const weightsOf = ({ cachedWeight, outputWeight }: QuotaNumbers): TokenWeights => ({
  input: 1,
  cached: cachedWeight!,
  output: outputWeight!,
})

/** What is guessed of a bucket whose depth is not published: a minute's worth. */
export const minuteBucket = (): QuotaNumbers => ({ depth: minuteMs })
