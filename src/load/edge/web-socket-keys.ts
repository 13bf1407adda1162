// Edge file: chance, as the WebSocket protocol asks for it; no result depends on it.
import { randomBytes, randomFillSync } from 'node:crypto'

const keys = new Int32Array(2048)
let used = keys.length

/** A masking key that nobody can foresee (RFC 6455 §5.3). */
export function maskingKey(): number {
  if (used === keys.length) {
    randomFillSync(keys)
    used = 0
  }
  return keys[used++]!
}

/** What a handshake is known by (RFC 6455 §4.1). */
export const handshakeKey = (): string => randomBytes(16).toString('base64')
