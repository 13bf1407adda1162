import { plainText } from './answer-text.ts'
import type { SizedText } from './sized-json.ts'
import type { Tokenizer } from './tokens/tokenizer.ts'

export interface SizedAnswer extends SizedText {
  /** It would have gone on. */
  readonly isCut: boolean
  /** The sequence that ended it. */
  readonly stoppedBy?: string
}

/** Plain text of so many tokens, or of as many as there is room for; what is known to have them is not counted. */
export function textAnswer(tokenizer: Tokenizer, tokens: number, room: number, seed: number): SizedAnswer {
  if (!tokenizer.knowsOurWords) {
    const text = plainText(tokens, seed)
    return cutAnswer(tokenizer, { text, tokens: tokenizer.count(text) }, room)
  }
  const said = Math.min(tokens, room)
  const text = plainText(said, seed)
  tokenizer.remember(text, said)
  return { text, tokens: said, isCut: tokens > room }
}

/** As much of an answer as there is room for. */
export function cutAnswer(tokenizer: Tokenizer, { text, tokens }: SizedText, room: number): SizedAnswer {
  if (tokens <= room) return { text, tokens, isCut: false }
  return { text: tokenizer.prefix(text, room), tokens: room, isCut: true }
}

/** An answer up to the sequence that ends it: the one that is whole first, since there the model stops. */
export function stoppedAnswer(
  tokenizer: Tokenizer,
  answer: SizedAnswer,
  stops: readonly string[],
): SizedAnswer {
  const found = stops.flatMap((stop) => {
    const at = answer.text.indexOf(stop)
    return at < 0 ? [] : [{ stop, at }]
  })
  if (found.length === 0) return answer
  const end = ({ stop, at }: { readonly stop: string; readonly at: number }): number => at + stop.length
  const first = found.reduce((one, other) => (end(other) < end(one) ? other : one))
  const text = answer.text.slice(0, first.at)
  return { text, tokens: tokenizer.count(text), isCut: false, stoppedBy: first.stop }
}
