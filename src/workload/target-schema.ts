import { z } from 'zod'
import { accessFields } from './access-schema.ts'
import { field, type fields } from './fields.ts'
import { Mistake } from './mistake.ts'
import { didYouMean } from './nearest.ts'
import type { FilesBeside } from './target-access.ts'
import type { JsonPointer, JsonTemplate } from './target.ts'

/** The drivers that a target may name. */
export const driverNames = [
  'sessions',
  'sessions-json',
  'openai',
  'responses',
  'anthropic',
  'a2a',
  'ag-ui',
  'http',
  'websocket',
  'twilio',
  'realtime',
] as const

/** What templates may say in braces. */
export const placeholders: readonly string[] = ['text', 'session', 'user', 'turn', 'traceparent', 'job']

/** A placeholder; `{{text}}` is the text «{text}» itself. */
export const braces = /(\{)?\{([A-Za-z]\w*)\}(\})?/g

/** The target section: how users speak to the agent. */
export function targetSchema(f: ReturnType<typeof fields>, files?: FilesBeside) {
  const text = z.string().min(1)
  const headerName = z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/)
  const pointer = field('pointer', readPointer, {
    description: 'A JSON pointer (RFC 6901); in a list, -1 is the last entry.',
    type: 'string',
    pattern: '^(?:/.*)?$',
    examples: ['/choices/0/delta/content', '/messages/-1/content'],
  })
  const path = field('path', readPath, {
    description: 'A path with placeholders, below the target’s address.',
    type: 'string',
    pattern: '^/',
    examples: ['/threads/{session}/runs'],
  })
  const template = field('template', readTextTemplate, {
    description: 'A text with placeholders: {session}, {user}, {turn}, {traceparent}.',
    type: 'string',
  })
  const messageTemplate = field('messageTemplate', readMessageTemplate, {
    description: 'A text with placeholders: {text}, {session}, {user}, {turn}.',
    type: 'string',
  })
  const body = field('body', readBody, {
    description: 'JSON with placeholders in its texts: {text}, {session}, {user}, {turn}, {job}.',
    type: ['object', 'array'],
    examples: [{ message: '{text}', thread: '{session}' }],
  })
  const scalar = z.union([z.string(), z.number(), z.boolean()])
  const condition = z.union([
    pointer,
    z.strictObject({
      event: text.optional().describe('Name of the server-sent event.'),
      data: text.optional().describe('The whole message, such as [DONE].'),
      at: pointer.optional().describe('Something stands there that is not null, false or empty.'),
      is: z
        .union([scalar, z.array(scalar).min(1)])
        .optional()
        .describe('What stands at the pointer: one of these.'),
    }),
  ])
  const headers = z.record(headerName, template).optional().describe('On top of the target’s own.')
  const method = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional()
  const request = {
    headers,
    body: body.optional().describe('Sent as JSON.'),
    form: z.record(z.string(), messageTemplate).optional().describe('Sent as a form, instead of body.'),
  }
  const postByDefault = method.describe('POST where not written.')
  const login = z
    .strictObject({
      method: postByDefault,
      path,
      ...request,
      token: z
        .union([pointer, z.strictObject({ header: headerName.describe('A header of the answer.') })])
        .optional()
        .describe('Where the answer holds {token}; cookies carry it where not written.'),
    })
    .describe('Sent once a user, before the first message, and again after 401. {token} stands in headers.')
  const answer = {
    text: pointer.describe('Where the answer’s text, or a part of it, lies.'),
    when: condition.optional().describe('Only these messages hold text.'),
    tokens: pointer.optional().describe('How many tokens that text has; 1 where not written.'),
    firstToken: condition
      .optional()
      .describe('The message that counts as the first token; the first text where not written.'),
    working: condition
      .optional()
      .describe(
        'Messages that show work, such as a tool call or a status: text before them was no answer yet.',
      ),
    end: condition.optional().describe('The last message; the end of the stream where not written.'),
    error: pointer.optional().describe('Something there means that the turn failed.'),
    session: pointer.optional().describe('The session’s id, where the target chooses it with its answer.'),
  }
  const http = z
    .strictObject({
      open: z
        .strictObject({
          method: postByDefault,
          path,
          ...request,
          session: pointer.optional().describe('The session’s id in the answer: {session} from then on.'),
        })
        .optional()
        .describe('Opens a session, before its first message.'),
      send: z
        .strictObject({ method: postByDefault, path, ...request })
        .describe('Sends a message: {text} is what the user says.'),
      answer: z
        .strictObject({
          format: z.enum(['json', 'sse', 'ndjson']).describe('One JSON, server-sent events, or JSON lines.'),
          ...answer,
        })
        .describe('What lies where in the answer.'),
      poll: z
        .strictObject({
          method: method.describe('GET where not written.'),
          path: path.optional(),
          ...request,
          job: pointer.optional().describe('The job’s id in the answer to send: {job}.'),
          url: pointer.optional().describe('The address to ask in the answer to send, instead of path.'),
          interval: f.durationAbove0.describe('Between two questions.'),
          limit: f.durationAbove0.describe('The turn fails when it takes longer.'),
          done: condition.describe('The answer is there.'),
          failed: condition.optional().describe('There will be no answer.'),
        })
        .optional()
        .describe('Asks for the answer until it is there.'),
      close: z
        .strictObject({ method: method.describe('DELETE where not written.'), path, ...request })
        .optional()
        .describe('Ends a session, after its last turn.'),
    })
    .describe('For driver http: any HTTP API.')
  const websocket = z
    .strictObject({
      path: path.optional().describe('Below the target’s address, which may be ws:// or http://.'),
      headers: headers.describe('Of the handshake, on top of the target’s own.'),
      protocols: z
        .array(z.string().regex(/^[\w.-]+$/))
        .optional()
        .describe('Subprotocols to choose from.'),
      open: z
        .strictObject({
          body: body.optional().describe('Sent first.'),
          until: condition.optional().describe('The message that says ready; the first where not written.'),
          session: pointer.optional().describe('The session’s id in that message: {session} from then on.'),
        })
        .optional()
        .describe('What is said once on each socket, before its first message.'),
      send: z
        .strictObject({ body: body.describe('One JSON message: {text} is what the user says.') })
        .describe('Sends a message.'),
      answer: z
        .strictObject({ ...answer, end: condition.describe('The last message of an answer.') })
        .describe('What lies where in the messages of an answer.'),
    })
    .describe('For driver websocket: JSON messages over a WebSocket, one socket a session.')

  const twilio = z
    .strictObject({
      webhook: path
        .optional()
        .describe('Where the agent answers a call with TwiML; /voice where not written.'),
      stream: path
        .optional()
        .describe('Where it takes the media stream, instead of a webhook that names it.'),
      authToken: text.optional().describe('What webhooks are signed with: ${env:NAME}.'),
    })
    .describe('For driver twilio: calls by telephone, as Twilio’s media streams bring them.')

  return z
    .strictObject({
      url: text.describe('Where the agent listens.'),
      driver: z.enum(driverNames).describe('The protocol that users speak to it.'),
      headers: z
        .record(headerName, z.string())
        .optional()
        .describe('Sent with every request; ${env:NAME} is a secret, {token} what the login answered.'),
      model: text
        .optional()
        .describe('For openai, responses, anthropic and realtime: the model named in the request.'),
      ...accessFields(files),
      login: login.optional(),
      http: http.optional(),
      websocket: websocket.optional(),
      twilio: twilio.optional(),
    })
    .describe('How to talk to the agent.')
}

export type TargetSection = z.output<ReturnType<typeof targetSchema>>

function readPointer(value: unknown): JsonPointer {
  if (typeof value !== 'string' || (value !== '' && !value.startsWith('/')))
    throw new Mistake(
      'wrong_type',
      'is not a JSON pointer',
      'it begins with a slash: /choices/0/delta/content',
    )
  if (/~(?![01])/.test(value))
    throw new Mistake('wrong_type', 'has a ~ that means nothing', '~0 is a tilde, ~1 a slash')
  return value
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function readPath(value: unknown): string {
  const path = readTemplate(value, placeholders)
  if (!path.startsWith('/'))
    throw new Mistake(
      'wrong_type',
      'is not a path',
      'it begins with a slash: /chat; the host stands in target.url',
    )
  if (/[\s#]/.test(path)) throw new Mistake('wrong_type', 'holds a space or #', 'write %20 or %23')
  return path
}

/** Headers: what the user says may be of any alphabet and length, and does not belong there. */
function readTextTemplate(value: unknown): string {
  const template = readTemplate(
    value,
    placeholders.filter((name) => name !== 'text'),
  )
  if (/[^\t\u0020-\u007e\u00a0-\u00ff]/.test(template))
    throw new Mistake('wrong_type', 'holds a character that no header may hold', 'one line of Latin letters')
  return template
}

const readMessageTemplate = (value: unknown): string => readTemplate(value, placeholders)

function readTemplate(value: unknown, known: readonly string[]): string {
  if (typeof value !== 'string') throw new Mistake('wrong_type', 'is not a text')
  requireKnown(value, known)
  return value
}

function requireKnown(value: string, known: readonly string[]): void {
  for (const [, open, name, close] of value.matchAll(braces)) {
    if ((open && close) || known.includes(name!)) continue
    const message = `has no value for {${name}}`
    const hint = `${didYouMean(name!, known)}; {{${name}}} is the text itself`
    throw new Mistake('unknown_name', message, hint)
  }
}

function readBody(value: unknown): JsonTemplate {
  if (typeof value !== 'object' || value === null)
    throw new Mistake('wrong_type', 'is not JSON', 'a map, such as { message: "{text}" }')
  requireAllKnown(value)
  return value as JsonTemplate
}

function requireAllKnown(value: unknown): void {
  if (typeof value === 'string') requireKnown(value, placeholders)
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(requireAllKnown)
}
