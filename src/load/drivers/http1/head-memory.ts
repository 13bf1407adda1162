import { type ResponseHead, parseHead } from './parse-head.ts'

/**
 * The newest head that a target wrote, by its bytes: but for a date that changes with the second, many targets write the
 * same head again and again, and comparing costs a fraction of parsing. What it gives is shared and cannot be changed.
 */
export class HeadMemory {
  #bytes: Uint8Array = new Uint8Array(0)
  #head: ResponseHead | undefined

  /** The head that begins at `from`, if it is the one of before; its length is `length`. */
  recall(bytes: Uint8Array, from: number, to: number): ResponseHead | undefined {
    const known = this.#bytes
    if (!this.#head || to - from < known.length) return undefined
    for (let i = 0; i < known.length; i++) if (bytes[from + i] !== known[i]) return undefined
    return this.#head
  }

  /** Bytes of the head that is remembered, its empty line with it. */
  get length(): number {
    return this.#bytes.length
  }

  /** Parses the text of a whole head, without its empty line, and remembers it by all its bytes. */
  learn(text: string, bytes: Uint8Array): ResponseHead {
    const head = parseHead(text)
    Object.freeze(head.headers)
    this.#bytes = Uint8Array.from(bytes)
    this.#head = head
    return head
  }
}
