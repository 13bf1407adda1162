import { decodeMulaw, encodeMulaw } from './mulaw.ts'

/** How speech is written down: little-endian samples of 16 bits, or mu-law bytes. */
export interface SpeechFormat {
  readonly encoding: 'linear16' | 'mulaw'
  readonly sampleRate: number
}

/** What the telephone carries. */
export const telephoneSpeech: SpeechFormat = { encoding: 'mulaw', sampleRate: 8000 }

/** Bytes of one millisecond. */
export function speechBytesPerMs({ encoding, sampleRate }: SpeechFormat): number {
  return (sampleRate * (encoding === 'linear16' ? 2 : 1)) / 1000
}

/** Linear samples as bytes of the format. */
export function encodeSpeech(samples: Int16Array, { encoding }: SpeechFormat): Buffer {
  if (encoding === 'mulaw') return Buffer.from(encodeMulaw(samples))
  const bytes = Buffer.alloc(samples.length * 2)
  for (let i = 0; i < samples.length; i++) bytes.writeInt16LE(samples[i]!, 2 * i)
  return bytes
}

/** Bytes of the format as linear samples; half a sample at the end is left out. */
export function decodeSpeech(bytes: Buffer, { encoding }: SpeechFormat): Int16Array {
  if (encoding === 'mulaw') return decodeMulaw(bytes)
  const samples = new Int16Array(bytes.length >> 1)
  for (let i = 0; i < samples.length; i++) samples[i] = bytes.readInt16LE(2 * i)
  return samples
}
