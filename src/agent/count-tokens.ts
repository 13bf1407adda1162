/** Characters that make a token: the simulated provider counts so, and no tokenizer is loaded. */
export const charactersPerToken = 4

/** Tokens of a text by that rule. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken)
}

const sentence =
  'Answer in plain words, keep to what the sources say, name the source, and say so when you do not know. '

let filler = sentence

/** Text of exactly so many characters; cut from one shared string, so it costs next to no memory. */
export function padding(characters: number): string {
  while (filler.length < characters) filler += filler
  return filler.slice(0, Math.max(0, characters))
}
