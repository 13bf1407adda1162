import type { ServerResponse } from 'node:http'
import type { WebSocket } from 'ws'
import {
  deepgramError,
  deepgramErrorCode,
  readSpeakFormat,
  speakDone,
  speakMetadata,
  speakWarning,
} from '../../wire/deepgram.ts'
import type { JsonObject } from '../../wire/request-fields.ts'
import type { SpeechFormat } from '../../wire/speech-format.ts'
import type { Face } from '../face.ts'
import { sendJson } from '../http-answer.ts'
import { type RefusedSpeech, speechLimit } from './refused-speech.ts'
import { answerWithSpeech, textToSpeak, wavHead } from './speech-answer.ts'
import { holdSlots } from './speech-services.ts'
import { acceptSocket, objectOf, refuseUpgrade, tell, type Upgrade } from './speech-socket.ts'
import { type Synthesis, synthesize } from './synthesis.ts'

const longestText = 2000

/** `POST /v1/speak`: the text in, its sound out. */
export function answerSpeak(
  face: Face,
  query: URLSearchParams,
  response: ServerResponse,
  body: string,
): void {
  const requestId = face.nextId()
  const refuse = (status: number, code: string, message: string): void =>
    sendJson(response, status, deepgramError(code, message, requestId))
  const format = readSpeakFormat(query)
  if (typeof format === 'string') return refuse(400, 'UNSUPPORTED_AUDIO_FORMAT', format)
  const text = textToSpeak(body)
  if (text === undefined) return refuse(400, 'INVALID_JSON', 'The body is {"text": "…"}.')
  if (text.length > longestText)
    return refuse(413, 'TEXT_TOO_LONG', `At most ${longestText} characters are spoken at once.`)
  const isFile = format.encoding === 'linear16' && (query.get('container') ?? 'wav') === 'wav'
  answerWithSpeech(face, response, {
    text,
    format,
    headers: {
      'content-type': isFile ? 'audio/wav' : format.encoding === 'mulaw' ? 'audio/mulaw' : 'audio/l16',
      'dg-request-id': requestId,
      'dg-model-name': modelOf(query),
      'dg-char-count': String(text.length),
    },
    ...(isFile ? { before: wavHead(format) } : {}),
    refused: ({ status, message }) => refuse(status, deepgramErrorCode(status), message),
  })
}

const modelOf = (query: URLSearchParams): string => (query.get('model') ?? 'aura-asteria-en').slice(0, 64)

/** WebSocket `/v1/speak`: texts in, spoken in order when they are flushed. */
export function answerSpeakSocket(face: Face, upgrade: Upgrade, query: URLSearchParams): void {
  const requestId = face.nextId()
  const format = readSpeakFormat(new URLSearchParams([['encoding', 'linear16'], ...query].reverse()))
  if (typeof format === 'string')
    return refuseUpgrade(upgrade, 400, deepgramError('UNSUPPORTED_AUDIO_FORMAT', format, requestId))
  const { tts } = face.epoch.speech
  if (!holdSlots(tts, upgrade.socket)) {
    const { status, message } = speechLimit
    return refuseUpgrade(upgrade, status, deepgramError(deepgramErrorCode(status), message, requestId))
  }
  acceptSocket(face, upgrade, (socket) => {
    tell(socket, speakMetadata(requestId, modelOf(query)))
    new SpeakSocket(face, socket, format, !tts.heldThroughout).open()
  })
}

/** One connection: what is flushed is spoken one after the other. */
class SpeakSocket {
  readonly #face: Face
  readonly #socket: WebSocket
  readonly #format: SpeechFormat
  readonly #takesSlot: boolean
  #text = ''
  #line: string[] = []
  #speaking: Synthesis | undefined
  #sequence = 0
  #closing = false

  constructor(face: Face, socket: WebSocket, format: SpeechFormat, takesSlot: boolean) {
    this.#face = face
    this.#socket = socket
    this.#format = format
    this.#takesSlot = takesSlot
  }

  open(): void {
    this.#socket.on('message', (data, isBinary) => this.#read(isBinary ? undefined : objectOf(data)))
    this.#socket.once('close', () => this.#speaking?.stop())
  }

  #read(message: JsonObject | undefined): void {
    switch (message?.['type']) {
      case 'Speak':
        this.#text += typeof message['text'] === 'string' ? message['text'] : ''
        if (this.#text.length > longestText) this.#flush()
        break
      case 'Flush':
        this.#flush()
        break
      case 'Clear':
        this.#clear()
        break
      case 'Close':
        this.#closing = true
        if (this.#text.trim() !== '') this.#flush()
        this.#next()
        break
      default:
        tell(this.#socket, speakWarning('UNKNOWN_MESSAGE', 'Known are Speak, Flush, Clear and Close.'))
    }
  }

  #flush(): void {
    this.#line.push(this.#text)
    this.#text = ''
    this.#next()
  }

  #clear(): void {
    this.#speaking?.stop()
    this.#speaking = undefined
    this.#line = []
    this.#text = ''
    tell(this.#socket, speakDone('Cleared', this.#sequence++))
  }

  #next(): void {
    if (this.#speaking) return
    const text = this.#line.shift()
    if (text === undefined) {
      if (this.#closing) this.#socket.close(1000)
      return
    }
    if (text.trim() === '') return this.#done()
    const started = synthesize(
      this.#face,
      { text, format: this.#format, takesSlot: this.#takesSlot },
      {
        audio: (bytes) => tell(this.#socket, bytes),
        done: () => this.#done(),
        failed: (why) => (why === 'cut' ? this.#socket.terminate() : this.#end(1011, 'NET-0000: timeout')),
      },
    )
    if ('status' in started) this.#refused(started)
    else this.#speaking = started
  }

  #done(): void {
    this.#speaking = undefined
    tell(this.#socket, speakDone('Flushed', this.#sequence++))
    this.#next()
  }

  #refused({ status, message }: RefusedSpeech): void {
    tell(this.#socket, speakWarning(deepgramErrorCode(status), message))
    this.#end(status === 429 ? 1008 : 1011, message)
  }

  #end(code: number, reason: string): void {
    this.#socket.close(code, reason.slice(0, 120))
  }
}
