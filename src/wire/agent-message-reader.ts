import { type AgentMessage, type MediaFault, readAgentMessage } from './twilio-media.ts'

/** What an agent says to the carrier, its sound as bytes. */
export type HeardMessage =
  | { readonly event: 'media'; readonly sound: Buffer }
  | Exclude<AgentMessage, { readonly event: 'media' }>
  | MediaFault

/** Sound that fits is decoded into one place. */
let room = Buffer.allocUnsafeSlow(4096)
/** No base64 letter. */
const none = 64
const sixBits = new Uint8Array(256).fill(none)
for (const [value, letter] of Buffer.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
).entries())
  sixBits[letter] = value

/** Shorter sound might stand in a message by chance. */
const leastLearned = 24

/**
 * Reads the messages of one stream. An agent writes each piece of its sound into the same words: a message that has those
 * words around nothing but base64 is known without being parsed. Any other is parsed, and new words are learned.
 */
export class AgentMessageReader {
  /** The words around the sound of the last message that was parsed. */
  #before: Buffer | undefined
  #after = room

  /** Never throws. Sound is good until the next message of any stream. */
  read(message: Buffer): HeardMessage {
    const sound = this.#known(message)
    if (sound) return { event: 'media', sound }
    const parsed = readAgentMessage(message.toString())
    if (parsed.event !== 'media') return parsed
    this.#learn(message, parsed.payload)
    return { event: 'media', sound: Buffer.from(parsed.payload, 'base64') }
  }

  #known(message: Buffer): Buffer | undefined {
    const before = this.#before
    if (!before) return undefined
    const from = before.length
    const to = message.length - this.#after.length
    if (to < from || message.compare(before, 0, from, 0, from) !== 0) return undefined
    if (message.compare(this.#after, 0, this.#after.length, to) !== 0) return undefined
    return decodeBase64(message, from, to)
  }

  #learn(message: Buffer, payload: string): void {
    const at = message.indexOf(payload)
    const isAlone = at > 0 && message.lastIndexOf(payload) === at
    if (payload.length < leastLearned || !isAlone) return
    const end = at + payload.length
    if (message[at - 1] !== quote || message[end] !== quote) return
    this.#before = Buffer.from(message.subarray(0, at))
    this.#after = Buffer.from(message.subarray(end))
  }
}

const quote = 0x22
const pad = 0x3d

/** Undefined where it is not base64 of whole groups: whatever it is then, it is not read here. */
function decodeBase64(text: Buffer, from: number, to: number): Buffer | undefined {
  if ((to - from) % 4 !== 0) return undefined
  const padded = to > from && text[to - 1] === pad ? (text[to - 2] === pad ? 2 : 1) : 0
  const length = ((to - from) / 4) * 3 - padded
  if (length + 2 > room.length) room = Buffer.allocUnsafeSlow(2 * length + 2)
  const whole = padded === 0 ? to : to - 4
  let out = 0
  for (let i = from; i < whole; i += 4) {
    const a = sixBits[text[i]!]!
    const b = sixBits[text[i + 1]!]!
    const c = sixBits[text[i + 2]!]!
    const d = sixBits[text[i + 3]!]!
    if ((a | b | c | d) & none) return undefined
    const bits = (a << 18) | (b << 12) | (c << 6) | d
    room[out++] = bits >> 16
    room[out++] = bits >> 8
    room[out++] = bits
  }
  if (padded > 0) {
    const a = sixBits[text[whole]!]!
    const b = sixBits[text[whole + 1]!]!
    const c = padded === 1 ? sixBits[text[whole + 2]!]! : 0
    if ((a | b | c) & none) return undefined
    const bits = (a << 18) | (b << 12) | (c << 6)
    room[out++] = bits >> 16
    if (padded === 1) room[out++] = bits >> 8
  }
  return room.subarray(0, length)
}
