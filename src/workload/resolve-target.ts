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
  WebSocketProtocol,
} from './target.ts'

type HttpSection = NonNullable<TargetSection['http']>
type WebSocketSection = NonNullable<TargetSection['websocket']>
type ConditionSection = HttpSection['answer']['end']
type RequestSection = Omit<HttpSection['send'], 'path'> & { path?: string | undefined }

/** The target with its defaults spelled out and the environment filled in. */
export function resolveTarget(section: TargetSection, environment: Environment): Target {
  const target = fillInAll(section, environment)
  return {
    url: target.url,
    driver: target.driver,
    headers: { ...target.headers },
    ...(target.model === undefined ? {} : { model: target.model }),
    ...(target.http ? { http: httpOf(target.http) } : {}),
    ...(target.websocket ? { websocket: websocketOf(target.websocket) } : {}),
    secrets: secretsOf(section, environment),
  }
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

const isPointer = (section: NonNullable<ConditionSection>): section is JsonPointer => Array.isArray(section)

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V })
}
