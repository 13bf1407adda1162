const none = Buffer.alloc(0)
/** Memory that is kept for the next time. */
const keptBytes = 4096

/** Bytes that come in pieces, however small, put together without being copied again and again. */
export class GrowingBytes {
  #room = none
  #length = 0

  get length(): number {
    return this.#length
  }

  /** All of them, with `piece` at the end; good until the next call. */
  add(piece: Buffer): Buffer {
    const length = this.#length + piece.length
    if (length > this.#room.length) {
      const room = Buffer.allocUnsafeSlow(Math.max(512, length, 2 * this.#room.length))
      this.#room.copy(room, 0, 0, this.#length)
      this.#room = room
    }
    piece.copy(this.#room, this.#length)
    this.#length = length
    return this.#room.subarray(0, length)
  }

  /** Takes `count` of them away from the beginning. */
  drop(count: number): void {
    if (count > 0) this.#room.copyWithin(0, count, this.#length)
    this.#length -= count
    if (this.#length === 0 && this.#room.length > keptBytes) this.#room = none
  }
}
