import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { unknownSession } from '../../sessions/turn-key.ts'
import { uniformAt } from '../../sessions/uniform.ts'
import type { Workload } from '../../workload/workload.ts'
import { voiceAgentOf } from '../../workload/voice-agent-schema.ts'
import { Dependency } from '../dependency.ts'
import type { Turns } from '../turns.ts'
import { latestHandOff } from '../../workload/phone.ts'
import { splitUrl } from '../../wire/split-url.ts'
import { Aside } from './aside.ts'
import { CallDesk } from '../../service/call-desk.ts'
import { CannedSounds } from './canned.ts'
import { carrierClient } from './carrier-client.ts'
import { isMediaToken, mediaTokenName } from './media-token.ts'
import { PhoneCall, type CallSurroundings } from './phone-call.ts'
import { speaker } from './speak.ts'
import { openTranscripts } from './transcripts.ts'
import { VoiceTally } from './voice-tally.ts'
import { answerWebhook } from './webhook.ts'
import { breakersOf } from './breakers-of.ts'

export interface VoiceAgentOptions {
  /** Where speech is understood, and made. */
  readonly sttUrl: string
  readonly ttsUrl: string
  /** Twilio's REST API. */
  readonly carrierUrl: string
  readonly apiKey: string
  /** What webhooks are signed with; not checked where absent. */
  readonly authToken?: string
  readonly speed: number
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  readonly alarm: (ms: number, ring: () => void) => () => void
}

const webhookPath = '/voice'
const mediaPath = '/media'
const mostMessageBytes = 64 * 1024
/** Who takes calls over; nobody is called by the simulated carrier. */
const colleague = '+15550100'
/** Draws of the agent's own; those of its turns are below. */
const purposes = { log: 47, handOff: 48, handOffAt: 49 } as const

/** The agent's telephone: `/voice` tells the carrier where a call's sound goes, `/media` takes it. */
export class VoiceAgent {
  readonly #around: CallSurroundings
  readonly #options: VoiceAgentOptions
  readonly #calls = new Map<number, PhoneCall>()
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: mostMessageBytes,
  })
  readonly #closed = new AbortController()
  readonly #closeSpeaker: () => Promise<void>
  #lastCall = 0

  private constructor(workload: Workload, turns: Turns, options: VoiceAgentOptions) {
    const { speed, wait, alarm, apiKey, sttUrl, ttsUrl } = options
    const rules = workload.agent.voice ?? voiceAgentOf()
    const { strategies } = rules
    const breakers = breakersOf(workload, speed)
    const { speak, close } = speaker(ttsUrl, apiKey)
    this.#closeSpeaker = close
    this.#options = options
    let logged = 0
    this.#around = {
      rules: {
        ...rules,
        hold: { ...rules.hold, forMs: rules.hold.forMs / speed },
        fillerAfterMs: rules.fillerAfterMs / speed,
      },
      turns,
      stt: new Dependency({ name: 'speech to text', limitMs: rules.limits.sttMs / speed, breakers }),
      tts: new Dependency({ name: 'text to speech', limitMs: rules.limits.ttsMs / speed, breakers }),
      speak,
      sentences: strategies.sentences,
      openTranscripts: (signal) => openTranscripts({ url: sttUrl, apiKey, alarm }, signal),
      canned: new CannedSounds(),
      carrier: carrierClient({
        url: options.carrierUrl,
        authToken: options.authToken ?? 'plimsoll',
        number: colleague,
      }),
      desk: new CallDesk(
        { calls: rules.calls, hold: rules.hold.calls, urgentFirst: strategies.urgentFirst },
        (call) => this.#calls.get(call)?.serve(),
        (call) => this.#calls.get(call)?.turnAway(),
      ),
      aside: new Aside(),
      tally: new VoiceTally(),
      log: async () => {
        const uniform = uniformAt(0, 0, logged++, 0, 0, purposes.log)
        if (rules.aside) await wait(Math.max(0, rules.aside.quantile(uniform)) / speed, this.#closed.signal)
      },
      alarm,
      isOurs: (callSid, parameters) =>
        options.authToken === undefined ||
        isMediaToken(parameters[mediaTokenName] ?? '', options.authToken, callSid),
      handOffAfter: (callSid) => handOffAfter(workload.phone?.handOff?.share ?? 0, callSid),
    }
  }

  /** Makes the sounds that need no service later; callers hear tones for those that cannot be made yet. */
  static async open(workload: Workload, turns: Turns, options: VoiceAgentOptions): Promise<VoiceAgent> {
    const agent = new VoiceAgent(workload, turns, options)
    const { canned, speak, rules } = agent.#around
    const voice = new Dependency({ name: 'canned sounds', limitMs: rules.limits.ttsMs / options.speed })
    await canned.make(
      (text, signal) => voice.run((cut) => speak(text, AbortSignal.any([cut, signal])), signal),
      rules.greeting,
      options.wait,
    )
    return agent
  }

  /** Answers a webhook; undefined where the request is not one. */
  answers(request: IncomingMessage, response: ServerResponse): Promise<void> | undefined {
    if (splitUrl(request.url).path !== webhookPath) return undefined
    const { authToken } = this.#options
    const refuses = (priority: number): boolean => this.#around.desk.refuses(priority)
    return answerWebhook(request, response, { authToken, mediaPath, refuses })
  }

  /** Takes a media stream. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    if (splitUrl(request.url).path !== mediaPath) {
      socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
      return
    }
    this.#server.handleUpgrade(request, socket, head, (opened) => {
      const number = ++this.#lastCall
      this.#calls.set(number, new PhoneCall(number, opened, this.#around))
      opened.once('close', () => this.#calls.delete(number))
    })
  }

  metrics(): string {
    const { tally, desk, aside, stt, tts } = this.#around
    const { serving, holding } = desk
    return tally.text({ serving, holding, forgotten: aside.forgotten, dependencies: [stt, tts] })
  }

  async close(): Promise<void> {
    this.#closed.abort()
    this.#around.canned.close()
    for (const call of this.#calls.values()) call.cut()
    await Promise.all([this.#closeSpeaker(), this.#around.carrier.close()])
  }
}

/** Which turn a call is handed off after: a share of all calls, after one of their first turns. */
function handOffAfter(share: number, callSid: string): number {
  const session = unknownSession(callSid)
  if (uniformAt(0, session, 0, 0, 0, purposes.handOff) >= share) return Infinity
  return 1 + Math.floor(uniformAt(0, session, 0, 0, 0, purposes.handOffAt) * latestHandOff)
}
