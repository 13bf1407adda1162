import { AzureChatStream, azureChatCompletion } from '../wire/azure-chat.ts'
import { type ChatRequest, readChatRequest } from '../wire/openai-chat-request.ts'
import { chatStream, toldChoices } from './chat-face.ts'
import type { Dialect } from './dialect.ts'
import type { Face } from './face.ts'
import { refuseRequest } from './http-answer.ts'
import type { Incoming } from './incoming.ts'
import { playCall } from './played-call.ts'
import { openAiHeaders } from './rate-limit.ts'

/** `POST /openai/deployments/<deployment>/chat/completions?api-version=…`: the path names the model. */
export function answerAzureChat(face: Face, incoming: Incoming, body: string, deployment: string): void {
  const read = readChatRequest(body, deployment)
  if ('error' in read) refuseRequest(face, incoming, read.error)
  else playCall(face, azureDialect, incoming, read.request)
}

const azureDialect: Dialect<ChatRequest> = {
  callPrefix: 'call',
  fullStatus: 429,
  unavailableStatus: 503,
  headers: (requestId, left, speed) => ({
    ...openAiHeaders(requestId, left, speed),
    'apim-request-id': requestId,
    'x-ms-region': 'Plimsoll',
  }),
  whole: (said) => azureChatCompletion(said.head, toldChoices(said), said.usage),
  stream: (said) => chatStream(said, AzureChatStream),
}
