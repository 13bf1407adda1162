import { type PlacedText, textPointers, textsWithin } from '../load/drivers/text-pointers.ts'
import { isObject } from '../wire/request-fields.ts'
import { UserError } from './exit-codes.ts'
import type { RecordedRequest } from './recorded-request.ts'

/** A `target` section, what it leaves to the environment, and what it had to guess. */
export interface DescribedTarget {
  readonly target: Readonly<Record<string, unknown>>
  readonly message: string | undefined
  readonly environment: readonly string[]
  readonly guesses: readonly string[]
}

/** What the connection, the browser or the driver says by itself. */
const spareHeaders =
  /^(?:host|content-length|content-type|connection|accept|accept-.*|user-agent|origin|referer|sec-.*|te|priority|dnt|pragma|cache-control|traceparent|baggage|authority|:.*)$/i
const secretName =
  /auth|token|secret|cookie|passw|api-?_?key|^key$|session-?_?key|credential|csrf|xsrf|jwt|^sig$|signature/i
/** What services' keys and signed tokens look like, under whatever name. */
const secretValue =
  /^(?:(?:Bearer|Basic|Token) .*|(?:sk|pk|rk|key|token|gh[a-z]|github_pat|glpat|xox[a-z])[-_][\w-]{8,}|eyJ[\w-]+\.[\w-]+\.[\w-]*|AKIA[A-Z0-9]{12,}|AIza[\w-]{20,})$/
const isSecret = (name: string, value: string): boolean => secretName.test(name) || secretValue.test(value)
const messageKeys = ['content', 'message', 'text', 'query', 'question', 'prompt', 'input', 'q']
const sessionKey = /^(?:session|conversation|thread|chat)[-_]?(?:id)?$/i

/**
 * Describes the API behind one recorded message. Secrets become `${env:…}`; none is written down. `answerText` is the
 * JSON pointer to the text of an answer, where it is known.
 */
export function describeTarget(recorded: RecordedRequest, answerText?: string): DescribedTarget {
  const url = new URL(recorded.url)
  const secrets = new Secrets()
  const headers = Object.fromEntries(
    recorded.headers
      .filter(([name]) => !spareHeaders.test(name))
      .map(([name, value]) => [
        name.toLowerCase(),
        isSecret(name, value) ? secrets.hide(name, value) : escaped(value),
      ]),
  )
  const json = parsed(recorded.body)
  const form = isObject(json) ? undefined : formOf(recorded)
  const body = form ?? json
  const section = Object.keys(headers).length > 0 ? { headers } : {}
  const known = knownApi(url, body, headers)
  const done = (
    target: Record<string, unknown>,
    message: string | undefined,
    guesses: string[],
  ): DescribedTarget => ({
    target: { ...target, ...section },
    message,
    environment: secrets.names,
    guesses,
  })
  if (known && answerText !== undefined)
    throw new UserError(
      `--answer is for APIs without a driver: ${known.driver} knows where its answers lie`,
      {
        hint: `leave it out; an API that answers otherwise under ${url.pathname} is described by hand: docs/drivers.md`,
      },
    )
  if (known) return done(known, messageIn(body)?.text, [])
  if (!isObject(body))
    throw new UserError('the recorded message has a body that is neither JSON nor a form', {
      hint: 'describe the target by hand: docs/drivers.md shows how',
    })
  const message = messageIn(body)
  if (!message)
    throw new UserError('no text was found in the recorded body', {
      hint: 'docs/drivers.md shows how to describe it',
    })
  for (const [name, value] of url.searchParams)
    if (isSecret(name, value)) url.searchParams.set(name, secrets.hide(name, value))
  // All else stays as it was sent.
  const path = escaped(url.pathname) + url.search.replaceAll(/%24%7Benv%3A(\w+)%7D/g, '${env:$1}')
  const answer = answerOf(recorded, body, answerText)
  const http = {
    send: {
      ...(recorded.method === 'POST' ? {} : { method: recorded.method }),
      path,
      [form ? 'form' : 'body']: template(body, message.path, secrets),
    },
    answer: answer.shape,
  }
  return done({ url: url.origin, driver: 'http', http }, message.text, answer.guesses)
}

/** Values that must not be written: each gets the name of a variable, with what stands before it kept. */
class Secrets {
  readonly #secrets = new Map<string, string>()

  /** The variables, in the order of the message. */
  get names(): string[] {
    return [...this.#secrets.keys()]
  }

  /** The value with its secret replaced by the name of a variable; two secrets never share one. */
  hide(name: string, value: string): string {
    const [, scheme = '', secret = value] = /^(Bearer |Basic |Token )(.*)$/i.exec(value) ?? []
    const word = scheme ? 'token' : name
    const usual = `AGENT_${word
      .replace(/^x-/i, '')
      .replace(/[^a-zA-Z0-9]+/g, '_')
      .toUpperCase()}`
    const variable = this.#free(usual, secret)
    if (secret !== '') this.#secrets.set(variable, secret)
    return `${scheme}\${env:${variable}}`
  }

  #free(usual: string, secret: string): string {
    const isOthers = (name: string): boolean => (this.#secrets.get(name) ?? secret) !== secret
    let name = usual
    for (let i = 2; isOthers(name); i++) name = `${usual}_${i}`
    return name
  }
}

/** The APIs that have drivers of their own. */
function knownApi(
  url: URL,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): (Record<string, unknown> & { readonly driver: string }) | undefined {
  const ends = (tail: string): boolean => url.pathname.endsWith(tail)
  const base = (tail: string): string => url.origin + url.pathname.slice(0, -tail.length)
  const model = isObject(body) && typeof body['model'] === 'string' ? { model: body['model'] } : {}
  if (ends('/chat/completions')) return { url: base('/chat/completions'), driver: 'openai', ...model }
  if (ends('/responses')) return { url: base('/responses'), driver: 'responses', ...model }
  if (ends('/messages') && 'anthropic-version' in headers)
    return { url: base('/messages'), driver: 'anthropic', ...model }
  const session = /\/api\/sessions\/[^/]+\/messages$/.exec(url.pathname)
  if (session) return { url: url.origin + url.pathname.slice(0, session.index), driver: 'sessions' }
  return undefined
}

type Path = PlacedText['path']

/** What the user said: the last message of a list, else the text under a usual name, else the longest text. */
function messageIn(body: unknown): PlacedText | undefined {
  const found = textsWithin(body)
  const named = found.filter(({ path }) =>
    messageKeys.includes(String(path.findLast((key) => typeof key === 'string'))),
  )
  const inList = named.findLast(({ path }) => path.some((key) => typeof key === 'number'))
  const longest = found.toSorted((one, other) => other.text.length - one.text.length)[0]
  return inList ?? named[0] ?? longest
}

/** The body with `{text}` and `{session}` in their places. */
function template(value: unknown, message: Path, secrets: Secrets, path: Path = []): unknown {
  const key = path.at(-1)
  if (path.length === message.length && path.every((each, i) => each === message[i])) return '{text}'
  if (typeof value === 'string' && typeof key === 'string') {
    if (sessionKey.test(key)) return '{session}'
    if (isSecret(key, value)) return secrets.hide(key, value)
  }
  if (typeof value === 'string') return escaped(value)
  if (Array.isArray(value)) return value.map((each, i) => template(each, message, secrets, [...path, i]))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, template(each, message, secrets, [...path, name])]),
  )
}

function answerOf(
  { headers, answer }: RecordedRequest,
  body: Readonly<Record<string, unknown>>,
  answerText: string | undefined,
): { shape: Record<string, unknown>; guesses: string[] } {
  const accept = headers.find(([name]) => name.toLowerCase() === 'accept')?.[1] ?? ''
  const type = answer?.type ?? accept
  const format =
    /event-stream/.test(type) || (!answer && body['stream'] === true)
      ? 'sse'
      : /ndjson/.test(type)
        ? 'ndjson'
        : 'json'
  const text = answerText ?? (answer && pointerOf(answer.text, format))
  const guesses =
    text === undefined
      ? [
          'answer.text: where the answer text lies was not recorded; /text is a guess, --answer /reply says it',
        ]
      : []
  const done = format === 'sse' && answer?.text.includes('[DONE]') ? { end: { data: '[DONE]' } } : {}
  return { shape: { format, text: text ?? '/text', ...done }, guesses }
}

/** Where the text lies in an answer: the place whose texts add up to the most. */
function pointerOf(text: string, format: string): string | undefined {
  const lines =
    format === 'sse'
      ? text.split('\n').flatMap((line) => /^data:\s?(.*)$/.exec(line)?.[1] ?? [])
      : format === 'ndjson'
        ? text.split('\n')
        : [text]
  return textPointers(lines.map(parsed))[0]
}

/** A form as browsers and curl send it: the last value of each name. */
function formOf({ headers, body }: RecordedRequest): Record<string, string> | undefined {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  if (!/^application\/x-www-form-urlencoded/i.test(type)) return undefined
  return Object.fromEntries(new URLSearchParams(body))
}

/** What stood in braces is that text, and no placeholder. */
const escaped = (text: string): string => text.replaceAll(/\{([A-Za-z]\w*)\}/g, '{{$1}}')

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '') as unknown
  } catch {
    return undefined
  }
}
