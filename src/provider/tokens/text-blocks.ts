/** Characters of a block at least, but for the last one. */
const leastCharacters = 4096

/**
 * Cuts a text where every encoding begins a new token whatever stands around: where a word ends. So the tokens of its
 * blocks are the tokens of the text, and of two long texts that begin alike the same blocks are. A text that has no
 * such place for thousands of characters is cut anywhere.
 */
export function* textBlocks(text: string): Generator<string> {
  let from = 0
  while (text.length - from > 2 * leastCharacters) {
    const at = from + leastCharacters
    const end = wordEnd.exec(text.slice(at, at + leastCharacters))
    const to = end ? at + end.index + end[1]!.length : wholeAt(text, at)
    yield text.slice(from, to)
    from = to
  }
  yield text.slice(from)
}

/** Encodings let contractions (`'s`) and combining marks go on with a word. */
const wordEnd = /(\p{L})[^\p{L}\p{M}']/u

/** Longer runs of one kind make merging slow, and no text that is read has them; they are merged in parts. */
export const longestRun = 256
const longRun = new RegExp(
  `[\\p{L}\\p{M}]{${longestRun + 1}}|\\s{${longestRun + 1}}|[^\\s\\p{L}\\p{N}]{${longestRun + 1}}`,
  'u',
)

/** Parts of a block none of which takes long to encode. */
export function* encodableParts(block: string): Generator<string> {
  if (block.length <= longestRun || !longRun.test(block)) {
    yield block
    return
  }
  for (let from = 0; from < block.length;) {
    const to = wholeAt(block, Math.min(block.length, from + longestRun))
    yield block.slice(from, to)
    from = to
  }
}

/** Not within a pair of surrogates. */
function wholeAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at
}
