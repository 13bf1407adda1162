import { mix, uniformOf } from '../sessions/uniform.ts'
import type { ModelToolCall } from '../wire/model-answer.ts'
import type { ResponseFormat } from '../wire/model-request.ts'
import { paddedJson, plainText } from './answer-text.ts'
import { jsonForSchema } from './json-for-schema.ts'
import type { Tokenizer } from './tokens/tokenizer.ts'

/** Calls that have so many tokens together, names and arguments, and what they have where they cannot have as few. */
export function sizedCalls(
  tokenizer: Tokenizer,
  calls: readonly ModelToolCall[],
  tokens: number,
): { readonly calls: readonly ModelToolCall[]; readonly tokens: number } {
  let left = tokens
  const sized = calls.map((call, index) => {
    const share = Math.floor(left / (calls.length - index))
    const ofName = tokenizer.count(call.name)
    const json = sizedJson(tokenizer, call.arguments, share - ofName)
    left -= ofName + json.tokens
    tokenizer.remember(json.text, json.tokens)
    return { ...call, arguments: json.text }
  })
  return { calls: sized, tokens: tokens - left }
}

/** An answer in JSON of so many tokens, or of what it has where it cannot have as few. */
export function jsonAnswer(
  tokenizer: Tokenizer,
  format: Exclude<ResponseFormat, { kind: 'text' | 'enum' }>,
  tokens: number,
  seed: number,
): SizedText {
  if (format.kind === 'json') {
    const around = tokenizer.count(JSON.stringify({ answer: plainText(1, seed) })) - 1
    const said = Math.max(1, tokens - around)
    const text = JSON.stringify({ answer: plainText(said, seed) })
    return { text, tokens: tokenizer.knowsOurWords ? around + said : tokenizer.count(text) }
  }
  const uniform = (ordinal: number): number => uniformOf(mix(seed ^ ordinal))
  return sizedJson(tokenizer, JSON.stringify(jsonForSchema(format.schema, { uniform })), tokens)
}

export interface SizedText {
  readonly text: string
  readonly tokens: number
}

/** Padding splits tokens that spanned its place, so tokens are counted with one pad in place. */
function sizedJson(tokenizer: Tokenizer, json: string, tokens: number): SizedText {
  const bare = tokenizer.count(json)
  if (bare >= tokens) return { text: json, tokens: bare }
  const padded = tokenizer.count(paddedJson(json, 1))
  if (padded > tokens) return { text: json, tokens: bare }
  const text = paddedJson(json, 1 + tokens - padded)
  return { text, tokens: tokenizer.knowsOurWords ? tokens : tokenizer.count(text) }
}
