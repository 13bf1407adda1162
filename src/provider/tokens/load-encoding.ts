import { createRequire } from 'node:module'
import type * as Vocabularies from '@huggingface/tokenizers'
import type * as Library from 'gpt-tokenizer/encoding/o200k_base'
import { Mistake } from '../../workload/mistake.ts'
import type { Vocabulary } from '../../workload/target-access.ts'
import type { TokenizerName } from '../../workload/tokenizer.ts'

/** How a text becomes tokens. Its vocabulary takes tens of megabytes and a tenth of a second to load, or more. */
export interface Encoding {
  count(text: string): number
  encode(text: string): number[]
  decode(tokens: Iterable<number>): string
}

export type EncodingName = Exclude<TokenizerName, 'characters'>

const load = createRequire(import.meta.url)

/** Characters of special tokens in what a user says are text like any other. */
const asText = { disallowedSpecial: new Set<string>() }
/** Whole texts are kept by who encodes them. */
const mergesKept = 10_000

/** One that is published, at once, since what is counted first is answered at once; the second time costs nothing. */
export function loadEncoding(name: EncodingName): Encoding {
  const { countTokens, encode, decode, setMergeCacheSize } = load(
    `gpt-tokenizer/encoding/${name}`,
  ) as typeof Library
  setMergeCacheSize(mergesKept)
  return { count: (text) => countTokens(text, asText), encode: (text) => encode(text, asText), decode }
}

/** A model's own, from the file that its makers publish. */
export function loadVocabulary({ file, read }: Vocabulary): Encoding {
  const { Tokenizer } = load('@huggingface/tokenizers') as typeof Vocabularies
  const encoder = (): Vocabularies.Tokenizer => {
    try {
      return new Tokenizer(JSON.parse(read()) as object, {})
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new Mistake('missing_trace', `${file} is no vocabulary of a model: ${why.slice(0, 100)}`)
    }
  }
  const tokenizer = encoder()
  const encode = (text: string): number[] => tokenizer.encode(text, { add_special_tokens: false }).ids
  return {
    count: (text) => encode(text).length,
    encode,
    decode: (tokens) => tokenizer.decode([...tokens], { clean_up_tokenization_spaces: false }),
  }
}
