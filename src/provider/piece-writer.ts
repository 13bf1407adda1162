import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Writes the body of an answer whose head is written but not yet sent; its last piece goes to `response.end`.
 *
 * The first piece goes through the response, which has held back the head until then. Those after it go to the socket,
 * each framed as one chunk: through the response a chunk is three writes (its length, itself, its end), which is the
 * largest cost of a stream.
 */
export class PieceWriter {
  /** Once pieces go to it. */
  #socket: Socket | undefined
  readonly #encoding: BufferEncoding
  readonly #response: ServerResponse
  #isHeadOut = false

  constructor(response: ServerResponse, encoding: BufferEncoding) {
    this.#response = response
    this.#encoding = encoding
  }

  /** Its reader has gone. */
  get isLeft(): boolean {
    return this.#socket ? !this.#socket.writable : this.#response.destroyed
  }

  /** False where the reader is slow: it is worth waiting until that has drained. */
  write(text: string): boolean {
    // There may be nothing to say of what was made, and a chunk of no bytes would end the body.
    if (text === '' && this.#isHeadOut) return true
    this.#socket ??= this.#readySocket()
    this.#isHeadOut = true
    return this.#socket
      ? writeChunk(this.#socket, text, this.#encoding)
      : this.#response.write(text, this.#encoding)
  }

  /** After a write that returned false: `then` is called once the reader has caught up. */
  onceDrained(then: () => void): void {
    const written = this.#socket ?? this.#response
    written.once('drain', then)
  }

  /**
   * None while the answer to an earlier request of its connection is still on its way, nor until the tick is over in which
   * the head was written: the response holds both back.
   */
  #readySocket(): Socket | undefined {
    const { socket, writableCorked, chunkedEncoding } = this.#response
    return this.#isHeadOut && socket && writableCorked === 0 && chunkedEncoding ? socket : undefined
  }
}

/** In the encoding of HTTP/1.1 (RFC 9112, 7.1); what is plain ASCII is told so, since that is copied at the least cost. */
function writeChunk(socket: Socket, text: string, encoding: BufferEncoding): boolean {
  const bytes = encoding === 'latin1' ? text.length : Buffer.byteLength(text, encoding)
  const isOneByte = bytes === text.length
  return socket.write(`${bytes.toString(16)}\r\n${text}\r\n`, isOneByte ? 'latin1' : encoding)
}
