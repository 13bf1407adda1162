import type { SeenCall } from '../result/recording.ts'
import { durationWords, sampleOf, tokenWords } from './fit-lognormal.ts'
import type { LearnedField } from './learned.ts'

/** The model section, from the calls of root loops that were answered whole. */
export function learnModel(calls: readonly SeenCall[], firsts: readonly SeenCall[]): LearnedField[] {
  if (calls.length === 0) return []
  const from = `${calls.length} calls`
  const sum = (of: (call: SeenCall) => number): number => calls.reduce((total, call) => total + of(call), 0)
  const input = sum(({ inputTokens }) => inputTokens)
  const cached = input > 0 ? sum(({ cachedTokens }) => cachedTokens) / input : 0
  const capped = calls.flatMap(({ maxTokens }) => (maxTokens === undefined ? [] : [maxTokens]))
  const model = (key: string, value: LearnedField['value'], of = from): LearnedField => ({
    path: ['model', ...key.split('.')],
    value,
    from: of,
  })
  return [
    ...learnInput(calls, firsts, model),
    model('output', tokenWords(calls.map(({ outputTokens }) => outputTokens))),
    ...(capped.length === calls.length ? [model('maxTokens', Math.max(...capped))] : []),
    model('cached', `${Number((cached * 100).toFixed(1))}%`),
    ...learnPace(calls, model),
    ...learnQuota(calls, model),
  ]
}

type Field = (key: string, value: LearnedField['value'], of?: string) => LearnedField

/** Tokens by what they are: characters are told apart, and the calls say what one of them weighs. */
function learnInput(calls: readonly SeenCall[], firsts: readonly SeenCall[], model: Field): LearnedField[] {
  const tokens = calls.reduce((sum, { inputTokens }) => sum + inputTokens, 0)
  const characters = calls.reduce((sum, { sizes }) => sum + sizes.whole, 0)
  const weight = characters > 0 ? tokens / characters : 0
  const system = sampleOf(
    calls.map(({ sizes }) => sizes.system * weight),
    0,
  )
  const messages = firsts.map(({ sizes }) => sizes.message * weight)
  const results = calls.flatMap(({ sizes }) => sizes.toolResults.map((size) => size * weight))
  const ofFirsts = `${firsts.length} turns`
  return [
    model('input.system', Math.round(system.mean)),
    ...(messages.length > 0 ? [model('input.message', tokenWords(messages), ofFirsts)] : []),
    ...(results.length > 0
      ? [model('input.toolResult', tokenWords(results), `${results.length} results`)]
      : []),
  ]
}

/**
 * Streams show both, but for those that tell tool calls in one piece, as Gemini's do; without, they are the line through
 * the latencies over the tokens.
 */
function learnPace(calls: readonly SeenCall[], model: Field): LearnedField[] {
  const streamed = calls.filter(
    ({ firstTokenAtMs, asks, chunks }) =>
      !Number.isNaN(firstTokenAtMs) && (asks.length === 0 || chunks > asks.length),
  )
  if (streamed.length === 0) return paceOfWhole(calls, model)
  const from = `${streamed.length} streamed calls`
  const paced = streamed.filter(({ chunks, outputTokens }) => chunks > 1 && outputTokens > 1)
  const perToken = paced.map((call) => (call.lastTokenAtMs - call.firstTokenAtMs) / (call.outputTokens - 1))
  const after = (of: (call: SeenCall) => number): number => paced.reduce((sum, call) => sum + of(call) - 1, 0)
  const chunk = Math.round(after(({ outputTokens }) => outputTokens) / after(({ chunks }) => chunks))
  return [
    model('ttft', durationWords(streamed.map((call) => call.firstTokenAtMs - call.sentAtMs)), from),
    ...(paced.length > 0
      ? [
          model('perToken', durationWords(perToken), `${paced.length} streamed calls`),
          model('tokensPerChunk', Math.max(1, chunk)),
        ]
      : []),
  ]
}

function paceOfWhole(calls: readonly SeenCall[], model: Field): LearnedField[] {
  const from = `${calls.length} whole answers`
  const latencies = calls.map(({ sentAtMs, endedAtMs }) => endedAtMs - sentAtMs)
  const tokens = calls.map(({ outputTokens }) => outputTokens)
  const mean = (of: readonly number[]): number => of.reduce((sum, value) => sum + value, 0) / of.length
  const [latencyMs, length] = [mean(latencies), mean(tokens)]
  const spread = tokens.reduce((sum, each) => sum + (each - length) ** 2, 0)
  const slope =
    spread > 0
      ? tokens.reduce((sum, each, i) => sum + (each - length) * (latencies[i]! - latencyMs), 0) / spread
      : 0
  // A line that falls, or begins below nothing, tells no pace.
  const perTokenMs = slope > 0 && slope * length < latencyMs ? slope : 0
  return [
    model('ttft', durationWords(latencies.map((each, i) => each - perTokenMs * (tokens[i]! - 1))), from),
    model('perToken', `${Number(perTokenMs.toPrecision(3))}ms`, from),
  ]
}

/** Who limits input and output apart is Anthropic. */
function learnQuota(calls: readonly SeenCall[], model: Field): LearnedField[] {
  const { requests, tokens, inputTokens, outputTokens } = calls.findLast(({ limits }) => limits)?.limits ?? {}
  const isApart = inputTokens !== undefined || outputTokens !== undefined
  const limits = { rpm: requests, tpm: tokens, itpm: inputTokens, otpm: outputTokens }
  const quota = { like: isApart ? 'anthropic-start' : undefined, ...limits }
  return Object.entries(quota).flatMap(([key, value]) =>
    value === undefined ? [] : [model(`quota.${key}`, value, 'what the answers said of it')],
  )
}
