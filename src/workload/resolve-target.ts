import { type Environment, fillIn, secretsOf } from './environment.ts'
import type { TargetSection } from './target-schema.ts'
import type {
  AnswerShape,
  Condition,
  HttpProtocol,
  JsonPointer,
  OpenRequest,
  PollRequest,
  RequestTemplate,
  Target,
  TwilioProtocol,
  WebSocketProtocol,
} from './target.ts'
import type { LoginRequest, TargetConnection, UserAccess } from './target-access.ts'

type HttpSection = NonNullable<TargetSection['http']>
type WebSocketSection = NonNullable<TargetSection['websocket']>
type ConditionSection = HttpSection['answer']['end']
type RequestSection = Omit<HttpSection['send'], 'path'> & { path?: string | undefined }

/** The target with its defaults spelled out and the environment filled in. */
export function resolveTarget(section: TargetSection, environment: Environment): Target {
  const { users, ...rest } = section
  const target = fillInAll(rest, environment)
  const access = accessOf({ ...target, users })
  const connection = connectionOf(target)
  return {
    url: target.url,
    driver: target.driver,
    headers: headersOf(target),
    ...(target.model === undefined ? {} : { model: target.model }),
    ...(target.http ? { http: httpOf(target.http) } : {}),
    ...(target.websocket ? { websocket: websocketOf(target.websocket) } : {}),
    ...(target.driver === 'twilio' ? { twilio: twilioOf(target.twilio ?? {}) } : {}),
    ...optional('access', access),
    ...optional('connection', connection),
    secrets: secretsOf(rest, environment),
  }
}

/** Where Twilio’s examples answer a call. */
const usualWebhook = '/voice'

function twilioOf({ webhook, stream, authToken }: NonNullable<TargetSection['twilio']>): TwilioProtocol {
  return {
    webhook: webhook ?? usualWebhook,
    ...optional('stream', stream),
    ...optional('authToken', authToken),
  }
}

type AccessSection = Pick<TargetSection, 'users' | 'login' | 'cookies' | 'headers'>

function accessOf({ users, login, cookies, headers = {} }: AccessSection): UserAccess | undefined {
  const values = Object.values(headers)
  if (!users && !login && !cookies && !values.some((value) => value.includes('${user.'))) return undefined
  return {
    ...optional('rows', users?.rows),
    ...optional('login', login && loginOf(login)),
    // A login that answers no token answers a cookie.
    cookies: cookies ?? (login !== undefined && login.token === undefined),
  }
}

function loginOf({ token, ...request }: NonNullable<TargetSection['login']>): LoginRequest {
  const where = token === undefined ? undefined : isPointer(token) ? { at: token } : token
  return { ...requestOf(request, 'POST'), ...optional('token', where) }
}

/** A token that no header mentions goes where most APIs want it. */
function headersOf({ headers = {}, login }: AccessSection): Record<string, string> {
  const isNamed = Object.entries(headers).some(
    ([name, value]) => value.includes('{token}') || name.toLowerCase() === 'authorization',
  )
  return { ...headers, ...(login?.token && !isNamed ? { authorization: 'Bearer {token}' } : {}) }
}

function connectionOf({ tls, http2 }: Pick<TargetSection, 'tls' | 'http2'>): TargetConnection | undefined {
  if (!tls && !http2) return undefined
  const { insecure = false, ca, cert, key, passphrase } = tls ?? {}
  const texts = {
    ...optional('ca', ca),
    ...optional('cert', cert),
    ...optional('key', key),
    ...optional('passphrase', passphrase),
  }
  return { ...(tls ? { tls: { ...texts, insecure } } : {}), http2: http2 ?? false }
}

/** Every text of the section, wherever it stands. */
function fillInAll<T>(value: T, environment: Environment): T {
  if (typeof value === 'string') return fillIn(value, environment) as T
  if (Array.isArray(value)) return value.map((each: unknown) => fillInAll(each, environment)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, fillInAll(each as unknown, environment)]),
  ) as T
}

function httpOf({ open, send, answer, poll, close }: HttpSection): HttpProtocol {
  return {
    ...(open ? { open: openOf(open) } : {}),
    send: requestOf(send, 'POST'),
    answer: { format: answer.format, ...answerOf(answer) },
    ...(poll ? { poll: pollOf(poll) } : {}),
    ...(close ? { close: requestOf(close, 'DELETE') } : {}),
  }
}

function websocketOf(section: WebSocketSection): WebSocketProtocol {
  const { open, send, answer } = section
  return {
    path: section.path ?? '',
    headers: { ...section.headers },
    protocols: section.protocols ?? [],
    ...(open
      ? {
          open: {
            ...optional('body', open.body),
            ...optional('until', conditionOf(open.until)),
            ...optional('session', open.session),
          },
        }
      : {}),
    send,
    answer: answerOf(answer),
  }
}

function openOf(open: NonNullable<HttpSection['open']>): OpenRequest {
  return { ...requestOf(open, 'POST'), ...(open.session ? { session: open.session } : {}) }
}

function pollOf(poll: NonNullable<HttpSection['poll']>): PollRequest {
  return {
    ...requestOf(poll, 'GET'),
    ...(poll.job ? { job: poll.job } : {}),
    ...(poll.url ? { url: poll.url } : {}),
    intervalMs: poll.interval,
    limitMs: poll.limit,
    done: conditionOf(poll.done)!,
    ...optional('failed', conditionOf(poll.failed)),
  }
}

function requestOf(section: RequestSection, method: RequestTemplate['method']): RequestTemplate {
  return {
    method: section.method ?? method,
    path: section.path ?? '',
    headers: { ...section.headers },
    ...optional('body', section.body),
    ...optional('form', section.form),
  }
}

function answerOf(section: Omit<HttpSection['answer'], 'format'>): AnswerShape {
  return {
    text: section.text,
    ...optional('when', conditionOf(section.when)),
    ...optional('tokens', section.tokens),
    ...optional('firstToken', conditionOf(section.firstToken)),
    ...optional('working', conditionOf(section.working)),
    ...optional('end', conditionOf(section.end)),
    ...optional('error', section.error),
    ...optional('session', section.session),
  }
}

function conditionOf(section: ConditionSection): Condition | undefined {
  if (section === undefined) return undefined
  if (isPointer(section)) return { at: section }
  const { event, data, at, is } = section
  const values = is === undefined || Array.isArray(is) ? is : [is]
  return {
    ...optional('event', event),
    ...optional('data', data),
    ...optional('at', at),
    ...optional('is', values),
  }
}

const isPointer = (section: object): section is JsonPointer => Array.isArray(section)

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V })
}
