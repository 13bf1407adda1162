import { monotonicMs } from '../../clock/now.ts'
import { Timer } from '../../clock/timer-wheel.ts'
import type { SpeechFormat } from '../../wire/speech-format.ts'
import type { Face } from '../face.ts'
import {
  newSpeech,
  type RefusedSpeech,
  refusalOf,
  speechFault,
  speechLatencyMs,
  speechLimit,
} from './refused-speech.ts'
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
  { text, format, takesSlot }: SynthesisOptions,
  listener: SynthesisListener,
): Synthesis | RefusedSpeech {
  const { epoch, clock } = face
  const service = epoch.speech.tts
  const { speed } = epoch.time
  const nowMs = monotonicMs()
  const at = { session: newSpeech(face), turn: 0 }
  const drawn = speechFault(face, 'tts', nowMs, at)
  const refusal = refusalOf(drawn, speed)
  if (refusal) return refusal
  const waitMs = takesSlot ? service.slots.take(nowMs, service.perCall) : 0
  if (waitMs === undefined) return speechLimit

  const fault = drawn?.fault
  const heldMs = fault ? fault.forMs / speed : 0
  const totalMs = spokenMs(text)
  const pieces = Math.ceil(totalMs / pieceMs)
  const breakAt = drawn ? Math.floor(pieces * drawn.place) : Infinity
  const firstMs =
    nowMs + waitMs + speechLatencyMs(face, service, at) + (fault?.name === 'slowFirstByte' ? heldMs : 0)
  let told = 0
  let over = false
  const dueMs = (piece: number): number =>
    firstMs + (piece * pieceMs) / fasterThanHeard + (fault?.name === 'stall' && piece >= breakAt ? heldMs : 0)
  const timer = new Timer((atMs) => {
    if (fault?.name === 'timeout') return fail('timeout')
    while (!over && dueMs(told) <= atMs) {
      if (told >= pieces) return finish()
      if (fault?.name === 'cut' && told >= breakAt) return fail('cut')
      epoch.tally.lateness.add(atMs - dueMs(told))
      if (told === 0) service.waitsMs.add(atMs - nowMs)
      const fromMs = told++ * pieceMs
      const lengthMs = Math.min(pieceMs, totalMs - fromMs)
      listener.audio(voicePiece(format, fromMs, lengthMs), fromMs, lengthMs)
    }
    arm()
  })
  const arm = (): void => {
    const atMs = fault?.name === 'timeout' ? nowMs + heldMs : dueMs(told)
    if (!over && atMs < Infinity) clock.set(timer, atMs)
  }
  const leave = (): void => {
    over = true
    clock.clear(timer)
    if (takesSlot) service.slots.free(service.perCall)
  }
  const finish = (): void => {
    leave()
    service.done++
    listener.done()
  }
  const fail = (why: 'cut' | 'timeout'): void => {
    leave()
    listener.failed(why)
  }
  arm()
  return {
    stop() {
      if (!over) leave()
    },
  }
}
