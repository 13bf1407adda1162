import type { IncomingMessage, ServerResponse } from 'node:http'
import { monotonicMs } from '../clock/now.ts'
import { splitUrl } from '../wire/split-url.ts'
import { type Administered, answerAdmin } from './admin-face.ts'
import type { Face } from './face.ts'
import { notFound, readBody, refuseMethod, refuseRequest } from './http-answer.ts'
import type { McpFace } from './mcp-face.ts'
import { answerConversations } from './conversations-face.ts'
import { answerOf, conversationPath, plainName, storedResponsePath } from './model-paths.ts'
import { answerModel, answerModels } from './models-face.ts'
import { answerStoredResponse } from './responses-face.ts'
import { answerSpeak } from './speech/deepgram-speak.ts'
import { answerTextToSpeech } from './speech/elevenlabs-speak.ts'
import { answerTool } from './tool-face.ts'
import { answerTwilioCall, twilioCallPath } from './twilio-rest-face.ts'

const modelsPath = /^(?:\/openai|(?:\/openai)?\/v1(?:alpha|beta)?\d?)\/models(?:\/(.+))?$/

const textToSpeechPath = /^\/v1\/text-to-speech\/[^/]+(?:\/stream)?$/

const ignore = (): void => undefined

/** Hands a request to the face that answers its path. */
export function route(
  provider: Face & Administered & { readonly mcp: McpFace },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const sentAtMs = monotonicMs()
  // A caller that left is told by `close`; what is still written to it is nobody's mistake.
  response.on('error', ignore)
  const incoming = { request, response, sentAtMs }
  const method = request.method ?? ''
  const { path, query } = splitUrl(request.url)
  const only = (allowed: 'GET' | 'POST', answer: () => void): void => {
    if (method === allowed) answer()
    else refuseMethod(provider, incoming, allowed)
  }
  const withBody = (answer: (body: string) => void): void =>
    only('POST', () => readBody(request, response, answer, provider))

  const answerCall = answerOf(path)
  const stored = answerCall ? null : storedResponsePath.exec(path)
  const conversation = answerCall || stored ? null : conversationPath.exec(path)
  const twilioCall = answerCall ? null : twilioCallPath.exec(path)
  const models = answerCall ? null : modelsPath.exec(path)
  if (answerCall) withBody((body) => answerCall(provider, incoming, body))
  else if (stored) {
    const isItems = stored[2] !== undefined
    const asked = { id: plainName(stored[1]!), isItems, query: new URLSearchParams(query) }
    const answer = (): void => answerStoredResponse(provider, incoming, asked)
    if (method === 'DELETE' && !isItems) answer()
    else only('GET', answer)
  } else if (conversation) {
    const [, id, items, itemId] = conversation.map((name: string | undefined) => name && plainName(name))
    const asked = { id, isItems: items !== undefined, itemId, query: new URLSearchParams(query) }
    readBody(request, response, (body) => answerConversations(provider, incoming, body, asked), provider)
  } else if (models?.[1] !== undefined)
    only('GET', () => answerModel(provider, plainName(models[1]!), response))
  else if (models) only('GET', () => answerModels(provider, new URLSearchParams(query), response))
  else if (path.startsWith('/tools/'))
    withBody((body) => answerTool(provider, plainName(path.slice('/tools/'.length)), incoming, body))
  else if (path === '/v1/speak')
    withBody((body) => answerSpeak(provider, new URLSearchParams(query), response, body))
  else if (textToSpeechPath.test(path))
    withBody((body) => answerTextToSpeech(provider, new URLSearchParams(query), response, body))
  else if (twilioCall) answerTwilioCall(provider.epoch, twilioCall, request, response)
  else if (path === '/mcp') provider.mcp(request, response)
  else if (path.startsWith('/_plimsoll/'))
    answerAdmin(provider, incoming, {
      path: path.slice('/_plimsoll/'.length),
      query: new URLSearchParams(query),
    })
  else refuseRequest(provider, incoming, notFound(method, path))
}
