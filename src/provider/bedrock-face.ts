import { monotonicMs } from '../clock/now.ts'
import { converseBody, ConverseStream, eventStreamType } from '../wire/bedrock-converse.ts'
import { readConverseRequest } from '../wire/bedrock-request.ts'
import type { ModelRequest } from '../wire/model-request.ts'
import type { Dialect } from './dialect.ts'
import type { Face } from './face.ts'
import { sendError } from './http-answer.ts'
import { type Incoming, playCall } from './played-call.ts'

/** `POST /model/<model>/converse` and `/converse-stream`. */
export function answerConverse(
  face: Face,
  incoming: Incoming,
  body: string,
  path: { readonly model: string; readonly stream: boolean },
): void {
  const read = readConverseRequest(body, path)
  if ('error' in read) sendError(incoming.response, read.error)
  else playCall(face, converseDialect(incoming.sentAtMs), incoming, read.request)
}

function converseDialect(sentAtMs: number): Dialect<ModelRequest> {
  const latencyMs = (): number => Math.round(monotonicMs() - sentAtMs)
  return {
    callPrefix: 'tooluse',
    fullStatus: 429,
    unavailableStatus: 503,
    streamType: eventStreamType,
    headers: (requestId) => ({ 'x-amzn-requestid': requestId }),
    whole: ({ head, answer, usage }) => converseBody(head, answer, usage, latencyMs()),
    stream: ({ head, answer, usage }) => new ConverseStream(head, answer, usage, latencyMs),
  }
}
