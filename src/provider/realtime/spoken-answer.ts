import type { SpeechFormat } from '../../wire/speech-format.ts'
import { spokenMs } from '../../workload/utterances.ts'
import { pieceMs, voicePiece } from '../speech/simulated-voice.ts'

/** The sound of one answer, made as fast as its text comes. */
export class SpokenAnswer {
  readonly #format: SpeechFormat
  #characters = 0
  #toldMs = 0

  constructor(format: SpeechFormat) {
    this.#format = format
  }

  /** What can be heard of the answer now that `text` was added to it: whole pieces, and at its end the rest. */
  add(text: string, isEnd: boolean): Buffer {
    this.#characters += text.length
    const saidMs = spokenMs(this.#characters)
    const untilMs = isEnd ? saidMs : Math.floor(saidMs / pieceMs) * pieceMs
    const pieces: Buffer[] = []
    while (this.#toldMs < untilMs) {
      const lengthMs = Math.min(pieceMs, untilMs - this.#toldMs)
      pieces.push(voicePiece(this.#format, this.#toldMs, lengthMs))
      this.#toldMs += lengthMs
    }
    return Buffer.concat(pieces)
  }
}
