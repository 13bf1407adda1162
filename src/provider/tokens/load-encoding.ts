import { createRequire } from 'node:module'
import type * as Library from 'gpt-tokenizer/encoding/o200k_base'
import type { TokenizerName } from '../../workload/tokenizer.ts'

/** A published encoding, whose vocabulary takes tens of megabytes and a tenth of a second to load. */
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

/** At once, since what is counted first is answered at once; the second time costs nothing. */
export function loadEncoding(name: EncodingName): Encoding {
  const { countTokens, encode, decode, setMergeCacheSize } = load(
    `gpt-tokenizer/encoding/${name}`,
  ) as typeof Library
  setMergeCacheSize(mergesKept)
  return { count: (text) => countTokens(text, asText), encode: (text) => encode(text, asText), decode }
}
