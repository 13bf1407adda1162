import { decodeSpeech, type SpeechFormat } from '../../wire/speech-format.ts'
import { VoiceActivity } from '../../wire/voice-activity.ts'
import { type VoiceTagKey, VoiceTagReader } from '../../wire/voice-tag.ts'
import type { Face } from '../face.ts'
import { heardText, sameUtteranceMs, shortestPauseMs } from '../speech/heard-text.ts'

/** Whom an ear tells when the caller begins and ends; instants are places in the sound. */
export interface RealtimeEarListener {
  started(atMs: number): void
  stopped(atMs: number): void
}

/** The input buffer of a session: keeps none of the sound, only who spoke in it since it was last taken. */
export class RealtimeEar {
  readonly #face: Face
  readonly #format: SpeechFormat
  readonly #activity: VoiceActivity
  readonly #tags: VoiceTagReader
  readonly #listener: RealtimeEarListener
  #key: VoiceTagKey | undefined
  #lastKey: { readonly key: VoiceTagKey; readonly endMs: number } | undefined
  #heardMs = 0
  #takenMs = 0
  /** When who is speaking, or has spoken last, began. */
  #beganMs = 0

  /** `silenceMs` ends a turn; a breath does not. */
  constructor(face: Face, format: SpeechFormat, silenceMs: number, listener: RealtimeEarListener) {
    this.#face = face
    this.#format = format
    this.#listener = listener
    this.#activity = new VoiceActivity({
      sampleRate: format.sampleRate,
      silenceMs: Math.max(shortestPauseMs, silenceMs),
    })
    this.#tags = new VoiceTagReader(format.sampleRate)
  }

  /** Sound that was heard and not taken yet. */
  get untakenMs(): number {
    return this.#heardMs - this.#takenMs
  }

  hear(bytes: Buffer): void {
    const samples = decodeSpeech(bytes, this.#format)
    this.#heardMs += (samples.length * 1000) / this.#format.sampleRate
    const events = this.#activity.push(samples)
    for (const key of this.#tags.read(samples)) this.#key = key
    for (const { type, atMs } of events)
      if (type === 'speech-end') this.#listener.stopped(atMs)
      else {
        this.#beganMs = atMs
        this.#listener.started(atMs)
      }
  }

  /** What was said since the last time; the rest of an utterance says again what its beginning said. */
  take(): string {
    const last = this.#lastKey
    const isRest = last !== undefined && this.#beganMs - last.endMs < sameUtteranceMs
    const key = this.#key ?? (isRest ? last.key : undefined)
    this.forget()
    if (key) this.#lastKey = { key, endMs: this.#heardMs }
    return heardText(this.#face, key)
  }

  /** Whatever was said is nobody's. */
  forget(): void {
    this.#key = undefined
    this.#takenMs = this.#heardMs
  }
}
