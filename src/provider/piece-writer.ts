import type { ServerResponse } from 'node:http'

/** Writes a piece of a body; false where its reader is slow: `drained` is then told once when it has caught up. */
export type PieceWriter = (text: string, drained: () => void) => boolean

/**
 * Writes the body of an answer whose head is written but not yet sent; its last piece goes to `response.end`.
 *
 * The first piece goes through the response, which has held back the head until then. Those after it go to the socket,
 * each framed as one chunk: through the response a chunk is three writes (its length, itself, its end), which is the
 * largest cost of a stream.
 */
export function pieceWriter(response: ServerResponse, encoding: BufferEncoding): PieceWriter {
  let isHeadOut = false
  return (text, drained) => {
    // No socket while the answer to an earlier request of its connection is still on its way.
    const { socket } = response
    const isDirect = isHeadOut && socket !== null && response.chunkedEncoding
    isHeadOut = true
    const isTaken = isDirect ? socket.write(...chunkOf(text, encoding)) : response.write(text, encoding)
    if (!isTaken) (isDirect ? socket : response).once('drain', drained)
    return isTaken
  }
}

/** In the encoding of HTTP/1.1 (RFC 9112, 7.1); what is plain ASCII is told so, since that is copied at the least cost. */
function chunkOf(text: string, encoding: BufferEncoding): [chunk: string, encoding: BufferEncoding] {
  const bytes = encoding === 'latin1' ? text.length : Buffer.byteLength(text, encoding)
  return [`${bytes.toString(16)}\r\n${text}\r\n`, bytes === text.length ? 'latin1' : encoding]
}
