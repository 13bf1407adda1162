import { callerHabits } from '../../sessions/call-plan.ts'
import { mulawToLinear } from '../../wire/mulaw.ts'
import { mediaFrame } from '../../wire/twilio-media.ts'

/** A frame whose mean square is above that of -50 dB of full scale is heard: silence and comfort noise are not. */
const audiblePower = (32_768 * 10 ** (-50 / 20)) ** 2
/** Shorter pauses are within one stretch of speech. */
const pauseMs = 400
/** Sound that comes this much later than it is needed leaves a hole that is heard. */
const gapMs = 200
/** Marks that wait until the sound before them has been played. */
const mostMarks = 1000

/**
 * The carrier's end of the agent's sound: pieces of any length are played one after the other, as fast as they last,
 * and this says what the caller hears when. It keeps instants only, no sound.
 */
export class AnswerEar {
  /** Of the answer: when its first sound was heard; NaN before. */
  firstHeardAtMs = NaN
  /** Until when anything is heard, in the future while there is sound to be played; -Infinity before. */
  heardUntilMs = -Infinity
  /** Frames of the answer that were played or will be. */
  frames = 0
  gaps = 0
  longestGapMs = 0
  /** The answer began while the caller spoke. */
  talkedOver = false
  readonly #marked: (name: string) => void
  readonly #marks: { readonly name: string; readonly atMs: number }[] = []
  #playsUntilMs = -Infinity
  #stretchFromMs = NaN
  /** What is heard still belongs to the answer before. */
  #isOld = false

  /** `marked` is told of marks whose sound has been played. */
  constructor(marked: (name: string) => void) {
    this.#marked = marked
  }

  /** The caller has ended an utterance that began at `spokeFromMs`: from now on there is an answer to be heard. */
  listen(atMs: number, spokeFromMs: number): void {
    const speaks = this.heardUntilMs > atMs
    const begunMeanwhile = speaks && this.#stretchFromMs >= spokeFromMs
    this.#isOld = speaks && !begunMeanwhile
    this.talkedOver = begunMeanwhile
    this.firstHeardAtMs = begunMeanwhile ? atMs : NaN
    this.frames = 0
  }

  /** Sound arrives. */
  media(sound: Uint8Array, atMs: number): void {
    const { bytes, ms } = mediaFrame
    if (sound.length === 0) return
    this.#noteGap(atMs)
    let playMs = Math.max(atMs, this.#playsUntilMs)
    for (let at = 0; at < sound.length; at += bytes) {
      const until = Math.min(sound.length, at + bytes)
      if (isAudible(sound, at, until)) this.#hear(playMs, playMs + ((until - at) * ms) / bytes)
      playMs += ((until - at) * ms) / bytes
    }
    this.#playsUntilMs = playMs
  }

  /** The agent takes back what has not been played; tells how much that was, milliseconds. */
  clear(atMs: number): number {
    const unplayedMs = Math.max(0, this.#playsUntilMs - atMs)
    this.#playsUntilMs = Math.min(this.#playsUntilMs, atMs)
    this.heardUntilMs = Math.min(this.heardUntilMs, atMs)
    if (this.firstHeardAtMs > atMs) this.firstHeardAtMs = NaN
    for (const { name } of this.#marks.splice(0)) this.#marked(name)
    return unplayedMs
  }

  /** A mark that comes back when the sound before it has been played. */
  mark(name: string, atMs: number): void {
    if (this.#playsUntilMs <= atMs || this.#marks.length >= mostMarks) this.#marked(name)
    else this.#marks.push({ name, atMs: this.#playsUntilMs })
  }

  /** Lets time pass. */
  advance(atMs: number): void {
    while (this.#marks.length > 0 && this.#marks[0]!.atMs <= atMs) this.#marked(this.#marks.shift()!.name)
  }

  speaks(atMs: number): boolean {
    return this.heardUntilMs > atMs
  }

  hasAnswered(atMs: number): boolean {
    return this.firstHeardAtMs <= atMs
  }

  isOver(atMs: number): boolean {
    return this.hasAnswered(atMs) && atMs >= this.heardUntilMs + callerHabits.answerOverMs
  }

  #hear(fromMs: number, untilMs: number): void {
    const pausedMs = fromMs - this.heardUntilMs
    if (!(pausedMs < pauseMs)) {
      this.#stretchFromMs = fromMs
      this.#isOld = false
    }
    if (!this.#isOld) {
      if (Number.isNaN(this.firstHeardAtMs)) this.firstHeardAtMs = fromMs
      this.frames++
    }
    this.heardUntilMs = untilMs
  }

  /** The player ran dry within an answer. */
  #noteGap(atMs: number): void {
    const missedMs = atMs - this.#playsUntilMs
    if (missedMs <= gapMs || !this.hasAnswered(atMs) || atMs - this.heardUntilMs > callerHabits.answerOverMs)
      return
    this.gaps++
    this.longestGapMs = Math.max(this.longestGapMs, missedMs)
  }
}

const powers = Float64Array.from(mulawToLinear, (sample) => sample * sample)

/** Speech is as good as always told from silence by its first samples. */
function isAudible(sound: Uint8Array, from: number, until: number): boolean {
  const enough = audiblePower * (until - from)
  let sum = 0
  for (let i = from; i < until; i++) {
    sum += powers[sound[i]!]!
    if (sum > enough) return true
  }
  return false
}
