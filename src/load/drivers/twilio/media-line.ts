import {
  connectedMessage,
  dtmfMessage,
  markMessage,
  mediaFrame,
  mediaMessage,
  type MediaStreamNames,
  startMessage,
  stopMessage,
} from '../../../wire/twilio-media.ts'
import type { CallLine, LineEvents } from '../../calls/call-driver.ts'
import { AgentMessageReader, type HeardMessage } from '../../../wire/agent-message-reader.ts'
import { EncodingCheck } from '../../calls/encoding-check.ts'
import { type CallSocket, type CallSocketOptions, openCallSocket } from '../call-socket.ts'

export interface MediaStreamOptions extends Omit<CallSocketOptions, 'read' | 'ended'> {
  readonly names: MediaStreamNames
  readonly parameters: Readonly<Record<string, string>>
  readonly events: LineEvents
}

/** Opens a media stream as the carrier does: `connected`, `start`, and sound from then on. A text says why not. */
export async function openMediaStream(options: MediaStreamOptions): Promise<MediaLine | string> {
  const { events, names, parameters } = options
  const encoding = new EncodingCheck()
  const reader = new AgentMessageReader()
  const socket = await openCallSocket({
    ...options,
    read: (message) => hear(reader.read(message), events, encoding),
    ended: (end) => events.ended(end),
  })
  if (typeof socket === 'string') return socket
  socket.send(connectedMessage)
  socket.send(startMessage(names, parameters))
  return new MediaLine(socket, names)
}

/** One media stream that is up. */
export class MediaLine implements CallLine {
  readonly #socket: CallSocket
  readonly #names: MediaStreamNames
  /** The messages `start` and on have numbers. */
  #sequence = 1
  #chunk = 0

  constructor(socket: CallSocket, names: MediaStreamNames) {
    this.#socket = socket
    this.#names = names
  }

  frame(payload: string): void {
    const atMs = this.#chunk * mediaFrame.ms
    const { streamSid } = this.#names
    this.#socket.send(mediaMessage(streamSid, ++this.#sequence, ++this.#chunk, atMs, payload))
  }

  press(digit: string): void {
    this.#socket.send(dtmfMessage(this.#names.streamSid, ++this.#sequence, digit))
  }

  marked(name: string): void {
    this.#socket.send(markMessage(this.#names.streamSid, ++this.#sequence, name))
  }

  hangUp(): void {
    this.#socket.send(stopMessage(this.#names, ++this.#sequence))
    this.#socket.close()
  }

  cut(): void {
    this.#socket.cut()
  }
}

/** How a WAV file begins: `RIFF`. */
const wavHeader = 0x52_49_46_46

function hear(message: HeardMessage, events: LineEvents, encoding: EncodingCheck): string | undefined {
  switch (message.event) {
    case 'media': {
      const { sound } = message
      if (sound.length > 4 && sound.readUInt32BE(0) === wavHeader)
        return 'the agent sent a WAV file where mu-law was expected'
      events.media(sound)
      return encoding.look(sound)
    }
    case 'mark':
      events.mark(message.name)
      return undefined
    case 'clear':
      events.clear()
      return undefined
    case 'fault':
      return `the agent sent ${message.message}`
    default:
      return message satisfies never
  }
}
