import { spokenMs as charactersMs } from '../../workload/utterances.ts'
import { encodeSpeech, type SpeechFormat, speechBytesPerMs } from '../../wire/speech-format.ts'

/** What is written at once. */
export const pieceMs = 200
const loopMs = 20 * pieceMs
/** Of the fundamental; a whole number of periods fits the loop. */
const pitchHz = 125
const syllablesPerSecond = 4
const loudness = 0.3
const highestHz = 3400

const loops = new Map<string, Buffer>()

/** How long it takes to say the text. */
export function spokenMs(text: string): number {
  return charactersMs(text.trim().length)
}

/** A piece of the voice's sound: the same for every text, since nobody listens to the words. */
export function voicePiece(format: SpeechFormat, fromMs: number, lengthMs: number): Buffer {
  const name = `${format.encoding} ${format.sampleRate}`
  let loop = loops.get(name)
  if (!loop) loops.set(name, (loop = encodeSpeech(loopSamples(format.sampleRate), format)))
  const perMs = speechBytesPerMs(format)
  // Pieces begin at whole pieces, so none goes over the end of the loop.
  const start = Math.floor((fromMs % loopMs) * perMs)
  return loop.subarray(start, start + Math.floor(lengthMs * perMs))
}

/** Harmonics of a voice's pitch, swelling with each syllable and never quite silent. */
function loopSamples(sampleRate: number): Int16Array {
  const harmonics = Math.floor(Math.min(highestHz, sampleRate / 2) / pitchHz)
  return Int16Array.from({ length: (sampleRate * loopMs) / 1000 }, (_, i) => {
    const seconds = i / sampleRate
    let wave = 0
    for (let h = 1; h <= harmonics; h++) wave += Math.sin(2 * Math.PI * pitchHz * h * seconds + h * h) / h
    const swell = 0.4 + 0.6 * Math.abs(Math.sin(Math.PI * syllablesPerSecond * seconds))
    return Math.round(32_767 * Math.max(-1, Math.min(1, loudness * swell * wave)))
  })
}
