import type { WebSocket } from 'ws'
import {
  audioOutput,
  elevenLabsError,
  elevenLabsErrorCode,
  elevenLabsSocketError,
  finalOutput,
  readOutputFormat,
} from '../../wire/elevenlabs.ts'
import type { JsonObject } from '../../wire/request-fields.ts'
import type { SpeechFormat } from '../../wire/speech-format.ts'
import type { Face } from '../face.ts'
import { type RefusedSpeech, speechLimit } from './refused-speech.ts'
import { spokenMs } from './simulated-voice.ts'
import { holdSlots } from './speech-services.ts'
import { acceptSocket, IdleLimit, objectOf, refuseUpgrade, tell, type Upgrade } from './speech-socket.ts'
import { type Synthesis, synthesize } from './synthesis.ts'

const defaultIdleMs = 20_000
const mostIdleSeconds = 180
const mostContexts = 5
/** Without `auto_mode` or a flush, speaking begins when there is so much text. */
const scheduledCharacters = 120

/** WebSocket `…/stream-input` and `…/multi-stream-input`: texts in, spoken in the order of each context. */
export function answerStreamInput(
  face: Face,
  upgrade: Upgrade,
  query: URLSearchParams,
  isMulti: boolean,
): void {
  const format = readOutputFormat(query)
  if (typeof format === 'string')
    return refuseUpgrade(upgrade, 400, elevenLabsError('invalid_output_format', format))
  const { tts } = face.epoch.speech
  if (!holdSlots(tts, upgrade.socket)) {
    const { status, message } = speechLimit
    return refuseUpgrade(upgrade, status, elevenLabsError(elevenLabsErrorCode(status), message))
  }
  const asked = Number(query.get('inactivity_timeout'))
  acceptSocket(face, upgrade, (socket) =>
    new InputSocket(face, socket, {
      format,
      isMulti,
      takesSlot: !tts.heldThroughout,
      autoMode: query.get('auto_mode') === 'true',
      idleMs: asked > 0 ? Math.min(mostIdleSeconds, asked) * 1000 : defaultIdleMs,
    }).open(),
  )
}

interface InputOptions {
  readonly format: SpeechFormat
  readonly isMulti: boolean
  readonly takesSlot: boolean
  readonly autoMode: boolean
  readonly idleMs: number
}

class InputSocket {
  readonly #face: Face
  readonly #socket: WebSocket
  readonly #options: InputOptions
  readonly #contexts = new Map<string, Context>()
  readonly #idle: IdleLimit

  constructor(face: Face, socket: WebSocket, options: InputOptions) {
    this.#face = face
    this.#socket = socket
    this.#options = options
    this.#idle = new IdleLimit(face, options.idleMs, () => socket.close(1008, 'input_timeout_exceeded'))
  }

  open(): void {
    this.#socket.on('message', (data, isBinary) => {
      this.#idle.touch()
      const message = isBinary ? undefined : objectOf(data)
      if (message) this.#read(message)
      else this.#fail(1008, 'invalid_message', 'A message is a JSON object.')
    })
    this.#socket.once('close', () => {
      this.#idle.stop()
      for (const context of this.#contexts.values()) context.stop()
    })
  }

  #read(message: JsonObject): void {
    const { isMulti, autoMode } = this.#options
    const given = message['context_id'] ?? message['contextId']
    const id = isMulti && typeof given === 'string' ? given : ''
    const text = typeof message['text'] === 'string' ? message['text'] : ''
    if (isMulti && message['close_socket'] === true) {
      for (const context of this.#contexts.values()) context.finish()
      if (this.#contexts.size === 0) this.#socket.close(1000)
      return
    }
    if (isMulti && message['close_context'] === true) return this.#contexts.get(id)?.finish()
    if (!isMulti && message['text'] === '') return this.#context(id)?.finish()
    const context = this.#context(id)
    context?.say(text, message['flush'] === true, autoMode || message['try_trigger_generation'] === true)
  }

  #context(id: string): Context | undefined {
    const known = this.#contexts.get(id)
    if (known) return known
    if (this.#contexts.size >= mostContexts) {
      this.#fail(1008, 'max_active_conversations', `At most ${mostContexts} contexts are open at once.`)
      return undefined
    }
    const context = new Context(this.#face, this.#options, {
      tell: (message) => tell(this.#socket, message),
      contextId: this.#options.isMulti ? id : undefined,
      ended: () => {
        this.#contexts.delete(id)
        if (!this.#options.isMulti) this.#socket.close(1000)
      },
      broken: (why) => {
        if (why === 'cut') this.#socket.terminate()
        else if (why === 'timeout') this.#fail(1011, 'internal_server_error', 'The request timed out.')
        else this.#fail(why.status === 429 ? 1008 : 1011, elevenLabsErrorCode(why.status), why.message)
      },
    })
    this.#contexts.set(id, context)
    return context
  }

  #fail(code: number, error: string, message: string): void {
    tell(this.#socket, elevenLabsSocketError(code, error, message))
    this.#socket.close(code, error)
  }
}

interface ContextOwner {
  readonly contextId: string | undefined
  tell(message: string): void
  ended(): void
  broken(why: 'cut' | 'timeout' | RefusedSpeech): void
}

/** Texts that are spoken one after the other, until the context is closed. */
class Context {
  readonly #face: Face
  readonly #options: InputOptions
  readonly #owner: ContextOwner
  #text = ''
  readonly #line: string[] = []
  #speaking: Synthesis | undefined
  #finishing = false

  constructor(face: Face, options: InputOptions, owner: ContextOwner) {
    this.#face = face
    this.#options = options
    this.#owner = owner
  }

  say(text: string, flush: boolean, soon: boolean): void {
    this.#text += text
    const isEnough = soon ? /[.!?]\s*$/.test(this.#text) : this.#text.length >= scheduledCharacters
    if (flush || isEnough) this.#flush()
  }

  finish(): void {
    this.#finishing = true
    this.#flush()
  }

  stop(): void {
    this.#speaking?.stop()
  }

  #flush(): void {
    if (this.#text.trim() !== '') this.#line.push(this.#text)
    this.#text = ''
    this.#next()
  }

  #next(): void {
    if (this.#speaking) return
    const text = this.#line.shift()
    if (text === undefined) {
      if (!this.#finishing) return
      this.#owner.tell(finalOutput(this.#owner.contextId))
      this.#owner.ended()
      return
    }
    const { format, takesSlot } = this.#options
    const totalMs = spokenMs(text)
    const started = synthesize(
      this.#face,
      { text, format, takesSlot },
      {
        audio: (bytes, fromMs, lengthMs) => {
          const at = (ms: number): number => Math.round(text.length * Math.min(1, ms / totalMs))
          const said = { text: text.slice(at(fromMs), at(fromMs + lengthMs)), lengthMs }
          this.#owner.tell(audioOutput(bytes, said, this.#owner.contextId))
        },
        done: () => {
          this.#speaking = undefined
          this.#next()
        },
        failed: (why) => this.#owner.broken(why),
      },
    )
    if ('status' in started) this.#owner.broken(started)
    else this.#speaking = started
  }
}
