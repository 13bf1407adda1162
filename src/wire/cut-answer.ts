/** As much of one part of an answer as comes at once. */
export interface Cut {
  /** Which part. */
  readonly index: number
  readonly text: string
  readonly begins: boolean
  readonly ends: boolean
}

/** Cuts parts that follow each other into pieces. Every part begins and ends once, also where it is empty. */
export class AnswerCutter {
  readonly #parts: readonly string[]
  readonly #length: number
  #index = 0
  /** Told of the part that is on; -1 before it begins. */
  #offset = -1
  #told = 0

  constructor(parts: readonly string[]) {
    this.#parts = parts
    this.#length = parts.reduce((sum, part) => sum + part.length, 0)
  }

  /** All from what was cut before up to this share of the whole; at 1 nothing is left. */
  upTo(share: number): Cut[] {
    const cuts: Cut[] = []
    let room = Math.round(share * this.#length) - this.#told
    while (this.#index < this.#parts.length && (room > 0 || share >= 1)) {
      const part = this.#parts[this.#index]!
      const from = Math.max(0, this.#offset)
      const text = part.slice(from, from + room)
      const ends = from + text.length === part.length
      cuts.push({ index: this.#index, text, begins: this.#offset < 0, ends })
      room -= text.length
      this.#told += text.length
      this.#offset = ends ? -1 : from + text.length
      if (ends) this.#index++
    }
    return cuts
  }
}
