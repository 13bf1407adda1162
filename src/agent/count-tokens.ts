import { tokensOfCharacters } from '../workload/tokenizer.ts'

/** Tokens of a text by its characters, so that no tokenizer has to be loaded: an estimate for all but what is padded. */
export function countTokens(text: string): number {
  return tokensOfCharacters(text.length)
}

/**
 * Of words of three letters, which with their space are one token in every published encoding: so what is padded has
 * its tokens whatever the model behind counts with.
 */
const sentence =
  'Say how you got the key and who may use the new one now for the job you see and put the old way off but ask ' +
  'for any big low top act you can try yet '

let filler = sentence

/** Text of exactly so many characters; cut from one shared string, so it costs next to no memory. */
export function padding(characters: number): string {
  while (filler.length < characters) filler += filler
  return filler.slice(0, Math.max(0, characters))
}
