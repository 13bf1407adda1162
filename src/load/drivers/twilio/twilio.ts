import { Agent, request } from 'undici'
import { signatureHeader, twilioSignature } from '../../../wire/twilio-signature.ts'
import type { MediaStreamNames } from '../../../wire/twilio-media.ts'
import { isHandOff, readTwiml, streamOf, type TwimlStream, type TwimlVerb } from '../../../wire/twiml.ts'
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
import { type MediaLine, openMediaStream } from './media-line.ts'

/** As Twilio waits for a webhook. */
const webhookMs = 15_000
const longestTwiml = 64_000
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
    const line = new TwilioCall(this.#options, this.#agent, call, signal, events, this.#streams)
    return (await line.begin()) ?? line
  }

  async close(): Promise<void> {
    for (const stream of this.#streams) stream.cut()
    await this.#agent.destroy()
  }
}

/** How the verbs of a call end it. */
type TwimlEnd = LineEnd | (NoLine & { readonly how: 'rejected' })

/** One call: it goes through the verbs of its TwiML, stream by stream. */
class TwilioCall implements CallLine {
  readonly #options: CallDriverOptions
  readonly #agent: Agent
  readonly #call: OutgoingCall
  readonly #signal: AbortSignal
  readonly #events: LineEvents
  readonly #streams: Set<MediaLine>
  readonly #names: MediaStreamNames
  #line: MediaLine | undefined
  #verbs: readonly TwimlVerb[] = []
  #steps = 0
  #isOver = false

  constructor(
    options: CallDriverOptions,
    agent: Agent,
    call: OutgoingCall,
    signal: AbortSignal,
    events: LineEvents,
    streams: Set<MediaLine>,
  ) {
    this.#options = options
    this.#streams = streams
    this.#agent = agent
    this.#call = call
    this.#signal = signal
    this.#events = events
    this.#names = { accountSid, callSid: call.callSid, streamSid: `MZ${call.callSid.slice(2)}` }
  }

  /** Undefined when the first stream is up. */
  async begin(): Promise<NoLine | undefined> {
    const { url, stream, webhook } = this.#options
    if (stream !== undefined) {
      const end = await this.#open({ url: below(url, stream, 'ws'), parameters: this.#parameters() })
      return end && { how: 'failed', message: end.message ?? 'the agent does not take the stream' }
    }
    const end =
      (await this.#ask(below(url, withPriority(webhook, this.#call.priority)))) ?? (await this.#go())
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
      const end = stream ? await this.#open(stream) : await this.#follow(verb)
      if (end || stream) return end
    }
    return undefined
  }

  /** A verb that is no stream: a redirect is followed, and what is only heard is passed over. */
  async #follow(verb: TwimlVerb): Promise<LineEnd | undefined> {
    if (verb.name === 'Redirect') return this.#ask(new URL(verb.text, this.#options.url).href)
    if (verb.name === 'Connect') return broken('the agent’s TwiML connects to something that is no stream')
    return undefined
  }

  async #open({ url, parameters }: TwimlStream): Promise<LineEnd | undefined> {
    if (!/^wss?:/.test(url)) return broken('the stream’s address is no WebSocket address')
    if (!this.#options.isAllowed(url)) return broken(notAllowed(url))
    let opened: MediaLine | undefined
    const line = await openMediaStream({
      url,
      headers: this.#options.headers,
      ...(this.#options.tls === undefined ? {} : { tls: this.#options.tls }),
      names: this.#names,
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

  /** The agent closed the stream: the call goes on with what follows in its TwiML. */
  #streamEnded(end: LineEnd): void {
    this.#line = undefined
    if (this.#isOver) return
    if (end.how === 'broken' || this.#verbs.length === 0) {
      this.#end(end)
      return
    }
    // A call that was on the line cannot be rejected any more.
    void this.#go().then((last) => last && this.#end(last.how === 'rejected' ? { how: 'byAgent' } : last))
  }

  #end(end: LineEnd): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#events.ended(end)
  }

  /** Asks a webhook for the verbs of the call. */
  async #ask(url: string): Promise<LineEnd | undefined> {
    if (!this.#options.isAllowed(url)) return broken(notAllowed(url))
    const form = this.#form()
    const { authToken, headers } = this.#options
    try {
      const answer = await request(url, {
        method: 'POST',
        dispatcher: this.#agent,
        headers: {
          ...headers,
          'content-type': 'application/x-www-form-urlencoded',
          traceparent: this.#call.traceparent,
          ...(authToken === undefined ? {} : { [signatureHeader]: twilioSignature(authToken, url, form) }),
        },
        body: new URLSearchParams(form).toString(),
        signal: this.#signal,
      })
      const text = await shortText(answer.body)
      if (answer.statusCode !== 200) return broken(`the agent’s webhook answered ${answer.statusCode}`)
      const verbs = readTwiml(text)
      if (typeof verbs === 'string') return broken(`the agent’s webhook answered no TwiML: ${verbs}`)
      this.#verbs = verbs
      return undefined
    } catch (error) {
      const { code, name } = error as NodeJS.ErrnoException
      return broken(
        code === 'ECONNREFUSED'
          ? 'the agent’s webhook refuses connections'
          : `the agent’s webhook does not answer (${code ?? name})`,
      )
    }
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
      CallStatus: 'ringing',
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

const notAllowed = (url: string): string =>
  `the agent sends calls to ${new URL(url).host}, which is not this machine: --allow-target lets them go there`

async function shortText(body: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const chunk of body) {
    text += chunk.toString('utf8')
    if (text.length > longestTwiml) break
  }
  return text
}

/** An address below the agent's, of its own protocol or of the WebSocket's that goes with it. */
function below(url: string, path: string, protocol: 'http' | 'ws' = 'http'): string {
  const base = new URL(url)
  const secure = base.protocol === 'https:' || base.protocol === 'wss:' ? 's' : ''
  return `${protocol}${secure}://${base.host}${base.pathname.replace(/\/+$/, '')}${path}`
}
