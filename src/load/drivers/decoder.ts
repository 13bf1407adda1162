import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib'

/** Takes the bytes of a body as the target compressed them. */
export interface Decoder {
  write(bytes: Uint8Array): void
  end(): void
  destroy(): void
}

/** Hears the bytes as they were before. */
interface Decoded {
  data(bytes: Buffer): void
  end(): void
  error(): void
}

/** Whatever is there is given on: a stream is read while it comes, and one that is cut says so by itself. */
const eager = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }
const eagerBrotli = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
}

const decoders = new Map([
  ['gzip', () => createGunzip(eager)],
  ['x-gzip', () => createGunzip(eager)],
  ['deflate', () => createInflate(eager)],
  ['br', () => createBrotliDecompress(eagerBrotli)],
  ['zstd', () => createZstdDecompress()],
])

/** Whether a `Content-Encoding` says that the body is compressed. */
export const isEncoded = (coding: string): boolean => coding !== '' && coding.toLowerCase() !== 'identity'

/** What undoes a `Content-Encoding`; undefined where nobody here can. */
export function decoderOf(coding: string, decoded: Decoded): Decoder | undefined {
  const decoder = decoders.get(coding.trim().toLowerCase())?.()
  decoder?.on('data', (bytes: Buffer) => decoded.data(bytes))
  decoder?.on('end', () => decoded.end())
  decoder?.on('error', () => decoded.error())
  return decoder
}
