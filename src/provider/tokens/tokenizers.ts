import type { TokenizerName } from '../../workload/tokenizer.ts'
import { charactersTokenizer } from './characters-tokenizer.ts'
import { EncodingTokenizer } from './encoding-tokenizer.ts'
import type { Tokenizer } from './tokenizer.ts'

/** Each tokenizer once, loaded when it is asked for first. */
export class Tokenizers {
  readonly #loaded = new Map<TokenizerName, Tokenizer>([['characters', charactersTokenizer]])

  of(name: TokenizerName): Tokenizer {
    const loaded = this.#loaded.get(name)
    if (loaded) return loaded
    const tokenizer = name === 'characters' ? charactersTokenizer : new EncodingTokenizer(name)
    this.#loaded.set(name, tokenizer)
    return tokenizer
  }
}
