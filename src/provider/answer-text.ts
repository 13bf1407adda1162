import { mix } from '../sessions/uniform.ts'

/**
 * Words of three letters which, with the space before them, are four characters and one token in each published
 * encoding: so a text of them has its tokens by construction, also where it is cut, and by the estimate of four
 * characters too. All encodings begin a new token at the space.
 */
const phrases = [
  'you can get the new box any day now',
  'the old key was not for you but for her',
  'ask him how the job was put off',
  'our man can run out and get the map',
  'pay the fee and the box has its tag',
  'all who ask may get one for the kid',
  'she has had the car out all day',
  'the sun was hot and the ice was not',
  'the bus ran out far and you saw the sea',
  'say yes and the two can set off now',
  'any tip you got may fit the end too',
  'but let the law say who can own the oil',
  'now see how few men got off the bus',
  'put one pin per map and one map per day',
  'the sky was red and the air was dry',
  'get gas for the car and add the oil',
  'her son can try for the top job too',
  'ten men set out and six got far',
  'you may cut the net but not the big one',
  'let her try the low way and not the top',
  'use the red pen and put its cap off',
].map((phrase) => phrase.split(' '))

/** All words of an answer but its first. */
export const words: readonly string[] = [...new Set(phrases.flat())]

/** Four letters and one token where no space stands before them. */
export const openings = ['Then', 'Also', 'Here', 'Well', 'Next', 'Once', 'Even', 'Just', 'Only', 'Over']

const charactersPerWord = 4
const corpusPhrases = 8_000
let corpus = ''
/** Where its phrases begin. */
const starts: number[] = []
for (let i = 0; i < corpusPhrases; i++) {
  starts.push(corpus.length)
  corpus += ` ${phrases[mix(i + 1) % phrases.length]!.join(' ')}`
}

/** No model says more at once, and a text that is much longer fits no memory. */
export const mostTokens = 1_000_000

/** Plain words of exactly so many tokens, chosen by `seed`; no quotes and no line breaks among them. */
export function plainText(tokens: number, seed: number): string {
  if (tokens <= 0) return ''
  const length = tokens * charactersPerWord
  let text = openings[mix(seed) % openings.length]!
  for (let from = starts[seed % corpusPhrases]!; text.length < length; from = 0)
    text += corpus.slice(from, from + length - text.length)
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
