import type { RawData, WebSocket } from 'ws'
import { decodeMulaw } from '../../wire/mulaw.ts'
import { type MediaStreamNames, readCarrierMessage } from '../../wire/twilio-media.ts'
import { VoiceActivity } from '../../wire/voice-activity.ts'
import type { VoiceAgentRules } from '../../workload/voice-agent.ts'
import type { Dependency } from '../dependency.ts'
import type { Session } from '../session-store.ts'
import { failuresUntilPerson } from '../../workload/phone.ts'
import { answer, type AnswerSurroundings } from './answer.ts'
import type { Aside } from './aside.ts'
import type { CallDesk } from '../../service/call-desk.ts'
import type { Canned, CannedSounds } from './canned.ts'
import type { CarrierClient } from './carrier-client.ts'
import { Line } from './line.ts'
import type { Transcripts } from './transcripts.ts'
import type { CallEnding, VoiceTally } from './voice-tally.ts'

/** What a call needs of its surroundings; instants and waits are wall milliseconds. */
export interface CallSurroundings extends AnswerSurroundings {
  readonly rules: VoiceAgentRules
  readonly stt: Dependency
  readonly openTranscripts: (signal: AbortSignal) => Promise<Transcripts>
  readonly canned: CannedSounds
  readonly carrier: CarrierClient
  readonly desk: CallDesk
  readonly aside: Aside
  readonly tally: VoiceTally
  /** Writing down and enriching one turn. */
  readonly log: () => Promise<void>
  readonly alarm: (ms: number, ring: () => void) => () => void
  /** Whether a stream is of a call that the agent knows of. */
  readonly isOurs: (callSid: string, parameters: Readonly<Record<string, string>>) => boolean
  /** The turn after which a call is handed to a person; `Infinity`: none. */
  readonly handOffAfter: (callSid: string) => number
}

const priorityName = 'priority'

/** One call on the line: listens, thinks, speaks, until somebody hangs up. */
export class PhoneCall {
  readonly #number: number
  readonly #around: CallSurroundings
  readonly #socket: WebSocket
  readonly #line: Line
  readonly #activity: VoiceActivity
  readonly #over = new AbortController()
  #names: MediaStreamNames | undefined
  #session: Session | undefined
  #transcripts: Transcripts | undefined
  /** Connecting to the speech service, and what has been heard meanwhile. */
  #connecting: Promise<void> = Promise.resolve()
  #early: Buffer[] = []
  #isServed = false
  #isLeaving = false
  #turns = 0
  #failures = 0
  /** The answer under way, and what it is to. */
  #answering:
    | { readonly stop: AbortController; readonly text: string; readonly done: Promise<void> }
    | undefined
  #disarmHold = (): void => {}
  #disarmSilence = (): void => {}
  /** Of the carrier, since it was last looked at. */
  #messages = 0

  constructor(number: number, socket: WebSocket, around: CallSurroundings) {
    this.#number = number
    this.#around = around
    this.#socket = socket
    this.#line = new Line(socket)
    this.#activity = new VoiceActivity({ sampleRate: 8000, silenceMs: around.rules.endOfSpeechMs })
    socket.on('message', (data) => this.#read(data))
    socket.on('error', () => socket.terminate())
    socket.once('close', (code) => {
      this.#disarmSilence()
      this.#closed(code === 1006 ? 'broken' : 'hung_up')
    })
    this.#watch()
  }

  /** There is a place on the line now. */
  serve(): void {
    this.#disarmHold()
    this.#isServed = true
    const { turns, canned, rules } = this.#around
    this.#session = turns.openSession()
    if (!this.#session) return this.turnAway()
    if (rules.greeting !== '') this.#line.play(canned.sound('greeting'))
    this.#listen()
  }

  /** There is none, and no more waiting. */
  turnAway(): void {
    this.#disarmHold()
    this.#end('turned_away')
    this.#line.play(this.#around.canned.sound('busy'))
    this.#around.alarm(goodbyeMs, () => this.#line.hangUp())
    void this.#line.quiet().then(() => this.#line.hangUp())
  }

  /** The agent is closing. */
  cut(): void {
    this.#socket.terminate()
  }

  /** A carrier that says nothing any more has left a socket that is only half open; without a start it is none. */
  #watch(): void {
    this.#disarmSilence = this.#around.alarm(mostSilenceMs, () => {
      if (this.#messages === 0 || !this.#names) return this.#socket.terminate()
      this.#messages = 0
      this.#watch()
    })
  }

  #read(data: RawData): void {
    this.#messages++
    const message = readCarrierMessage((data as Buffer).toString('utf8'))
    switch (message.event) {
      case 'start':
        if (this.#names) break
        if (message.encoding !== 'audio/x-mulaw' || message.sampleRate !== 8000)
          this.#refuse(1003, 'only mu-law of 8 kHz is understood')
        else if (!this.#around.isOurs(message.names.callSid, message.customParameters))
          this.#refuse(1008, 'no webhook has announced this stream')
        else this.#begin(message.names, message.customParameters)
        break
      case 'media':
        this.#hear(Buffer.from(message.payload, 'base64'))
        break
      case 'dtmf':
        if (message.digit === '0') void this.#handOff()
        break
      case 'mark':
        this.#line.played(message.name)
        break
      case 'stop':
        this.#closed('hung_up')
        this.#socket.close(1000)
        break
      case 'connected':
        break
      case 'fault':
        this.#refuse(1003, message.message)
        break
      default:
        message satisfies never
    }
  }

  #refuse(code: number, reason: string): void {
    this.#closed('broken')
    this.#socket.close(code, reason)
  }

  #begin(names: MediaStreamNames, parameters: Readonly<Record<string, string>>): void {
    this.#names = names
    this.#line.begin(names.streamSid)
    const { desk, canned, alarm, rules } = this.#around
    const seat = desk.arrive(this.#number, Number(parameters[priorityName]) || 0)
    if (seat === 'served') return this.serve()
    if (seat === 'refused') return this.turnAway()
    this.#line.play(canned.sound('hold'))
    this.#disarmHold = alarm(rules.hold.forMs, () => this.turnAway())
  }

  /** Connects to the speech service; with fallbacks again and again, since a call without ears is none. */
  #listen(): void {
    this.#connecting = this.#connect()
  }

  async #connect(): Promise<void> {
    const { stt, openTranscripts, rules, alarm } = this.#around
    const { signal } = this.#over
    try {
      const opened = await stt.run(openTranscripts, signal)
      if (signal.aborted) return opened.close()
      this.#transcripts = opened
      for (const sound of this.#early.splice(0)) opened.send(sound)
    } catch {
      this.#early = []
      if (!signal.aborted && rules.strategies.fallbacks) alarm(retryMs, () => this.#listen())
    }
  }

  #hear(sound: Buffer): void {
    if (!this.#isServed || this.#isLeaving) return
    if (this.#transcripts) this.#transcripts.send(sound)
    else if (this.#early.push(sound) > mostEarly) this.#early.shift()
    for (const { type } of this.#activity.push(decodeMulaw(sound)))
      if (type === 'speech-start') this.#bargeIn()
      else void this.#spoken()
  }

  /** Speaking into an answer stops it. */
  #bargeIn(): void {
    if (!this.#around.rules.strategies.bargeIn || !this.#line.isSounding) return
    this.#answering?.stop.abort(new Error('the caller speaks'))
    this.#answering = undefined
    this.#line.clear()
    this.#around.tally.bargedIn()
  }

  /** The caller has ended a sentence. */
  async #spoken(): Promise<void> {
    let text: string
    try {
      text = await this.#transcript()
    } catch {
      if (!this.#over.signal.aborted) this.#degrade('again')
      return
    }
    if (text === '' || this.#isLeaving || this.#over.signal.aborted) return
    const before = this.#answering
    const isHeard = this.#line.isSounding
    if (before && isHeard) await before.done
    // Nothing of the answer has been heard: the caller has only gone on speaking.
    else if (before) before.stop.abort(new Error('the caller goes on'))
    if (this.#isLeaving || this.#over.signal.aborted) return
    this.#answer(before && !isHeard ? `${before.text} ${text}` : text)
  }

  async #transcript(): Promise<string> {
    await this.#connecting
    const transcripts = this.#transcripts
    if (!transcripts?.isOpen) {
      if (transcripts) {
        this.#transcripts = undefined
        this.#listen()
      }
      throw new Error('nobody listens')
    }
    return this.#around.stt.run((cut) => transcripts.finish(cut), this.#over.signal)
  }

  #answer(text: string): void {
    const stop = new AbortController()
    const signal = AbortSignal.any([stop.signal, this.#over.signal])
    const done = this.#spokenAnswer(text, signal)
    const answering = { stop, text, done }
    this.#answering = answering
    void done.then(() => {
      if (this.#answering === answering) this.#answering = undefined
    })
  }

  /** Never rejects. */
  async #spokenAnswer(text: string, signal: AbortSignal): Promise<void> {
    const { rules, aside, log, alarm, handOffAfter } = this.#around
    let sounds = false
    const play = (sound: Buffer): void => {
      sounds = true
      this.#line.play(sound)
    }
    const { fallbacks } = rules.strategies
    const disarm =
      fallbacks && rules.fillerAfterMs < Infinity
        ? alarm(rules.fillerAfterMs, () => {
            if (!sounds && !signal.aborted) this.#stopgap('filler')
          })
        : () => {}
    try {
      if (rules.strategies.aside) aside.add(log)
      else await log()
      signal.throwIfAborted()
      await answer(this.#around, this.#session!, text, { play }, signal)
      this.#failures = 0
      if (++this.#turns >= handOffAfter(this.#names!.callSid)) void this.#handOff()
    } catch {
      if (!signal.aborted) this.#degrade('sorry')
    } finally {
      disarm()
    }
  }

  /** Something that the answer needs has failed. */
  #degrade(stopgap: 'sorry' | 'again'): void {
    if (!this.#around.rules.strategies.fallbacks) return this.#around.tally.silence()
    if (++this.#failures >= failuresUntilPerson) void this.#handOff()
    else this.#stopgap(stopgap)
  }

  #stopgap(name: 'filler' | 'sorry' | 'again'): void {
    this.#around.tally.said(name)
    this.#line.play(this.#around.canned.sound(name satisfies Canned))
  }

  /** Puts the caller through to a person; where the carrier does not, the call goes on. */
  async #handOff(): Promise<void> {
    if (this.#isLeaving || !this.#names) return
    this.#isLeaving = true
    this.#answering?.stop.abort(new Error('a person takes over'))
    this.#line.play(this.#around.canned.sound('person'))
    await this.#line.quiet()
    if (this.#over.signal.aborted) return
    try {
      await this.#around.carrier.handOff(this.#names)
      this.#end('handed_off')
    } catch {
      this.#isLeaving = false
      this.#stopgap('sorry')
    }
  }

  #closed(ending: CallEnding): void {
    this.#end(ending)
    this.#line.over()
  }

  /** The call has ended for the agent; told once. */
  #end(ending: CallEnding): void {
    if (this.#over.signal.aborted) return
    this.#over.abort(new Error('the call is over'))
    this.#isLeaving = true
    this.#disarmHold()
    this.#transcripts?.close()
    const { desk, turns, tally } = this.#around
    if (this.#session) turns.sessions.close(this.#session.id)
    tally.ended(ending)
    desk.leave(this.#number)
  }
}

const retryMs = 1000
const mostSilenceMs = 30_000
/** A carrier that tells nothing of what it has played is not waited for. */
const goodbyeMs = 10_000
/** Messages: two seconds of the caller's sound. */
const mostEarly = 100
