/** The frames that a client sends (RFC 6455 §11.8). */
export const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 }

/** Where the message begins, behind the longest head: a whole number of words, so that it is masked by words. */
const start = 16
const maskAt = start - 4
/** Messages that fit are put together in one place, without memory of their own. */
const usual = Buffer.allocUnsafeSlow(16_384)
const usualWords = wordsOf(usual)

/** A whole frame of one message, as latin1: a socket writes it with one system call and no memory of its own. */
export function maskedFrame(opcode: number, message: string | Buffer, mask: number): string {
  const most = typeof message === 'string' ? message.length * 3 : message.length
  const isUsual = start + most + 4 <= usual.length
  const bytes = isUsual ? usual : Buffer.allocUnsafeSlow(start + most + 8 - (most % 4))
  const words = isUsual ? usualWords : wordsOf(bytes)
  const size = typeof message === 'string' ? bytes.write(message, start) : message.copy(bytes, start)
  words[maskAt / 4] = mask
  const end = Math.ceil((start + size) / 4)
  for (let i = start / 4; i < end; i++) words[i]! ^= mask
  return bytes.toString('latin1', writeHead(bytes, opcode, size), start + size)
}

/** Tells where the head begins, which ends before the mask. */
function writeHead(bytes: Buffer, opcode: number, size: number): number {
  const sizeBytes = size < 126 ? 0 : size < 65_536 ? 2 : 8
  const from = maskAt - 2 - sizeBytes
  bytes[from] = 0x80 | opcode
  bytes[from + 1] = 0x80 | (sizeBytes === 0 ? size : sizeBytes === 2 ? 126 : 127)
  if (sizeBytes === 2) bytes.writeUInt16BE(size, from + 2)
  if (sizeBytes === 8) bytes.writeBigUInt64BE(BigInt(size), from + 2)
  return from
}

function wordsOf({ buffer, byteOffset, length }: Buffer): Int32Array {
  return new Int32Array(buffer, byteOffset, length >> 2)
}
