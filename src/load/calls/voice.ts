import { readFileSync } from 'node:fs'
import { spokenMs, utterances } from '../../workload/utterances.ts'
import { encodeMulaw, mulawSilence } from '../../wire/mulaw.ts'
import { mediaFrame } from '../../wire/twilio-media.ts'
import { symbolSound, type VoiceTagKey, voiceTagLimits, voiceTagSymbols } from '../../wire/voice-tag.ts'

/** Sound as the wire has it: frames of 20 ms in base64. */
export type Frames = readonly string[]

/** The voice of all callers: whatever a text says, it lasts as long as people need to say it. */
export interface Voice {
  readonly silence: string
  /** A text as frames; one that is not among the shipped utterances is spoken with their sound. */
  frames(text: string): Frames
  /** What stands before an utterance, so that whoever hears it knows its turn; nothing where no tag can name it. */
  tag(key: VoiceTagKey): Frames
}

let shipped: Voice | undefined

/** Reads the shipped voice, once. */
export function shippedVoice(): Voice {
  shipped ??= voiceOf(
    new Map(
      utterances.map(({ name, text }) => [
        text,
        readFileSync(new URL(`../../../voices/caller/${name}.ulaw`, import.meta.url)),
      ]),
    ),
  )
  return shipped
}

function voiceOf(sounds: ReadonlyMap<string, Uint8Array>): Voice {
  const all = framesOf(Buffer.concat([...sounds.values()]))
  const known = new Map([...sounds].map(([text, sound]) => [text, framesOf(sound)] as const))
  return {
    silence: base64(new Uint8Array(mediaFrame.bytes).fill(mulawSilence)),
    frames(text) {
      const frames = known.get(text)
      if (frames) return frames
      return all.slice(0, spokenMs(text.length) / mediaFrame.ms)
    },
    tag: (key) =>
      key.session < voiceTagLimits.session && key.turn < voiceTagLimits.turn
        ? voiceTagSymbols(key).map(symbolFrame)
        : [],
  }
}

const symbolFrames: string[] = []

/** A symbol of a tag lasts as long as a frame. */
function symbolFrame(symbol: number): string {
  return (symbolFrames[symbol] ??= base64(encodeMulaw(symbolSound(symbol)).subarray(0, mediaFrame.bytes)))
}

function framesOf(sound: Uint8Array): string[] {
  const { bytes } = mediaFrame
  return Array.from({ length: Math.ceil(sound.length / bytes) }, (_, i) => {
    const frame = new Uint8Array(bytes).fill(mulawSilence)
    frame.set(sound.subarray(i * bytes, (i + 1) * bytes))
    return base64(frame)
  })
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
