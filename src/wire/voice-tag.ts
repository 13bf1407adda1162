/** Names the turn that an utterance belongs to. */
export interface VoiceTagKey {
  /** 32-bit name of the run. */
  readonly run: number
  /** Below 2^24. */
  readonly session: number
  /** Below 2^8. */
  readonly turn: number
}

/*
 * A tag is eleven symbols of 20 ms, each of two tones: two of synchronisation, then nine bytes (run, session, turn and
 * a checksum), of each the lower four bits by the lower tone and the upper four by the upper one. All tones lie in the
 * telephone's band; neighbours are further apart than the 50 Hz that 20 ms can tell apart.
 */
const symbolSeconds = 0.02
const byteCount = 9
const symbolCount = 2 + byteCount
const syncTones = [
  [340, 1720],
  [1710, 3400],
] as const
const lowTone = (nibble: number): number => 420 + 80 * nibble
const highTone = (nibble: number): number => 1800 + 100 * nibble
/** Of each of the two tones, over full scale. */
const toneAmplitude = 0.25

/** The first turn or session that no tag can name. */
export const voiceTagLimits = { session: 2 ** 24, turn: 2 ** 8 }

/** The tag that names a turn, to stand before its utterance: linear samples of 16 bits. */
export function voiceTag(key: VoiceTagKey, sampleRate = 8000): Int16Array {
  const symbols = voiceTagSymbols(key)
  const samples = new Int16Array(Math.round(symbolCount * symbolSeconds * sampleRate))
  for (const [place, symbol] of symbols.entries()) {
    const from = Math.round(place * symbolSeconds * sampleRate)
    const to = Math.round((place + 1) * symbolSeconds * sampleRate)
    samples.set(symbolSound(symbol, sampleRate).subarray(0, to - from), from)
  }
  return samples
}

/** A tag as the numbers of its symbols: there are no more than 258, and each sounds the same wherever it stands. */
export function voiceTagSymbols(key: VoiceTagKey): readonly number[] {
  if (!(key.session < voiceTagLimits.session && key.turn < voiceTagLimits.turn))
    throw new RangeError(`no voice tag names turn ${key.turn} of session ${key.session}`)
  return [...syncTones.map((_, i) => firstSync + i), ...bytesOf(key)]
}

/** A symbol's 20 ms, and up to a sample more. */
export function symbolSound(symbol: number, sampleRate = 8000): Int16Array {
  const [low, high] = syncTones[symbol - firstSync] ?? [lowTone(symbol & 15), highTone(symbol >> 4)]
  const other = toneOf(high, sampleRate)
  return toneOf(low, sampleRate).map((sample, i) => sample + other[i]!)
}

/** Symbols below it are bytes. */
const firstSync = 256

const tonesKnown = new Map<number, Int16Array>()

/** One symbol of a tone; there are 36 of them at each rate. */
function toneOf(hertz: number, sampleRate: number): Int16Array {
  const key = sampleRate * 8192 + hertz
  let tone = tonesKnown.get(key)
  if (!tone) {
    const length = Math.ceil(symbolSeconds * sampleRate) + 1
    const step = (2 * Math.PI * hertz) / sampleRate
    tone = Int16Array.from({ length }, (_, i) => Math.round(32_767 * toneAmplitude * Math.sin(step * i)))
    tonesKnown.set(key, tone)
  }
  return tone
}

function bytesOf({ run, session, turn }: VoiceTagKey): number[] {
  const named = [run >>> 24, run >>> 16, run >>> 8, run, session >>> 16, session >>> 8, session, turn]
  const bytes = named.map((byte) => byte & 255)
  return [...bytes, checksum(bytes)]
}

/** CRC-8 with the polynomial x^8 + x^2 + x + 1. */
function checksum(bytes: readonly number[]): number {
  let crc = 0xff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1
  }
  return crc
}

/** A window that is quieter than this mean square holds no tag. */
const quietest = (32_768 * 0.01) ** 2
/** Of a window's energy, at least so much lies in the two tones of a tag, wherever in the symbol the window begins. */
const leastInTones = 0.45

/** Finds tags in speech as it comes in, in pieces of any length. */
export class VoiceTagReader {
  readonly #rate: number
  readonly #symbol: number
  /** Samples not yet looked at, from `#from` to `#to`; what lies before has been. */
  #kept: Int16Array
  #from = 0
  #to = 0

  constructor(sampleRate: number) {
    this.#rate = sampleRate
    this.#symbol = Math.floor(symbolSeconds * sampleRate)
    this.#kept = new Int16Array(this.#tagSamples() * 3)
  }

  /** The tags that end in this piece of speech, in order. */
  read(samples: Int16Array): VoiceTagKey[] {
    const found: VoiceTagKey[] = []
    const step = this.#tagSamples()
    for (let i = 0; i < samples.length; i += step) {
      this.#keep(samples.subarray(i, i + step))
      this.#search(found)
    }
    return found
  }

  /** A tag and the search for its beginning. */
  #tagSamples(): number {
    return Math.ceil((symbolCount + 1) * symbolSeconds * this.#rate)
  }

  #keep(samples: Int16Array): void {
    if (this.#to + samples.length > this.#kept.length) {
      // The best beginning may lie half a symbol before.
      const keep = Math.max(0, this.#from - (this.#symbol >> 1))
      this.#kept.copyWithin(0, keep, this.#to)
      this.#to -= keep
      this.#from -= keep
    }
    this.#kept.set(samples, this.#to)
    this.#to += samples.length
  }

  #search(found: VoiceTagKey[]): void {
    const hop = this.#symbol >> 1
    while (this.#to - this.#from >= this.#symbol) {
      if (this.#shareIn(syncTones[0], this.#from) < leastInTones) {
        this.#from += hop
        continue
      }
      if (this.#to - this.#from < this.#tagSamples()) return
      const start = this.#beginning(this.#from)
      const key = this.#decode(start)
      if (key) found.push(key)
      this.#from = key ? this.#at(start, symbolCount) : this.#from + hop
    }
  }

  /** Where the synchronisation fits best, within half a symbol to either side. */
  #beginning(near: number): number {
    const step = Math.max(1, Math.round(this.#rate / 2000))
    let best = near
    let most = -1
    for (let at = Math.max(0, near - (this.#symbol >> 1)); at <= near + (this.#symbol >> 1); at += step) {
      const score = this.#shareIn(syncTones[0], at) + this.#shareIn(syncTones[1], this.#at(at, 1))
      if (score <= most) continue
      most = score
      best = at
    }
    return best
  }

  #decode(start: number): VoiceTagKey | undefined {
    const bytes: number[] = []
    for (let i = 0; i < byteCount; i++) {
      const at = this.#at(start, 2 + i)
      const byte = this.#loudest(lowTone, at) | (this.#loudest(highTone, at) << 4)
      if (this.#shareIn([lowTone(byte & 15), highTone(byte >> 4)], at) < leastInTones) return undefined
      bytes.push(byte)
    }
    const sum = bytes.pop()
    if (checksum(bytes) !== sum) return undefined
    const [a, b, c, d, e, f, g, turn] = bytes as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    const run = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0
    return { run, session: (e << 16) | (f << 8) | g, turn }
  }

  #at(start: number, symbol: number): number {
    return start + Math.round(symbol * symbolSeconds * this.#rate)
  }

  #loudest(tone: (nibble: number) => number, at: number): number {
    let best = 0
    let most = -1
    for (let nibble = 0; nibble < 16; nibble++) {
      const power = this.#power(tone(nibble), at)
      if (power <= most) continue
      most = power
      best = nibble
    }
    return best
  }

  /** Of the energy of the symbol at `at`, the share of two tones, as if the louder were no louder than the other. */
  #shareIn(tones: readonly [number, number], at: number): number {
    let energy = 0
    for (let i = at; i < at + this.#symbol; i++) energy += this.#kept[i]! ** 2
    if (energy < quietest * this.#symbol) return 0
    return (2 * Math.min(this.#power(tones[0], at), this.#power(tones[1], at))) / energy
  }

  /** Energy of one tone in the symbol at `at`: Goertzel's recursion (Amer. Math. Monthly 65, 1958). */
  #power(hertz: number, at: number): number {
    const cosine = 2 * Math.cos((2 * Math.PI * hertz) / this.#rate)
    let last = 0
    let before = 0
    for (let i = at; i < at + this.#symbol; i++) {
      const next = this.#kept[i]! + cosine * last - before
      before = last
      last = next
    }
    const square = last * last + before * before - cosine * last * before
    return (2 * square) / this.#symbol
  }
}
