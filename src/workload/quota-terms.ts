import { dayMs, hourMs, minuteMs } from './units.ts'

/** What a limit counts: calls, or tokens of some sort. */
export type QuotaUnit = 'requests' | 'tokens' | 'input-tokens' | 'output-tokens'

/** How a limit forgets. `limit` and `perMinute` are in the unit of the term that counts with it. */
export type MeterTerms =
  /** Fills continuously and holds `depthMs` worth of it. */
  | { readonly kind: 'bucket'; readonly perMinute: number; readonly depthMs: number }
  /** Counts up to `limit` and starts again at every full `windowMs` since the reset. */
  | { readonly kind: 'window'; readonly limit: number; readonly windowMs: number }
  /** At most `limit` in any stretch of `windowMs`. */
  | { readonly kind: 'sliding'; readonly limit: number; readonly windowMs: number }
  /** Held from admission to the end of the call. When room comes is not known, so a refusal says `retryAfterMs`. */
  | { readonly kind: 'in-flight'; readonly limit: number; readonly retryAfterMs: number }

/** What one token of each sort weighs in a limit; `input` are those not from the cache. */
export interface TokenWeights {
  readonly input: number
  readonly cached: number
  readonly output: number
}

export interface TokenTerms {
  /** At admission, with the output that is reckoned with. */
  readonly reserve: TokenWeights
  /** Output reckoned with: `max_tokens` where the request says it, or always the provider's expectation. */
  readonly outputBasis: 'maxTokens' | 'expected'
  /** Output reckoned with where the request does not say, and the expectation. */
  readonly expectedTokens: number
  /** Input and output added, or only the larger of the two. */
  readonly combine: 'sum' | 'larger'
  /** At the end of the call, instead of what was reserved. Absent: what was reserved stays charged. */
  readonly settle?: TokenWeights
  /** Weights of calls whose input is longer than this, cached tokens counted in; in place of all others. */
  readonly long?: { readonly above: number; readonly weights: TokenWeights }
  /** Output is charged while it is made; out of tokens, the call goes on or stops in the middle. */
  readonly live?: 'goOn' | 'stop'
}

/** One limit of a quota. */
export interface QuotaTerm {
  readonly of: QuotaUnit
  readonly meter: MeterTerms
  /** Admits while anything is left, so that the last call may go over; otherwise only what fits. */
  readonly overshoot: boolean
  /** Refused calls count too. */
  readonly countsRefused: boolean
  /** Absent: each call counts one. */
  readonly tokens?: TokenTerms
}

/** Tokens of a call before it runs; `maxTokens` is 0 where the request does not say. */
interface AskedTokens {
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly maxTokens: number
}

interface UsedTokens {
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
}

/** What a term charges at admission. */
export function reservedBy(term: QuotaTerm, asked: AskedTokens): number {
  return reservationOf(term)(asked)
}

/** What of it stands after the end of the call, everything told. */
export function settledBy(term: QuotaTerm, asked: AskedTokens, used: UsedTokens): number {
  return settlementOf(term)(asked, used)
}

/** `reservedBy` for whoever asks it of every call. */
export function reservationOf({ tokens }: QuotaTerm): (asked: AskedTokens) => number {
  if (!tokens) return () => 1
  const { expectedTokens } = tokens
  const saysOutput = tokens.outputBasis === 'maxTokens'
  const adds = tokens.combine === 'sum'
  const inputCharge = inputChargeOf(tokens, tokens.reserve)
  const outputWeight = outputWeightOf(tokens, tokens.reserve)
  return (asked) => {
    const said = saysOutput && asked.maxTokens > 0
    const output = outputWeight(asked.inputTokens) * (said ? asked.maxTokens : expectedTokens)
    const input = inputCharge(asked.inputTokens, asked.cachedTokens)
    return adds ? input + output : Math.max(input, output)
  }
}

/** `settledBy` for whoever asks it of every call. */
export function settlementOf(term: QuotaTerm): (asked: AskedTokens, used: UsedTokens) => number {
  if (term.meter.kind === 'in-flight') return () => 0
  if (!term.tokens?.settle) return reservationOf(term)
  const inputCharge = inputChargeOf(term.tokens, term.tokens.settle)
  const outputWeight = outputWeightOf(term.tokens, term.tokens.settle)
  return (_, { inputTokens, cachedTokens, outputTokens }) =>
    inputCharge(inputTokens, cachedTokens) + outputWeight(inputTokens) * outputTokens
}

// The weights are taken out of their objects once: V8 came to hold those for outdated, and threw away its code for
// whoever read them again and again.
function inputChargeOf({ long }: TokenTerms, { input, cached }: TokenWeights) {
  const above = long?.above ?? Infinity
  const { input: longInput, cached: longCached } = long?.weights ?? { input, cached }
  return (inputTokens: number, cachedTokens: number): number =>
    inputTokens > above
      ? longInput * (inputTokens - cachedTokens) + longCached * cachedTokens
      : input * (inputTokens - cachedTokens) + cached * cachedTokens
}

function outputWeightOf({ long }: TokenTerms, { output }: TokenWeights): (inputTokens: number) => number {
  const above = long?.above ?? Infinity
  const longOutput = long?.weights.output ?? output
  return (inputTokens) => (inputTokens > above ? longOutput : output)
}

/** What a term allows in the long run; for calls in flight there is no such rate. */
export function perMinuteOf({ meter }: QuotaTerm): number {
  if (meter.kind === 'bucket') return meter.perMinute
  return meter.kind === 'in-flight' ? Infinity : (meter.limit * minuteMs) / meter.windowMs
}

/** `tokens`, `input tokens`, `requests a day`. */
export function termName({ of, meter }: QuotaTerm): string {
  const unit = of.replace('-', ' ')
  if (meter.kind === 'in-flight') return `${unit} in flight`
  if (meter.kind === 'bucket' || meter.windowMs < hourMs) return unit
  return `${unit} ${meter.windowMs < dayMs ? 'an hour' : 'a day'}`
}

/** `tokens/min`: of what a term allows in the long run. */
export function termUnit({ of }: QuotaTerm): string {
  return `${of.replace('-', ' ')}/min`
}
