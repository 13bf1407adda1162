import { mix, uniformOf } from '../sessions/uniform.ts'
import type { LikelyToken, SaidToken } from '../wire/said-token.ts'
import { words } from './answer-text.ts'
import type { Tokenizer } from './tokens/tokenizer.ts'

/** No answer of a real model is longer, and those of all tokens of a longer one would fit no text. */
const mostTold = 100_000

/**
 * The tokens of a text, one of so many `choices`, with probabilities that are made up as the text is: the same each time,
 * and above a half.
 */
export function saidTokens(
  tokenizer: Tokenizer,
  text: string,
  mostAlternatives: number,
  choices = 1,
): SaidToken[] {
  return tokenizer
    .split(text)
    .slice(0, Math.floor(mostTold / choices))
    .map((token, index) => saidToken(token, mix(index ^ mix(text.length)), mostAlternatives))
}

function saidToken(token: string, seed: number, mostAlternatives: number): SaidToken {
  const probability = (1 + uniformOf(seed)) / 2
  const logprob = Math.log(probability)
  const top: LikelyToken[] = [{ token, logprob }]
  for (let i = 1; i < mostAlternatives; i++) {
    const word = ` ${words[(seed + i) % words.length]!}`
    top.push({ token: word === token ? words[0]! : word, logprob: Math.log((1 - probability) / 2 ** i) })
  }
  return { token, logprob, top: top.slice(0, mostAlternatives) }
}
