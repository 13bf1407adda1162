import { type Agent, request } from 'undici'
import { signatureHeader, twilioSignature } from '../../../wire/twilio-signature.ts'
import { IncomingText } from '../incoming-text.ts'
import { longestTwiml, readTwiml, type TwimlVerb } from '../../../wire/twiml.ts'

/** An address of a webhook, and how it is asked. */
export interface Webhook {
  readonly url: string
  readonly method: 'GET' | 'POST'
}

export interface WebhookOptions {
  readonly agent: Agent
  readonly form: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly authToken?: string | undefined
  readonly isAllowed: (url: string) => boolean
  readonly signal: AbortSignal
}

/** What a webhook answered, and where from: addresses in it are relative to that. */
export interface WebhookAnswer {
  readonly verbs: readonly TwimlVerb[]
  readonly url: string
}

const mostRedirects = 5
/** Those that Twilio follows (its error 11216, as of November 2026); only 307 keeps the method. */
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307])

/** Asks a webhook for the verbs of a call as Twilio does: signed, and after redirects by HTTP. A text says why there are none. */
export async function askWebhook(webhook: Webhook, options: WebhookOptions): Promise<WebhookAnswer | string> {
  let { url, method } = webhook
  let { form } = options
  for (let redirected = 0; redirected <= mostRedirects; redirected++) {
    const problem = problemOf(url, options)
    if (problem !== undefined) return problem
    const answer = await send({ url, method }, { ...options, form })
    if (typeof answer === 'string') return answer
    const { status, location, text } = answer
    if (redirects.has(status) && location !== undefined) {
      url = resolved(location, url) ?? location
      if (status !== 307) {
        method = 'GET'
        form = {}
      }
      continue
    }
    if (status < 200 || status > 299) return `the agent’s webhook answered ${status}`
    const verbs = readTwiml(text)
    return typeof verbs === 'string' ? `the agent’s webhook answered no TwiML: ${verbs}` : { verbs, url }
  }
  return 'the agent’s webhook redirects round and round'
}

/** An address of TwiML, from where it stands; undefined where it is none. */
export function resolved(address: string, from: string): string | undefined {
  return URL.canParse(address, from) ? new URL(address, from).href : undefined
}

/** Why an address must not be asked or streamed to; undefined where it may be. */
export function problemOf(url: string, { isAllowed }: Pick<WebhookOptions, 'isAllowed'>): string | undefined {
  if (!URL.canParse(url)) return 'the agent’s TwiML has an address that is none'
  return isAllowed(url)
    ? undefined
    : `the agent sends calls to ${new URL(url).host}, which is not this machine: --allow-target lets them go there`
}

interface Received {
  readonly status: number
  readonly location: string | undefined
  readonly text: string
}

async function send(
  { url, method }: Webhook,
  { agent, form, headers, authToken, signal }: WebhookOptions,
): Promise<Received | string> {
  const isGet = method === 'GET'
  const asked = isGet ? withQuery(url, form) : url
  try {
    const answer = await request(asked, {
      method,
      dispatcher: agent,
      headers: {
        ...headers,
        ...(isGet ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(authToken === undefined
          ? {}
          : { [signatureHeader]: twilioSignature(authToken, asked, isGet ? {} : form) }),
      },
      ...(isGet ? {} : { body: new URLSearchParams(form).toString() }),
      signal,
    })
    const { location } = answer.headers
    return {
      status: answer.statusCode,
      location: typeof location === 'string' ? location : undefined,
      text: await shortText(answer.body),
    }
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException
    return code === 'ECONNREFUSED'
      ? 'the agent’s webhook refuses connections'
      : `the agent’s webhook does not answer (${code ?? name})`
  }
}

function withQuery(url: string, form: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(form).toString()
  return query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`
}

async function shortText(body: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  const incoming = new IncomingText()
  for await (const chunk of body) {
    text += incoming.write(chunk, 0, chunk.length)
    if (text.length > longestTwiml) break
  }
  return text
}
