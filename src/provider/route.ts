import type { IncomingMessage, ServerResponse } from 'node:http'
import { monotonicMs } from '../clock/now.ts'
import { type Administered, answerAdmin } from './admin-face.ts'
import { answerCountTokens, answerMessages } from './anthropic-face.ts'
import { answerChat } from './chat-face.ts'
import { answerEmbeddings } from './embeddings-face.ts'
import type { Face } from './face.ts'
import { notAllowed, notFound, readBody, sendError } from './http-answer.ts'
import { answerModel, answerModels } from './models-face.ts'
import type { Incoming } from './played-call.ts'
import { answerResponses } from './responses-face.ts'
import { answerTool } from './tool-face.ts'

/** Hands a request to the face that answers its path. */
export function route(
  provider: Face & Administered,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const sentAtMs = monotonicMs()
  // A caller that left is told by `close`; what is still written to it is nobody's mistake.
  response.on('error', () => undefined)
  const incoming = { request, response, sentAtMs }
  const method = request.method ?? ''
  const [path = '', query = ''] = (request.url ?? '').split('?', 2)
  const only = (allowed: 'GET' | 'POST', answer: () => void): void => {
    if (method === allowed) answer()
    else sendError(response, notAllowed(method, allowed), { allow: allowed })
  }
  const withBody = (answer: (body: string) => void): void =>
    only('POST', () => readBody(request, response, answer))

  const answerCall = callFaces[path.replace(/^\/v1(?=\/)/, '')]
  if (answerCall) withBody((body) => answerCall(provider, incoming, body))
  else if (path === '/v1/models')
    only('GET', () => answerModels(provider.epoch.workload, new URLSearchParams(query), response))
  else if (path.startsWith('/v1/models/'))
    only('GET', () => answerModel(provider.epoch.workload, nameIn(path, '/v1/models/'), response))
  else if (path.startsWith('/tools/'))
    withBody((body) => answerTool(provider, nameIn(path, '/tools/'), request, response, body, sentAtMs))
  else if (path.startsWith('/_plimsoll/'))
    answerAdmin(provider, path.slice('/_plimsoll/'.length), new URLSearchParams(query), request, response)
  else sendError(response, notFound(method, path))
}

/** What is asked of models, by path: clients put `/v1` before it or leave it to whoever sets their address. */
const callFaces: Readonly<Record<string, (face: Face, incoming: Incoming, body: string) => void>> = {
  '/chat/completions': answerChat,
  '/responses': answerResponses,
  '/embeddings': answerEmbeddings,
  '/messages': answerMessages,
  '/messages/count_tokens': answerCountTokens,
}

function nameIn(path: string, prefix: string): string {
  const name = path.slice(prefix.length)
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
