import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent } from 'undici'
import { startRealClock } from '../clock/edge/real-clock.ts'
import { monotonicMs } from '../clock/now.ts'
import { Timer } from '../clock/timer-wheel.ts'
import type { SeenCall, SeenTool } from '../result/recording.ts'
import type { OpenAiError } from '../wire/openai-error.ts'
import type { Price } from '../workload/workload.ts'
import { passCall } from './passed-call.ts'
import { embeddingPath, passEmbedding } from './passed-embedding.ts'
import { closeDoor } from './door.ts'
import { notFound, pathOf, readBody, sendError } from './http-answer.ts'
import { plainName } from './model-paths.ts'
import { forward } from './forward.ts'
import { pathWithin } from './forward-url.ts'
import { passedApi } from './passed-request.ts'
import { InFlight } from './in-flight.ts'
import type { Incoming } from './incoming.ts'
import { SpendGuard } from './spend-guard.ts'

export interface PassThroughOptions {
  /** The real provider, such as https://api.openai.com, or a base URL with a path. */
  readonly through: string
  /** Where tools really answer, under /tools/NAME; without it they are not seen. */
  readonly tools?: string
  /** 0 takes a free one. */
  readonly port?: number
  readonly maxSpendUsd: number
  readonly priceOf: (model: string) => Price | undefined
  /** Prompts and answers are handed over with what was seen, and otherwise forgotten. */
  readonly keepText?: boolean
  readonly sawCall: (call: SeenCall) => void
  readonly sawTool: (tool: SeenTool) => void
  /** Texts were embedded, of so many tokens. */
  readonly sawEmbedding?: (tokens: number) => void
  /** A call was refused here, and why. */
  readonly held: (reason: string) => void
}

export interface PassThrough {
  readonly url: string
  readonly spentUsd: number
  /** Resolves once no request is under way. */
  idle(): Promise<void>
  /** Ends what is in flight and frees the port. */
  close(): Promise<void>
}

/** What a call that is passed on stands on. */
export interface Passing {
  readonly options: PassThroughOptions
  readonly dispatcher: Agent
  readonly guard: SpendGuard
  readonly inFlight: InFlight
  /** Aborted when it closes. */
  readonly cut: AbortSignal
}

/** Real models may think for long before they say anything. */
const upstreamMs = 600_000

/**
 * Hands model calls on to the real provider with the caller's own key, streamed and no faster than the caller reads,
 * and says what it saw of them. It listens on loopback, and stores neither keys nor, unless asked, text.
 */
export async function startPassThrough(options: PassThroughOptions): Promise<PassThrough> {
  const dispatcher = new Agent({ headersTimeout: upstreamMs, bodyTimeout: upstreamMs })
  const guard = new SpendGuard(options.maxSpendUsd, options.priceOf)
  const inFlight = new InFlight()
  const cut = new AbortController()
  const passing: Passing = { options, dispatcher, guard, inFlight, cut: cut.signal }
  const server = createServer({ noDelay: true }, (request, response) => {
    inFlight.enter()
    response.once('close', () => inFlight.leave())
    response.on('error', () => undefined)
    answer(passing, request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: options.port ?? 0, host: '127.0.0.1' }, () => resolve())
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get spentUsd() {
      return guard.spentUsd
    },
    idle: () => inFlight.idle(),
    async close() {
      cut.abort()
      const clock = startRealClock()
      await closeDoor(server, (waitMs, then) => clock.set(new Timer(then), monotonicMs() + waitMs))
      clock.stop()
      await dispatcher.destroy()
    },
  }
}

function answer(passing: Passing, request: IncomingMessage, response: ServerResponse): void {
  const sentAtMs = monotonicMs()
  const { through, tools } = passing.options
  const method = request.method ?? ''
  request.url = pathWithin(through, request.url ?? '/')
  const path = pathOf(request)
  const incoming = { request, response, sentAtMs }
  if (method === 'POST' && passedApi(path)) {
    readBody(request, response, (body) => passCall(passing, incoming, body))
    return
  }
  if (method === 'POST' && embeddingPath.test(path)) {
    readBody(request, response, (body) => void passEmbedding(passing, incoming, body))
    return
  }
  if (tools !== undefined && path.startsWith('/tools/')) {
    readBody(request, response, (body) => passTool(passing, tools, incoming, body))
    return
  }
  // What costs nothing: lists of models, and what clients count beforehand.
  if (method === 'GET' || /\/(?:count_tokens|input_tokens)$|:countTokens$/.test(path)) {
    readBody(request, response, (body) => {
      const { dispatcher, cut } = passing
      void forward({ dispatcher, base: through, request, response, body, cut })
    })
    return
  }
  request.resume()
  sendError(response, notPassed(method, path))
}

function notPassed(method: string, path: string): OpenAiError {
  const { message, ...error } = notFound(method, path)
  return { ...error, message: `${message}: Plimsoll passes on only what it can count the cost of.` }
}

function passTool(
  { dispatcher, options, cut }: Passing,
  base: string,
  { request, response, sentAtMs }: Incoming,
  body: string,
): void {
  const name = plainName(pathOf(request).slice('/tools/'.length))
  response.once('close', () => {
    const failed = response.statusCode >= 400 || !response.writableFinished
    options.sawTool({ name, sentAtMs, endedAtMs: monotonicMs(), failed })
  })
  void forward({ dispatcher, base, request, response, body, cut })
}
