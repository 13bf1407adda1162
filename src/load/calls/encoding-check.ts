/** Bytes that are looked at: the first two seconds that are not silence. */
const enough = 16_000
/** In linear samples of 16 bits every other byte is the upper one, and moves far less than the lower. */
const mostAlike = 0.5
/** Mu-law has two codes for silence. */
const silence = 0xff
const otherSilence = 0x7f

/**
 * Tells mu-law from linear samples of 16 bits, which agents send by mistake and which sound like noise: neighbouring
 * bytes of mu-law move alike.
 */
export class EncodingCheck {
  #seen = 0
  readonly #moved: [even: number, odd: number] = [0, 0]

  /** What is wrong, once it can be told; nothing is looked at any more then. */
  look(sound: Uint8Array): string | undefined {
    if (this.#seen >= enough) return undefined
    for (let i = 0; i < sound.length; i++) {
      const byte = sound[i]!
      if (byte === silence || byte === otherSilence) continue
      this.#moved[i & 1]! += Math.abs((byte << 24) >> 24)
      this.#seen++
    }
    if (this.#seen < enough) return undefined
    const [even, odd] = this.#moved
    if (Math.min(even, odd) >= mostAlike * Math.max(even, odd)) return undefined
    return 'the agent sent linear samples of 16 bits where mu-law was expected'
  }
}
