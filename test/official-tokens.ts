// OpenAI's own tokenizer, in WebAssembly: what Plimsoll counts is held to it.
import { get_encoding } from 'tiktoken'

export type OfficialEncoding = 'o200k_base' | 'cl100k_base'

const counters = new Map<OfficialEncoding, (text: string) => number>()

/** Counts the tokens of a text. */
export function officialCount(name: OfficialEncoding): (text: string) => number {
  const known = counters.get(name)
  if (known) return known
  const encoding = get_encoding(name)
  const count = (text: string): number => encoding.encode(text, [], []).length
  counters.set(name, count)
  return count
}
