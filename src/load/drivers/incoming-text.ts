import { StringDecoder } from 'node:string_decoder'

/** UTF-8 as it comes, in whatever pieces. */
export class IncomingText {
  /** Only where a piece ended within a letter. */
  #decoder: StringDecoder | undefined

  /** The last piece did not end within a letter. */
  get isWhole(): boolean {
    return this.#decoder === undefined
  }

  write(bytes: Buffer, from: number, to: number): string {
    if (this.#decoder && to > from) {
      const text = this.#decoder.write(bytes.subarray(from, to))
      if (bytes[to - 1]! < 0x80) this.#decoder = undefined
      return text
    }
    if (to === from || bytes[to - 1]! < 0x80) return bytes.toString('utf8', from, to)
    this.#decoder = new StringDecoder('utf8')
    return this.#decoder.write(bytes.subarray(from, to))
  }
}
