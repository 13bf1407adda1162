import { parseArgs } from 'node:util'
import { z } from 'zod'
import { parsedJson } from '../wire/parsed-json.ts'
import { UserError } from './exit-codes.ts'
import { shellWords } from './shell-words.ts'

/** One message to an agent as somebody recorded it, with its answer where that was kept. */
export interface RecordedRequest {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string | undefined
  readonly answer?: { readonly type: string; readonly text: string }
}

const many = { type: 'string', multiple: true } as const
const flag = { type: 'boolean' } as const

/** What a curl command would send. Flags that change nothing of it are passed over. */
export function requestOfCurl(command: string): RecordedRequest {
  const [program, ...args] = shellWords(command.trim())
  if (program !== 'curl')
    throw new UserError('that is no curl command', { hint: "--from-curl 'curl https://…'" })
  const { values, positionals } = parseArgs({
    args,
    strict: false,
    allowPositionals: true,
    options: {
      request: { type: 'string', short: 'X' },
      header: { ...many, short: 'H' },
      data: { ...many, short: 'd' },
      'data-raw': many,
      'data-binary': many,
      'data-urlencode': many,
      json: many,
      user: { type: 'string', short: 'u' },
      cookie: { type: 'string', short: 'b' },
      'user-agent': { type: 'string', short: 'A' },
      referer: { type: 'string', short: 'e' },
      url: { type: 'string' },
      'max-time': { type: 'string', short: 'm' },
      output: { type: 'string', short: 'o' },
      compressed: flag,
      insecure: { ...flag, short: 'k' },
      location: { ...flag, short: 'L' },
      silent: { ...flag, short: 's' },
      'no-buffer': { ...flag, short: 'N' },
      include: { ...flag, short: 'i' },
      verbose: { ...flag, short: 'v' },
    },
  })
  const texts = (name: string): string[] =>
    [values[name] ?? []].flat().filter((each) => typeof each === 'string')
  const [url = positionals[0]] = texts('url')
  if (url === undefined) throw new UserError('the curl command names no URL')
  const json = texts('json')
  const data = [
    ...texts('data'),
    ...texts('data-raw'),
    ...texts('data-binary'),
    ...texts('data-urlencode').map(urlEncoded),
    ...json,
  ]
  if (data.some((each) => each.startsWith('@')))
    throw new UserError('the curl command reads its body from a file', {
      hint: 'put the body into the command',
    })
  const isForm = data.length > json.length && !headersOf(texts('header')).some(isType)
  const [user] = texts('user')
  const [cookie] = texts('cookie')
  return {
    method: texts('request')[0] ?? (data.length > 0 ? 'POST' : 'GET'),
    url: absolute(url),
    headers: [
      ...headersOf(texts('header')),
      ...(json.length > 0 ? [['content-type', 'application/json'] as const] : []),
      ...(isForm ? [['content-type', form] as const] : []),
      ...(user === undefined
        ? []
        : [['authorization', `Basic ${Buffer.from(user).toString('base64')}`] as const]),
      ...(cookie === undefined ? [] : [['cookie', cookie] as const]),
    ],
    body: data.length > 0 ? data.join('&') : undefined,
  }
}

const form = 'application/x-www-form-urlencoded'
const isType = ([name]: readonly [string, string]): boolean => name.toLowerCase() === 'content-type'

function headersOf(lines: readonly string[]): [name: string, value: string][] {
  return lines.flatMap((line): [string, string][] => {
    const [, name, value] = /^([^:]+):\s*(.*)$/.exec(line) ?? []
    return name === undefined ? [] : [[name.trim(), value!]]
  })
}

/** `name=content` with its content encoded, as curl has it. */
function urlEncoded(text: string): string {
  const at = text.indexOf('=')
  return text.slice(0, at + 1) + encodeURIComponent(text.slice(at + 1))
}

function absolute(url: string): string {
  const whole = /^\w+:\/\//.test(url) ? url : `http://${url}`
  if (!URL.canParse(whole) || !/^https?:$/.test(new URL(whole).protocol))
    throw new UserError(`${url} is no address of HTTP`)
  return whole
}

const har = z.object({ log: z.object({ entries: z.array(z.unknown()) }) })

/** An entry of HAR 1.2 that is a message to an agent: a POST with a body that was answered with data. */
const message = z.object({
  request: z.object({
    method: z.literal('POST'),
    url: z.string().min(1),
    headers: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
    postData: z.object({ text: z.string().min(1) }),
  }),
  response: z.object({
    content: z.object({
      mimeType: z.string().regex(/json|event-stream|plain/),
      text: z.string().nullish(),
      encoding: z.string().nullish(),
    }),
  }),
})

/** The last message in a recording of a browser (HAR 1.2). Entries of any other form are passed over. */
export function requestOfHar(text: string): RecordedRequest {
  for (const entry of entriesOf(text).toReversed()) {
    const { data } = message.safeParse(entry)
    if (data) return requestOf(data)
  }
  throw new UserError('the recording holds no message: no POST with a body and an answer')
}

function requestOf({ request, response }: z.infer<typeof message>): RecordedRequest {
  const { mimeType, encoding, text: content } = response.content
  const answer = Buffer.from(content ?? '', encoding === 'base64' ? 'base64' : 'utf8').toString()
  return {
    method: request.method,
    url: absolute(request.url),
    headers: request.headers.map(({ name, value }) => [name, value]),
    body: request.postData.text,
    ...(answer === '' ? {} : { answer: { type: mimeType, text: answer } }),
  }
}

function entriesOf(text: string): readonly unknown[] {
  const recording = parsedJson(text)
  if (recording === undefined) throw new UserError('that is no HAR file: it is not JSON')
  const { data } = har.safeParse(recording)
  if (!data) throw new UserError('that is no HAR file: it has no log.entries')
  return data.log.entries
}
