import { plainText } from './answer-text.ts'
import type { SizedText } from './sized-json.ts'
import type { Tokenizer } from './tokens/tokenizer.ts'

export interface SizedAnswer extends SizedText {
  /** It would have gone on. */
  readonly isCut: boolean
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
