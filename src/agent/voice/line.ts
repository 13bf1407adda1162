import type { WebSocket } from 'ws'
import { agentMessages } from '../../wire/twilio-media.ts'

/** What a carrier may leave unread before the call is given up. */
const mostUnreadBytes = 4_000_000

/** The agent's side of a media stream: what is sent is played by the carrier, and marks tell how far it is. */
export class Line {
  readonly #socket: WebSocket
  #streamSid = ''
  #marks = 0
  /** Marks whose sound has not been played. */
  readonly #unplayed = new Set<string>()
  #whenQuiet: (() => void)[] = []

  constructor(socket: WebSocket) {
    this.#socket = socket
  }

  begin(streamSid: string): void {
    this.#streamSid = streamSid
  }

  /** Whether the caller hears the agent, as far as it knows. */
  get isSounding(): boolean {
    return this.#unplayed.size > 0
  }

  /** Mu-law of 8 kHz, to be played after what was sent before. */
  play(sound: Buffer): void {
    if (this.#socket.bufferedAmount > mostUnreadBytes) return this.#socket.terminate()
    this.#send(agentMessages.media(this.#streamSid, sound.toString('base64')))
    const name = `m${++this.#marks}`
    // One mark stands for all sound before it.
    this.#unplayed.add(name)
    this.#send(agentMessages.mark(this.#streamSid, name))
  }

  played(name: string): void {
    this.#unplayed.delete(name)
    if (this.isSounding) return
    for (const tell of this.#whenQuiet.splice(0)) tell()
  }

  /** Stops what is being played. */
  clear(): void {
    this.#send(agentMessages.clear(this.#streamSid))
    for (const name of this.#unplayed) this.played(name)
  }

  /** Resolves when all has been played, or the call is over. */
  quiet(): Promise<void> {
    return new Promise((resolve) => {
      if (this.isSounding) this.#whenQuiet.push(resolve)
      else resolve()
    })
  }

  hangUp(): void {
    this.#socket.close(1000)
    this.over()
  }

  /** The call has ended: nobody waits any more. */
  over(): void {
    this.#unplayed.clear()
    for (const tell of this.#whenQuiet.splice(0)) tell()
  }

  #send(message: string): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(message)
  }
}
