import { mix } from '../sessions/uniform.ts'

/**
 * Words of three letters which, with the space before them, are four characters and one token in each published
 * encoding: so a text of them has its tokens by construction, also where it is cut, and by the estimate of four
 * characters too. All encodings begin a new token at the space.
 */
export const words = (
  'the and for you are can our was has had not but all any one two out day get may new now way who see use her ' +
  'his how its put say too big top due yes own set pay ask box try few far low buy car key map add air bad bed ' +
  'bit dry eat end fit fun got hot ice job kid law leg lie lot man men met mix net oil per pin raw red run sat ' +
  'sea sit six sky son sun ten tie tip win yet'
).split(' ')

/** Four letters and one token where no space stands before them. */
export const openings =
  'Your This That With When They Then Here What Once From Most Some Each Both Only Just Also Next Even Over Well'.split(
    ' ',
  )

const charactersPerWord = 4
const corpusWords = 20_000
const corpus = Array.from({ length: corpusWords }, (_, i) => ` ${words[mix(i + 1) % words.length]}`).join('')

/** Plain words of exactly so many tokens, chosen by `seed`; no quotes and no line breaks among them. */
export function plainText(tokens: number, seed: number): string {
  if (tokens <= 0) return ''
  const start = (seed % corpusWords) * charactersPerWord
  let text = openings[mix(seed) % openings.length]!
  for (let from = start; text.length < tokens * charactersPerWord; from = 0)
    text += corpus.slice(from, from + tokens * charactersPerWord - text.length)
  return text
}

/** White space that is one token in each published encoding however often it is repeated. */
export const pad = '   \n'

/** JSON made longer by white space that means nothing. */
export function paddedJson(json: string, pads: number): string {
  if (pads <= 0) return json
  const end = /[}\]]$/.test(json) ? json.length - 1 : json.length
  return json.slice(0, end) + pad.repeat(pads) + json.slice(end)
}
