import { mix } from '../sessions/uniform.ts'

/** Characters that count as one token, in and out. */
export const charactersPerToken = 4

const vocabulary = (
  'the your order is on its way and should arrive within two days of leaving our store please check that ' +
  'address once more before noon if it changes we can still help you find another time or place for delivery ' +
  'most people see updates every few hours while parcels move between towns all prices include tax and ' +
  'returns are free for thirty days simply keep the box and write to us with questions'
).split(' ')

const corpusWords = 20_000
const corpus = Array.from(
  { length: corpusWords },
  (_, i) => vocabulary[mix(i + 1) % vocabulary.length]!,
).join(' ')

/** Plain words of exactly `characters` characters, chosen by `seed`; no quotes and no line breaks among them. */
export function plainText(characters: number, seed: number): string {
  if (characters <= 0) return ''
  const start = corpus.indexOf(' ', seed % (corpus.length / 2)) + 1
  let text = corpus.slice(start, start + characters)
  while (text.length < characters) text += ` ${corpus}`.slice(0, characters - text.length)
  return text.endsWith(' ') ? `${text.slice(0, -1)}.` : text
}

/** JSON made longer by spaces that mean nothing, where it is shorter than `characters`. */
export function paddedJson(json: string, characters: number): string {
  const end = /[}\]]$/.test(json) ? -1 : json.length
  const spaces = ' '.repeat(Math.max(0, characters - json.length))
  return json.slice(0, end) + spaces + json.slice(end === -1 ? -1 : json.length)
}
