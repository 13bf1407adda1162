import { Agent } from 'undici'
import type { MediaStreamNames } from '../../../wire/twilio-media.ts'
import { isHandOff, streamOf, type TwimlStream, type TwimlVerb } from '../../../wire/twiml.ts'
import type {
  CallDriver,
  CallDriverFactory,
  CallDriverOptions,
  CallLine,
  LineEnd,
  LineEvents,
  NoLine,
  OutgoingCall,
} from '../../calls/call-driver.ts'
import { securedBy } from '../dispatcher-to.ts'
import { askWebhook, problemOf, resolved, type Webhook } from './ask-webhook.ts'
import { type MediaLine, openMediaStream } from './media-line.ts'

/** As Twilio waits for a webhook. */
const webhookMs = 15_000
/** Redirects and streams of one call: an agent that sends it round and round is not asked for ever. */
const mostSteps = 8

/** `AC` and digits that say who calls. */
export const accountSid = `AC706c696d${'0'.repeat(24)}`

/** Calls as Twilio brings them: the agent's webhook says in TwiML where the media stream goes. */
export const twilio: CallDriverFactory = (options) => new TwilioDriver(options)

class TwilioDriver implements CallDriver {
  readonly #options: CallDriverOptions
  readonly #agent: Agent
  /** Whose sockets there are. */
  readonly #streams = new Set<MediaLine>()

  constructor(options: CallDriverOptions) {
    this.#options = options
    this.#agent = new Agent({
      headersTimeout: webhookMs,
      bodyTimeout: webhookMs,
      connect: { timeout: webhookMs, ...securedBy(options.tls) },
    })
  }

  async call(call: OutgoingCall, events: LineEvents, signal: AbortSignal): Promise<CallLine | NoLine> {
    const line = new TwilioCall({
      options: this.#options,
      agent: this.#agent,
      streams: this.#streams,
      call,
      events,
      signal,
    })
    return (await line.begin()) ?? line
  }

  async close(): Promise<void> {
    for (const stream of this.#streams) stream.cut()
    await this.#agent.destroy()
  }
}

/** How the verbs of a call end it. */
type TwimlEnd = LineEnd | (NoLine & { readonly how: 'rejected' })

interface CallToBring {
  readonly options: CallDriverOptions
  readonly agent: Agent
  /** All streams of the driver, to be cut when it closes. */
  readonly streams: Set<MediaLine>
  readonly call: OutgoingCall
  readonly events: LineEvents
  readonly signal: AbortSignal
}

/** One call: it goes through the verbs of its TwiML, stream by stream. */
class TwilioCall implements CallLine {
  readonly #options: CallDriverOptions
  readonly #agent: Agent
  readonly #call: OutgoingCall
  readonly #signal: AbortSignal
  readonly #events: LineEvents
  readonly #streams: Set<MediaLine>
  #line: MediaLine | undefined
  #verbs: readonly TwimlVerb[] = []
  /** Where they were read: their addresses are relative to it. */
  #documentUrl: string
  /** Whom the `<Connect>` of the stream wants asked when it is over. */
  #action: Webhook | undefined
  #streamed = 0
  #steps = 0
  #isOver = false

  constructor({ options, agent, streams, call, events, signal }: CallToBring) {
    this.#options = options
    this.#agent = agent
    this.#streams = streams
    this.#call = call
    this.#events = events
    this.#signal = signal
    this.#documentUrl = options.url
  }

  /** Undefined when the first stream is up. */
  async begin(): Promise<NoLine | undefined> {
    const { url, stream, webhook } = this.#options
    if (stream !== undefined) {
      const end = await this.#open({ url: below(url, stream, 'ws'), parameters: this.#parameters() })
      return end && { how: 'failed', message: end.message ?? 'the agent does not take the stream' }
    }
    const end =
      (await this.#ask({ url: below(url, withPriority(webhook, this.#call.priority)), method: 'POST' })) ??
      (await this.#go())
    if (!end) return undefined
    const how = end.how === 'handedOff' || end.how === 'rejected' ? end.how : 'failed'
    return { how, message: end.message ?? 'the agent’s TwiML does not connect the call' }
  }

  frame(payload: string): void {
    this.#line?.frame(payload)
  }

  press(digit: string): void {
    this.#line?.press(digit)
  }

  marked(name: string): void {
    this.#line?.marked(name)
  }

  hangUp(): void {
    this.#isOver = true
    this.#line?.hangUp()
  }

  /** Follows the verbs until a stream is up; otherwise how the call ends. */
  async #go(): Promise<TwimlEnd | undefined> {
    while (!this.#isOver) {
      const [verb, ...rest] = this.#verbs
      this.#verbs = rest
      if (!verb || verb.name === 'Hangup') return { how: 'byAgent' }
      if (verb.name === 'Reject') return rejected(verb)
      if (isHandOff(verb)) return { how: 'handedOff' }
      if (++this.#steps > mostSteps) return broken('the agent’s TwiML goes round and round')
      const stream = streamOf(verb)
      if (stream) this.#action = this.#addressOf(verb.attributes['action'], verb)
      const end = stream ? await this.#open(stream) : await this.#follow(verb)
      if (end || stream) return end
    }
    return undefined
  }

  /** A verb that is no stream: a redirect is followed, and what is only heard is passed over. */
  async #follow(verb: TwimlVerb): Promise<LineEnd | undefined> {
    if (verb.name === 'Redirect') return this.#ask(this.#addressOf(verb.text, verb)!)
    if (verb.name === 'Connect') return broken('the agent’s TwiML connects to something that is no stream')
    return undefined
  }

  /** An address of the document, which may be relative to it; asked by POST unless the verb says otherwise. */
  #addressOf(address: string | undefined, { attributes }: TwimlVerb): Webhook | undefined {
    if (address === undefined) return undefined
    const method = attributes['method']?.toUpperCase() === 'GET' ? 'GET' : 'POST'
    return { url: resolved(address, this.#documentUrl) ?? address, method }
  }

  async #open({ url, parameters }: TwimlStream): Promise<LineEnd | undefined> {
    if (!/^wss?:/.test(url)) return broken('the stream’s address is no WebSocket address')
    const problem = problemOf(url, this.#options)
    if (problem !== undefined) return broken(problem)
    let opened: MediaLine | undefined
    const line = await openMediaStream({
      url,
      headers: this.#options.headers,
      ...(this.#options.tls === undefined ? {} : { tls: this.#options.tls }),
      names: this.#nextNames(),
      parameters,
      events: { ...this.#events, ended: (end) => this.#streamEnded(end) },
      released: () => void (opened && this.#streams.delete(opened)),
      signal: this.#signal,
      now: this.#options.now,
      at: this.#options.at,
    })
    if (typeof line === 'string') return broken(line)
    opened = line
    this.#streams.add(line)
    this.#line = line
    if (this.#isOver) line.hangUp()
    return undefined
  }

  /** Each stream of a call has a name of its own; the first is called as the call is. */
  #nextNames(): MediaStreamNames {
    const { callSid } = this.#call
    const ordinal = this.#streamed === 0 ? '' : this.#streamed.toString(16)
    this.#streamed++
    return { accountSid, callSid, streamSid: `MZ${ordinal}${callSid.slice(2 + ordinal.length)}` }
  }

  /** The agent closed the stream: the call goes on with what its `<Connect>` asks for, else with what follows it. */
  #streamEnded(end: LineEnd): void {
    this.#line = undefined
    if (this.#isOver) return
    const action = this.#action
    this.#action = undefined
    if (end.how === 'broken' || (!action && this.#verbs.length === 0)) {
      this.#end(end)
      return
    }
    // A call that was on the line cannot be rejected any more.
    void this.#goOn(action).then(
      (last) => last && this.#end(last.how === 'rejected' ? { how: 'byAgent' } : last),
    )
  }

  async #goOn(action: Webhook | undefined): Promise<TwimlEnd | undefined> {
    return (action && (await this.#ask(action))) ?? (await this.#go())
  }

  #end(end: LineEnd): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#events.ended(end)
  }

  /** Asks a webhook for the verbs of the call. */
  async #ask(webhook: Webhook): Promise<LineEnd | undefined> {
    const { authToken, headers, isAllowed } = this.#options
    const answer = await askWebhook(webhook, {
      agent: this.#agent,
      form: this.#form(),
      headers: { ...headers, traceparent: this.#call.traceparent },
      authToken,
      isAllowed,
      signal: this.#signal,
    })
    if (typeof answer === 'string') return broken(answer)
    this.#verbs = answer.verbs
    this.#documentUrl = answer.url
    return undefined
  }

  /** What a stream that no webhook has announced says of its call. */
  #parameters(): Record<string, string> {
    const { priority } = this.#call
    return priority === 0 ? {} : { priority: String(priority) }
  }

  #form(): Record<string, string> {
    const caller = `+1555${String(this.#call.session % 10_000_000).padStart(7, '0')}`
    return {
      CallSid: this.#call.callSid,
      AccountSid: accountSid,
      From: caller,
      To: '+15550000000',
      Caller: caller,
      Called: '+15550000000',
      CallStatus: this.#streamed > 0 ? 'in-progress' : 'ringing',
      Direction: 'inbound',
      ApiVersion: '2010-04-01',
    }
  }
}

/** A telephone number for urgent calls has a webhook of its own. */
const withPriority = (webhook: string, priority: number): string =>
  priority === 0 ? webhook : `${webhook}${webhook.includes('?') ? '&' : '?'}priority=${priority}`

/** `<Reject reason="busy"/>`, or rejected without a reason. */
const rejected = ({ attributes: { reason = 'rejected' } }: TwimlVerb): TwimlEnd => ({
  how: 'rejected',
  message: `the agent rejects calls (<Reject>${reason === 'rejected' ? '' : ', busy'})`,
})

const broken = (message: string): LineEnd => ({ how: 'broken', message })

/** An address below the agent's, of its own protocol or of the WebSocket's that goes with it. */
function below(url: string, path: string, protocol: 'http' | 'ws' = 'http'): string {
  const base = new URL(url)
  const secure = base.protocol === 'https:' || base.protocol === 'wss:' ? 's' : ''
  return `${protocol}${secure}://${base.host}${base.pathname.replace(/\/+$/, '')}${path}`
}
