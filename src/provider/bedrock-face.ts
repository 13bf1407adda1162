import { monotonicMs } from '../clock/now.ts'
import { anthropicMessage } from '../wire/anthropic-messages.ts'
import { readInvokeRequest } from '../wire/anthropic-request.ts'
import { converseBody, ConverseStream } from '../wire/bedrock-converse.ts'
import { eventStreamType } from '../wire/bedrock-frame.ts'
import { InvokeStream } from '../wire/bedrock-invoke.ts'
import { readConverseRequest } from '../wire/bedrock-request.ts'
import type { ModelRequest } from '../wire/model-request.ts'
import type { Dialect } from './dialect.ts'
import type { Face } from './face.ts'
import { refuseRequest } from './http-answer.ts'
import type { Incoming } from './incoming.ts'
import { playCall } from './played-call.ts'

/** `POST /model/<model>/converse` and `/converse-stream`. */
export function answerConverse(
  face: Face,
  incoming: Incoming,
  body: string,
  path: { readonly model: string; readonly stream: boolean },
): void {
  const read = readConverseRequest(body, path)
  if ('error' in read) refuseRequest(face, incoming, read.error)
  else playCall(face, converseDialect(incoming.sentAtMs), incoming, read.request)
}

/** `POST /model/<model>/invoke` and `/invoke-with-response-stream`, where the model is a Claude. */
export function answerInvoke(
  face: Face,
  incoming: Incoming,
  body: string,
  path: { readonly model: string; readonly stream: boolean },
): void {
  const read = readInvokeRequest(body, path)
  if ('error' in read) refuseRequest(face, incoming, read.error)
  else playCall(face, invokeDialect, incoming, read.request)
}

const requestHeaders = (requestId: string) => ({ 'x-amzn-requestid': requestId })

const invokeDialect: Dialect<ModelRequest> = {
  callPrefix: 'toolu',
  fullStatus: 429,
  unavailableStatus: 503,
  streamType: eventStreamType,
  headers: requestHeaders,
  whole: ({ head, answer, usage }) => anthropicMessage(head, answer, usage),
  stream: ({ head, answer, usage }) => new InvokeStream(head, answer, usage),
}

function converseDialect(sentAtMs: number): Dialect<ModelRequest> {
  const latencyMs = (): number => Math.round(monotonicMs() - sentAtMs)
  return {
    callPrefix: 'tooluse',
    fullStatus: 429,
    unavailableStatus: 503,
    streamType: eventStreamType,
    headers: requestHeaders,
    whole: ({ head, answer, usage }) => converseBody(head, answer, usage, latencyMs),
    stream: ({ head, answer, usage }) => new ConverseStream(head, answer, usage, latencyMs),
  }
}
