import { monotonicMs } from '../../clock/now.ts'
import { Timer } from '../../clock/timer-wheel.ts'
import type { SpeechFormat } from '../../wire/speech-format.ts'
import type { FaultName } from '../../workload/fault.ts'
import type { Epoch } from '../epoch.ts'
import type { Face } from '../face.ts'
import type { DrawnFault } from '../faults.ts'
import {
  newSpeech,
  type RefusedSpeech,
  refusalOf,
  speechFault,
  speechLatencyMs,
  speechLimit,
} from './refused-speech.ts'
import type { SpeechService } from './speech-services.ts'
import { pieceMs, spokenMs, voicePiece } from './simulated-voice.ts'

/** Sound is made so much faster than it is heard. */
const fasterThanHeard = 4

export interface SynthesisOptions {
  readonly text: string
  readonly format: SpeechFormat
  /** Takes a slot of its own, where the connection holds none. */
  readonly takesSlot: boolean
}

/** What comes of a text that is spoken. */
export interface SynthesisListener {
  audio(bytes: Buffer, fromMs: number, lengthMs: number): void
  /** All of it has been told; the last call. */
  done(): void
  /** It broke off, or nothing came; the last call. */
  failed(why: 'cut' | 'timeout'): void
}

export interface Synthesis {
  /** Stops it, and nothing more is told. */
  stop(): void
}

/** Speaks a text after the service's latency, four times as fast as it is heard, or says why not. */
export function synthesize(
  face: Face,
  options: SynthesisOptions,
  listener: SynthesisListener,
): Synthesis | RefusedSpeech {
  const service = face.epoch.speech.tts
  const askedMs = monotonicMs()
  const at = { session: newSpeech(face), turn: 0 }
  const drawn = speechFault(face, { part: 'tts', ...at }, askedMs)
  const refusal = refusalOf(drawn, face.epoch.time.speed)
  if (refusal) return refusal
  const waitMs = options.takesSlot ? service.slots.take(askedMs, service.perCall) : 0
  if (waitMs === undefined) return speechLimit
  const firstMs = askedMs + waitMs + speechLatencyMs(face, service, at)
  const speaking = new Speaking(face, options, listener, { askedMs, firstMs, drawn })
  speaking.arm()
  return speaking
}

interface Course {
  /** When the text was given, and when its first sound is due without a fault: instants of the monotonic clock. */
  readonly askedMs: number
  readonly firstMs: number
  readonly drawn: DrawnFault | undefined
}

/** A text that is being spoken, piece by piece, each due at an instant of its own. */
class Speaking implements Synthesis {
  readonly #epoch: Epoch
  readonly #service: SpeechService
  readonly #clock: Face['clock']
  readonly #options: SynthesisOptions
  readonly #listener: SynthesisListener
  readonly #fault: FaultName | undefined
  /** For how long a fault holds the sound back, wall milliseconds. */
  readonly #heldMs: number
  readonly #askedMs: number
  readonly #firstMs: number
  readonly #totalMs: number
  readonly #pieces: number
  /** The piece at which a fault stalls or cuts. */
  readonly #breakAt: number
  readonly #timer = new Timer((atMs) => this.#speak(atMs))
  #told = 0
  #isOver = false

  constructor(face: Face, options: SynthesisOptions, listener: SynthesisListener, course: Course) {
    const { drawn } = course
    this.#epoch = face.epoch
    this.#service = face.epoch.speech.tts
    this.#clock = face.clock
    this.#options = options
    this.#listener = listener
    this.#fault = drawn?.fault.name
    this.#heldMs = drawn ? drawn.fault.forMs / face.epoch.time.speed : 0
    this.#askedMs = course.askedMs
    this.#firstMs = course.firstMs + (this.#fault === 'slowFirstByte' ? this.#heldMs : 0)
    this.#totalMs = spokenMs(options.text)
    this.#pieces = Math.ceil(this.#totalMs / pieceMs)
    this.#breakAt = drawn ? Math.floor(this.#pieces * drawn.place) : Infinity
  }

  /** Waits for the next piece, or for the end of a wait in vain. */
  arm(): void {
    const atMs = this.#fault === 'timeout' ? this.#askedMs + this.#heldMs : this.#dueMs(this.#told)
    if (!this.#isOver && atMs < Infinity) this.#clock.set(this.#timer, atMs)
  }

  stop(): void {
    if (!this.#isOver) this.#end()
  }

  #dueMs(piece: number): number {
    const isStalled = this.#fault === 'stall' && piece >= this.#breakAt
    return this.#firstMs + (piece * pieceMs) / fasterThanHeard + (isStalled ? this.#heldMs : 0)
  }

  #speak(atMs: number): void {
    if (this.#fault === 'timeout') return this.#fail('timeout')
    while (!this.#isOver && this.#dueMs(this.#told) <= atMs) {
      if (this.#told >= this.#pieces) return this.#finish()
      if (this.#fault === 'cut' && this.#told >= this.#breakAt) return this.#fail('cut')
      this.#epoch.tally.lateness.add(atMs - this.#dueMs(this.#told))
      if (this.#told === 0) this.#service.waitsMs.add(atMs - this.#askedMs)
      const fromMs = this.#told++ * pieceMs
      const lengthMs = Math.min(pieceMs, this.#totalMs - fromMs)
      this.#listener.audio(voicePiece(this.#options.format, fromMs, lengthMs), fromMs, lengthMs)
    }
    this.arm()
  }

  #finish(): void {
    this.#end()
    this.#service.done++
    this.#listener.done()
  }

  #fail(why: 'cut' | 'timeout'): void {
    this.#end()
    this.#listener.failed(why)
  }

  #end(): void {
    this.#isOver = true
    this.#clock.clear(this.#timer)
    if (this.#options.takesSlot) this.#service.slots.free(this.#service.perCall)
  }
}
