/** Text without punctuation is cut at a word after so many characters, so that the first sound does not wait. */
const longestCharacters = 60
/** Shorter pieces sound chopped. */
const shortestCharacters = 12

/** Cuts an answer, as it is written, into what can be spoken already. */
export class Sentences {
  #text = ''

  /** What has become complete by this piece. */
  push(piece: string): string[] {
    this.#text += piece
    const complete: string[] = []
    for (let cut = this.#cut(); cut > 0; cut = this.#cut()) {
      complete.push(this.#text.slice(0, cut).trim())
      this.#text = this.#text.slice(cut)
    }
    return complete.filter((sentence) => sentence !== '')
  }

  /** What is left when the answer is whole. */
  end(): string[] {
    const left = this.#text.trim()
    this.#text = ''
    return left === '' ? [] : [left]
  }

  #cut(): number {
    // A number or an abbreviation may go on; a space after the mark says that it does not.
    for (const mark of this.#text.matchAll(/[.!?:;]["')]*\s/g))
      if (mark.index >= shortestCharacters) return mark.index + mark[0].length
    if (this.#text.length <= longestCharacters) return 0
    const space = this.#text.lastIndexOf(' ', longestCharacters)
    return space > 0 ? space + 1 : longestCharacters
  }
}
