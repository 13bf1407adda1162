import { openings, pad, words } from '../answer-text.ts'

/** A small vocabulary in the form of `tokenizer.json`: letters and signs, and whole words where it is to know ours. */
export function fixtureVocabulary(knowsOurWords: boolean): string {
  const asBytes = (text: string): string[] =>
    text.split('').map((sign) => (sign === ' ' ? 'Ġ' : sign === '\n' ? 'Ċ' : sign))
  const letters = asBytes(Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('') + '\n')
  const merges = new Map<string, [string, string]>()
  const whole = knowsOurWords ? [...words.map((word) => ` ${word}`), ...openings, pad] : []
  for (const text of whole) {
    const [first = '', ...rest] = asBytes(text)
    rest.reduce((left, right) => {
      merges.set(left + right, [left, right])
      return left + right
    }, first)
  }
  return JSON.stringify({
    version: '1.0',
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: split }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel' },
    model: {
      type: 'BPE',
      vocab: Object.fromEntries([...letters, ...merges.keys()].map((token, id) => [token, id])),
      merges: [...merges.values()].map((pair) => pair.join(' ')),
    },
  })
}

/** As Llama 3 and Qwen split a text. */
const split = String.raw`[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
