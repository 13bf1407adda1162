import { WebSocket } from 'ws'

/** What a caller says, as text: one stream to the speech service for each call. */
export interface Transcripts {
  /** The caller's sound: mu-law of 8 kHz. */
  send(sound: Uint8Array): void
  /** What has been said since the last time; resolves when the service has told all of it. */
  finish(signal: AbortSignal): Promise<string>
  readonly isOpen: boolean
  close(): void
}

const query = 'model=nova-3&encoding=mulaw&sample_rate=8000&channels=1&endpointing=false&punctuate=true'
/** Sound is sent in pieces of 100 ms: vendors advise 20 to 250. */
const pieceBytes = 800
const mostUnreadBytes = 512_000
const keepAliveMs = 5000

export interface TranscriptsOptions {
  readonly url: string
  readonly apiKey: string
  /** Rings after so many milliseconds; the result takes it back. */
  readonly alarm: (ms: number, ring: () => void) => () => void
}

/** Opens Deepgram's `/v1/listen`; rejects where it is refused or cannot be reached. */
export function openTranscripts(
  { url, apiKey, alarm }: TranscriptsOptions,
  signal: AbortSignal,
): Promise<Transcripts> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/listen?${query}`, {
      headers: { authorization: `Token ${apiKey}` },
      perMessageDeflate: false,
    })
    const cut = (): void => socket.terminate()
    signal.addEventListener('abort', cut, { once: true })
    socket.on('error', (error) => reject(error))
    socket.once('close', () => reject(new Error('the speech service closed the stream')))
    socket.once('unexpected-response', (_, response) => {
      response.destroy()
      socket.terminate()
      reject(new Error(`the speech service answered ${response.statusCode}`))
    })
    socket.once('open', () => {
      signal.removeEventListener('abort', cut)
      resolve(new DeepgramStream(socket, alarm))
    })
    if (signal.aborted) cut()
  })
}

class DeepgramStream implements Transcripts {
  readonly #socket: WebSocket
  readonly #alarm: TranscriptsOptions['alarm']
  #disarm = (): void => {}
  #piece = Buffer.alloc(pieceBytes)
  #filled = 0
  #said: string[] = []
  /** In the order in which they asked, which is that of the answers; whoever has gone leaves what was said to the next. */
  readonly #waiting: Waiting[] = []

  constructor(socket: WebSocket, alarm: TranscriptsOptions['alarm']) {
    this.#socket = socket
    this.#alarm = alarm
    this.#keepAlive()
    socket.on('message', (data, isBinary) => {
      if (!isBinary) this.#read((data as Buffer).toString('utf8'))
    })
    socket.once('close', () => {
      this.#disarm()
      for (const { reject } of this.#waiting.splice(0))
        reject(new Error('the speech service closed the stream'))
    })
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN
  }

  send(sound: Uint8Array): void {
    for (let from = 0; from < sound.length;) {
      const part = sound.subarray(from, from + pieceBytes - this.#filled)
      this.#piece.set(part, this.#filled)
      this.#filled += part.length
      from += part.length
      if (this.#filled === pieceBytes) this.#flush()
    }
  }

  finish(signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      if (!this.isOpen) return reject(new Error('the speech service is not connected'))
      const waiting: Waiting = { resolve, reject, hasGone: false }
      this.#waiting.push(waiting)
      signal.addEventListener('abort', () => {
        waiting.hasGone = true
        reject(new Error('not waited for'))
      })
      this.#flush()
      this.#tell({ type: 'Finalize' })
    })
  }

  close(): void {
    this.#tell({ type: 'CloseStream' })
    this.#socket.close(1000)
  }

  #keepAlive(): void {
    this.#disarm = this.#alarm(keepAliveMs, () => {
      this.#tell({ type: 'KeepAlive' })
      this.#keepAlive()
    })
  }

  #flush(): void {
    if (this.#filled === 0) return
    if (this.#socket.bufferedAmount > mostUnreadBytes) this.#socket.terminate()
    else if (this.isOpen) this.#socket.send(this.#piece.subarray(0, this.#filled))
    this.#piece = Buffer.alloc(pieceBytes)
    this.#filled = 0
  }

  #tell(message: object): void {
    if (this.isOpen) this.#socket.send(JSON.stringify(message))
  }

  #read(text: string): void {
    const result = resultOf(text)
    if (!result) return
    if (result.transcript !== '') this.#said.push(result.transcript)
    if (!result.finalized) return
    const waiting = this.#waiting.shift()
    if (!waiting || waiting.hasGone) return
    waiting.resolve(this.#said.join(' '))
    this.#said = []
  }
}

interface Waiting {
  readonly resolve: (text: string) => void
  readonly reject: (error: Error) => void
  hasGone: boolean
}

interface Result {
  readonly transcript: string
  readonly finalized: boolean
}

function resultOf(text: string): Result | undefined {
  try {
    const message = JSON.parse(text) as {
      type?: string
      is_final?: boolean
      from_finalize?: boolean
      channel?: { alternatives?: { transcript?: string }[] }
    }
    if (message.type !== 'Results' || message.is_final !== true) return undefined
    const transcript = message.channel?.alternatives?.[0]?.transcript ?? ''
    return { transcript, finalized: message.from_finalize === true }
  } catch {
    return undefined
  }
}
