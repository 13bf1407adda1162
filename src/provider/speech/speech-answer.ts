import type { ServerResponse } from 'node:http'
import { jsonObject } from '../../wire/parsed-json.ts'
import type { SpeechFormat } from '../../wire/speech-format.ts'
import type { Face } from '../face.ts'
import type { LiveCall } from '../live-calls.ts'
import type { RefusedSpeech } from './refused-speech.ts'
import { synthesize } from './synthesis.ts'

export interface SpeechAnswer {
  readonly text: string
  readonly format: SpeechFormat
  readonly headers: Readonly<Record<string, string>>
  /** What stands before the sound, such as the head of a file. */
  readonly before?: Buffer
  refused(refusal: RefusedSpeech): void
}

/** The text in a body such as `{"text": "Good morning."}`; undefined where there is none to speak. */
export function textToSpeak(body: string): string | undefined {
  const text = jsonObject(body)?.['text']
  return typeof text === 'string' && text.trim() !== '' ? text : undefined
}

/** What a reader may leave unread before it is given up. */
const mostUnreadBytes = 4 * 1024 * 1024

/** Speaks as the body of an HTTP answer, chunk by chunk as it is made. */
export function answerWithSpeech(face: Face, response: ServerResponse, answer: SpeechAnswer): void {
  const { text, format, headers, before } = answer
  const begin = (): void => {
    if (response.headersSent) return
    response.writeHead(200, headers)
    if (before) response.write(before)
  }
  const started = synthesize(
    face,
    { text, format, takesSlot: true },
    {
      audio(bytes) {
        begin()
        if (response.writableLength > mostUnreadBytes) response.destroy()
        else response.write(bytes)
      },
      done() {
        begin()
        response.end()
      },
      failed: () => response.destroy(),
    },
  )
  if ('status' in started) return answer.refused(started)
  const call: LiveCall = { cut: () => response.destroy() }
  face.live.add(call)
  response.once('close', () => {
    face.live.delete(call)
    started.stop()
  })
}

/** The head of a WAV file whose length is not known yet, as streams write it. */
export function wavHead({ sampleRate }: SpeechFormat): Buffer {
  const head = Buffer.alloc(44)
  const unknown = 0x7fff_ffff
  head.write('RIFF', 0)
  head.writeUInt32LE(unknown, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(sampleRate, 24)
  head.writeUInt32LE(sampleRate * 2, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(unknown - 36, 40)
  return head
}
