import type { TokenizerName, Tokenizing } from '../../workload/tokenizer.ts'
import { charactersTokenizer } from './characters-tokenizer.ts'
import { chatMlLayout, harmonyLayout, openAiLayout } from './chat-layout.ts'
import { EncodingTokenizer } from './encoding-tokenizer.ts'
import { loadEncoding, loadVocabulary } from './load-encoding.ts'
import type { Tokenizer } from './tokenizer.ts'

/** Each tokenizer once, loaded when it is asked for first. */
export class Tokenizers {
  readonly #loaded = new Map<string, Tokenizer>()

  of(tokenizing: Tokenizing): Tokenizer {
    const name = typeof tokenizing === 'string' ? tokenizing : tokenizing.file
    const loaded = this.#loaded.get(name)
    if (loaded) return loaded
    const tokenizer =
      typeof tokenizing === 'string'
        ? published(tokenizing)
        : new EncodingTokenizer(loadVocabulary(tokenizing), chatMlLayout)
    this.#loaded.set(name, tokenizer)
    return tokenizer
  }
}

function published(name: TokenizerName): Tokenizer {
  if (name === 'characters') return charactersTokenizer
  return new EncodingTokenizer(loadEncoding(name), name === 'o200k_harmony' ? harmonyLayout : openAiLayout)
}
