import { monotonicMs } from '../../clock/now.ts'
import { Timer } from '../../clock/timer-wheel.ts'
import { withoutMark } from '../../sessions/turn-key.ts'
import { type Heard, type ListenOptions } from '../../wire/deepgram.ts'
import { decodeSpeech } from '../../wire/speech-format.ts'
import { VoiceActivity } from '../../wire/voice-activity.ts'
import { type VoiceTagKey, VoiceTagReader } from '../../wire/voice-tag.ts'
import type { Face } from '../face.ts'
import { heardText, sameUtteranceMs, shortestPauseMs } from './heard-text.ts'
import { newSpeech, speechFault, speechLatencyMs } from './refused-speech.ts'

/** What is heard is told here. */
export interface TranscriberListener {
  started(atMs: number): void
  interim(heard: Heard): void
  final(heard: Heard, finalized: boolean): void
  /** The connection breaks. */
  cut(): void
}

const interimEveryMs = 500
/** A word takes about so long to say. */
const wordMs = 400

interface Utterance {
  readonly startMs: number
  endMs: number
  key?: VoiceTagKey
  toldInterimMs: number
}

/**
 * Hears one caller: utterances by their energy, what they say by the tag that names their turn. Each transcript comes
 * after the service's latency, counted from the silence that ends the utterance or from the caller's Finalize.
 */
export class Transcriber {
  readonly #face: Face
  readonly #options: ListenOptions
  readonly #listener: TranscriberListener
  readonly #activity: VoiceActivity
  readonly #tags: VoiceTagReader
  readonly #pending = new Set<Timer>()
  #utterance: Utterance | undefined
  #taggedEndMs = -Infinity
  #atMs = 0
  /** When the last of it came. */
  #cameAtMs = NaN
  #whenIdle: (() => void) | undefined

  constructor(face: Face, options: ListenOptions, listener: TranscriberListener) {
    this.#face = face
    this.#options = options
    this.#listener = listener
    const { sampleRate } = options.format
    const { endpointingMs } = options
    const silenceMs = endpointingMs === Infinity ? shortestPauseMs : Math.max(shortestPauseMs, endpointingMs)
    this.#activity = new VoiceActivity({ sampleRate, silenceMs })
    this.#tags = new VoiceTagReader(sampleRate)
  }

  /** How much has been heard. */
  get heardMs(): number {
    return this.#atMs
  }

  hear(bytes: Buffer): void {
    const samples = decodeSpeech(bytes, this.#options.format)
    const events = this.#activity.push(samples)
    this.#atMs = this.#activity.positionMs
    this.#cameAtMs = monotonicMs()
    for (const { type, atMs } of events)
      if (type === 'speech-start') this.#start(atMs)
      else this.#end(atMs)
    for (const key of this.#tags.read(samples)) this.#tagged(key)
    if (this.#options.interim && this.#activity.isSpeaking) this.#tellInterim()
  }

  /** The caller’s turn is over, says the client: what there is of it is told. */
  finalize(): void {
    if (this.#utterance) this.#utterance.endMs = Math.max(this.#utterance.endMs, this.#utterance.startMs)
    this.#conclude(true)
  }

  /** Tells what is still to be told, then calls back. */
  finish(then: () => void): void {
    if (this.#utterance) this.#conclude(true)
    this.#whenIdle = then
    this.#idle()
  }

  stop(): void {
    for (const timer of this.#pending) this.#face.clock.clear(timer)
    this.#pending.clear()
    this.#whenIdle = undefined
  }

  #start(atMs: number): void {
    this.#listener.started(atMs)
    this.#utterance ??= { startMs: atMs, endMs: atMs, toldInterimMs: atMs }
  }

  #end(atMs: number): void {
    if (this.#utterance) this.#utterance.endMs = atMs
    if (this.#options.endpointingMs < Infinity) this.#conclude(false)
  }

  #tagged(key: VoiceTagKey): void {
    if (this.#utterance?.key) this.#conclude(false)
    this.#utterance ??= { startMs: this.#atMs, endMs: this.#atMs, toldInterimMs: this.#atMs }
    this.#utterance.key = key
  }

  #conclude(finalized: boolean): void {
    const utterance = this.#utterance
    this.#utterance = undefined
    const { epoch } = this.#face
    if (!utterance) return this.#later(0, () => this.#listener.final(this.#nothing(), finalized))
    const { key } = utterance
    if (key) this.#taggedEndMs = Math.max(utterance.endMs, this.#atMs)
    const at = key ?? { session: newSpeech(this.#face), turn: 0 }
    const { session, turn } = at
    const spoken = { part: 'stt', session, turn, which: 'playing' } as const
    const fault = speechFault(this.#face, spoken, monotonicMs())?.fault
    if (fault?.name === 'cut') return this.#listener.cut()
    const heldMs = fault ? fault.forMs / epoch.time.speed : 0
    const spokeUntilMs = this.#cameAtMs - (this.#atMs - this.#activity.spokenUntilMs)
    const heard = { ...this.#nothing(utterance), transcript: this.#transcript(utterance) }
    this.#later(speechLatencyMs(this.#face, epoch.speech.stt, at) + heldMs, () => {
      const { stt } = epoch.speech
      stt.done++
      if (key) stt.waitsMs.add(monotonicMs() - spokeUntilMs)
      this.#listener.final(heard, finalized)
    })
  }

  #nothing(utterance?: Utterance): Heard {
    const startMs = utterance?.startMs ?? this.#atMs
    return { transcript: '', startMs, durationMs: this.#atMs - startMs }
  }

  #transcript({ key, startMs }: Utterance): string {
    if (!key && startMs - this.#taggedEndMs < sameUtteranceMs) return ''
    return heardText(this.#face, key)
  }

  #tellInterim(): void {
    const utterance = this.#utterance
    if (!utterance || this.#atMs - utterance.toldInterimMs < interimEveryMs) return
    utterance.toldInterimMs = this.#atMs
    const words = withoutMark(this.#transcript(utterance)).split(' ')
    const said = Math.min(words.length - 1, Math.floor((this.#atMs - utterance.startMs) / wordMs))
    if (said < 1) return
    this.#listener.interim({ ...this.#nothing(utterance), transcript: words.slice(0, said).join(' ') })
  }

  #later(waitMs: number, then: () => void): void {
    const dueMs = monotonicMs() + waitMs
    if (dueMs === Infinity) return
    const timer = new Timer((nowMs) => {
      this.#pending.delete(timer)
      this.#face.epoch.tally.lateness.add(nowMs - dueMs)
      then()
      this.#idle()
    })
    this.#pending.add(timer)
    this.#face.clock.set(timer, dueMs)
  }

  #idle(): void {
    if (this.#pending.size > 0 || !this.#whenIdle) return
    const then = this.#whenIdle
    this.#whenIdle = undefined
    then()
  }
}
