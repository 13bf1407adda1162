import type { IncomingMessage, ServerResponse } from 'node:http'
import { monotonicMs, wallClockMs } from '../clock/now.ts'
import { canariesIn } from '../sessions/canaries.ts'
import type { CallRecord, ErrorKind, Outcome } from '../result/records.ts'
import type { Demand, Quota } from '../service/quota.ts'
import type { AnswerHead, AnswerStream, ModelUsage } from '../wire/model-answer.ts'
import { type ModelRequest, mostTokensOf, type Prompt } from '../wire/model-request.ts'
import { invalidRequest, type OpenAiError } from '../wire/openai-error.ts'
import { sseHeaders } from '../wire/sse.ts'
import { modelFaults } from '../workload/fault.ts'
import type { Model } from '../workload/workload.ts'
import { hourMs } from '../workload/units.ts'
import { type CallOutput, type Saying, streamedOutput, wholeOutput } from './call-output.ts'
import type { Dialect, Said } from './dialect.ts'
import { contextError } from './context-error.ts'
import { enginePace } from './engine-pace.ts'
import type { Epoch, ServedModel } from './epoch.ts'
import { header, sendError } from './http-answer.ts'
import type { Incoming } from './incoming.ts'
import { isJoined, joinCall, type JoinedCall } from './join-call.ts'
import type { Face } from './face.ts'
import type { DrawnFault } from './faults.ts'
import { faultyStep } from './faulty-step.ts'
import { cutOutput, garbled, heldOutput, malformedStream } from './faulty-output.ts'
import { keepWaiting } from './keep-waiting.ts'
import { refusingFault, timedOut } from './refusing-fault.ts'
import { laneAt } from './loop.ts'
import { type AdmittedCall, playModelCall } from './model-call.ts'
import { modelTiming, type ModelTiming } from './model-timing.ts'
import { nextStep, takesAnswer } from './next-step.ts'
import { scheduledPace } from './pace.ts'
import { playChoices, type PlayedChoices } from './play-answer.ts'
import { rateLimitError, retryHeaders } from './rate-limit.ts'
import { servedModel } from './served-model.ts'
import { apiOf, type Headers } from './spoken-api.ts'

/** Plays a model call, in whatever API it came: what the model decides does not depend on it. */
export function playCall<R extends ModelRequest>(
  face: Face,
  dialect: Dialect<R>,
  incoming: Incoming,
  request: R,
): void {
  new PlayedCall(face, dialect, incoming, request).play(request)
}

/** What a call keeps until its end; not its request, which may be long and is not needed once the answer begins. */
class PlayedCall<R extends ModelRequest> implements AdmittedCall {
  readonly epoch: Epoch
  readonly response: ServerResponse
  readonly demand: Demand
  readonly record: CallRecord
  admittedAtMs = 0
  spoiledBy: ErrorKind | undefined
  readonly #face: Face
  readonly #dialect: Dialect<R>
  readonly #joined: JoinedCall
  readonly #served: ServedModel
  /** Names the turn, step and model among tries: the first at a model that a call falls back to is no retry. */
  readonly #tryKey: string
  readonly #id: string
  /** Served outside the quota. */
  #isSpilled = false

  constructor(face: Face, dialect: Dialect<R>, { request, response, sentAtMs }: Incoming, asked: R) {
    this.#face = face
    this.epoch = face.epoch
    this.#dialect = dialect
    this.response = response
    this.#joined = joinCall(this.epoch, asked, header(request, 'traceparent'))
    this.#served = servedModel(this.epoch, asked.model, this.#joined.at)
    const { model, tokenizer } = this.#served
    const askedTokens = tokenizer.countPrompt(asked)
    const inputTokens = asked.truncates ? Math.min(askedTokens, model.contextTokens ?? Infinity) : askedTokens
    // What has lost its beginning begins like nothing that was read before.
    const cachedTokens = inputTokens < askedTokens ? 0 : this.#cachedTokens(asked, inputTokens, sentAtMs)
    const maxTokens = mostTokensOf(asked)
    this.demand = { inputTokens, cachedTokens, maxTokens: maxTokens ?? 0 }
    const { at } = this.#joined
    this.#tryKey = `${at.run}.${at.session}.${laneAt(at)}.${at.step}.${this.#served.index}`
    this.record = this.#newRecord(request, sentAtMs, maxTokens)
    const canaries = isJoined(this.epoch, at) ? canariesIn(textsOf(asked), at) : undefined
    if (canaries) this.record.canaries = canaries
    this.#id = face.nextId()
  }

  play(asked: R): void {
    const { tally } = this.epoch
    tally.calls++
    for (const tool of asked.tools)
      if (!this.#face.listed.has(tool.name) && !takesAnswer(tool, asked)) tally.countUnlisted(tool.name)
    const step = nextStep(this.epoch, this.#joined.at, asked, this.#dialect.callPrefix)
    if (step.kind === 'refuse') {
      this.#refuse('failed', 'http_4xx', 400)
      sendError(this.response, invalidRequest(step.message, 'tool_choice'), this.#headers())
      return
    }
    const tooLong = contextError(apiOf(this.response.req), this.#served.model, this.demand.inputTokens)
    if (tooLong) {
      this.#refuseLong(asked, this.#dialect.tooLong ?? tooLong)
      return
    }
    const drawn = this.#drawFault(step.kind === 'call')
    if (drawn && this.#playInstead(drawn)) return
    if (!this.#admit()) return
    const written = this.#keep(asked)
    if (drawn) this.#injected(drawn)
    if (step.kind === 'call') tally.countToolCalls(step.calls[0]!.name, step.calls.length)
    const { tokenizer } = this.#served
    const played = playChoices(
      this.epoch,
      this.#joined.at,
      faultyStep(step, drawn?.fault.name, asked),
      asked,
      tokenizer,
    )
    const { inputTokens, cachedTokens } = this.demand
    const { answer, others, tokens, allTokens, thinkingTokens } = played
    const usage = { inputTokens, cachedTokens, ...written, outputTokens: allTokens, thinkingTokens }
    const said = { head: this.#head(asked), request: asked, answer, others, usage, tokenizer }
    const timing = modelTiming(this.epoch, this.#served, this.#joined.at, this.record.attempt)
    const output = this.#output(said, { tokens, perChunk: timing.tokensPerChunk }, drawn)
    this.#begin(timing, drawn ? this.#faultyOutput(output, drawn, tokens) : output, played)
  }

  #refuseLong(asked: R, error: OpenAiError): void {
    const said = { head: this.#head(asked), request: asked }
    const events = asked.stream ? this.#dialect.refusedStream?.(said, error) : undefined
    const headers = this.#headers()
    this.#refuse('failed', 'http_4xx', events === undefined ? error.status : 200)
    if (events === undefined) sendError(this.response, error, headers)
    else this.response.writeHead(200, { ...headers, ...sseHeaders }).end(events)
  }

  #head({ model }: R): AnswerHead {
    return { id: this.#id, createdSeconds: Math.floor(wallClockMs() / 1000), model }
  }

  /** What of the input is kept from here on and was not before. */
  #keep(asked: R): Pick<ModelUsage, 'writtenTokens' | 'hourlyTokens'> {
    const { promptCache } = this.#served
    if (!promptCache) return {}
    const { cacheable = asked, hourly } = asked
    const { inputTokens, cachedTokens } = this.demand
    const keep = (prompt: Prompt, forMs?: number): number => {
      const keptTokens = promptCache.read(prompt, this.admittedAtMs, forMs)
      return Math.max(0, Math.min(keptTokens, inputTokens) - cachedTokens)
    }
    const writtenTokens = keep(cacheable)
    return { writtenTokens, hourlyTokens: hourly ? keep(hourly, hourMs) : 0 }
  }

  #cachedTokens(asked: R, inputTokens: number, sentAtMs: number): number {
    const { model, promptCache } = this.#served
    const nowMs = this.epoch.time.toWorkload(sentAtMs)
    return (
      promptCache?.cachedTokens(asked.cacheable ?? asked, nowMs) ?? Math.floor(inputTokens * model.cached)
    )
  }

  get quota(): Quota | undefined {
    return this.#isSpilled ? undefined : this.#served.quota
  }

  ended(outcome: Outcome): void {
    this.#tried(outcome === 'completed')
  }

  #admit(): boolean {
    const { quota, model } = this.#served
    const nowMs = this.epoch.time.toWorkload(monotonicMs())
    const waitMs = quota?.at(nowMs).admit(this.demand) ?? 0
    this.admittedAtMs = nowMs
    this.#isSpilled = waitMs < 0
    if (!quota || waitMs <= 0) return true
    const { speed } = this.epoch.time
    this.epoch.tally.rateLimited++
    const left = quota.at(nowMs).status()
    const refused = rateLimitError({ model: model.id, demand: this.demand, status: left, waitMs, speed })
    const status = isSlots(model) ? this.#dialect.fullStatus : refused.status
    this.#refuse('rejected', status === 529 ? 'overloaded' : 'rate_limited', status)
    const inSeconds = status === 429 && speed === 1 && this.#dialect.retryAfterSeconds
    const headers = { ...this.#headers(), ...retryHeaders(waitMs, speed, inSeconds) }
    sendError(this.response, { ...refused, status }, headers)
    return false
  }

  #drawFault(isCall: boolean): DrawnFault | undefined {
    const { epoch, faults } = this.#face
    if (faults.rules.length === 0) return undefined
    const { at: position } = this.#joined
    const { session, step } = position
    const at = {
      kind: 'model',
      index: this.#served.index,
      session,
      turn: laneAt(position),
      step,
      attempt: this.record.attempt,
    } as const
    const sinceMs = epoch.time.toWorkload(monotonicMs()) - epoch.beganAtMs
    return faults.draw(epoch.sessions, at, sinceMs, (name) => isCall || !modelFaults.includes(name))
  }

  #injected(drawn: DrawnFault): void {
    this.epoch.tally.countFault(drawn)
    this.record.fault = drawn.fault.name
  }

  /** Plays a fault that is all that the call gets; false for one that something else goes on with. */
  #playInstead(drawn: DrawnFault): boolean {
    const { fault } = drawn
    const { speed } = this.epoch.time
    const refused = refusingFault(fault, speed)
    if (refused) {
      this.#injected(drawn)
      this.#refuse('rejected', refused.kind, refused.error.status)
      sendError(this.response, refused.error, { ...this.#headers(), ...refused.headers })
      return true
    }
    if (fault.name !== 'timeout') return false
    this.#injected(drawn)
    const { tally } = this.epoch
    tally.inFlight++
    keepWaiting(this.#face, this.response, fault.forMs / speed, (outcome, kind, status) => {
      tally.inFlight--
      this.#refuse(outcome, kind, status)
      if (status > 0) sendError(this.response, timedOut, this.#headers())
    })
    return true
  }

  /** Holds nothing of what was asked but what the API repeats. */
  #output(
    said: Said<R>,
    { tokens, perChunk }: { readonly tokens: number; readonly perChunk: number },
    drawn: DrawnFault | undefined,
  ): CallOutput {
    const saying = this.#saying(said, tokens, drawn)
    return said.request.stream
      ? streamedOutput(saying, this.#stream(said, drawn), perChunk)
      : wholeOutput(saying, this.#whole(said, drawn))
  }

  #saying(said: Said<R>, tokens: number, drawn: DrawnFault | undefined): Saying {
    return {
      response: this.response,
      record: this.record,
      headers: this.#headers(),
      streamType: this.#dialect.streamType,
      tokens,
      unavailableStatus: this.#dialect.unavailableStatus,
      isWrongLength: drawn?.fault.name === 'wrongLength',
      ending: this.#ending(said),
    }
  }

  /** Of a spoiled answer nothing is kept: whoever cannot read it asks again. */
  #ending(said: Said<R>): (() => void) | undefined {
    const ending = this.#dialect.ending?.(said)
    if (!ending) return undefined
    return () => {
      if (!this.spoiledBy) ending()
    }
  }

  #begin(timing: ModelTiming, output: CallOutput, { tokens, allTokens }: PlayedChoices): void {
    const epoch = this.epoch
    const { engine } = this.#served
    const { speed } = epoch.time
    const { clock } = this.#face
    const pace = engine
      ? enginePace({ engine, time: epoch.time, clock, tokens, inputTokens: this.demand.inputTokens }, output)
      : scheduledPace(
          clock,
          { tokens, firstMs: timing.ttftMs / speed, perTokenMs: timing.perTokenMs / speed },
          output,
        )
    playModelCall(this, { tokens, allTokens, pace, output }, this.#face.live)
  }

  #stream(said: Said<R>, drawn: DrawnFault | undefined): AnswerStream {
    const stream = this.#dialect.stream(said)
    return drawn?.fault.name === 'malformed' ? malformedStream(stream, drawn.place) : stream
  }

  #whole(said: Said<R>, drawn: DrawnFault | undefined): () => string {
    const body = this.#dialect.whole(said)
    const text = typeof body === 'string' ? () => body : body
    return drawn?.fault.name === 'malformed' ? () => garbled(text()) : text
  }

  #faultyOutput(output: CallOutput, { fault, place }: DrawnFault, tokens: number): CallOutput {
    const { clock } = this.#face
    const forMs = fault.forMs / this.epoch.time.speed
    const atTokens = Math.max(1, Math.floor(place * tokens))
    switch (fault.name) {
      case 'slowFirstByte':
        return heldOutput(output, { clock, atTokens: 0, forMs })
      case 'stall':
        return heldOutput(output, { clock, atTokens: Math.min(atTokens, tokens - 1), forMs })
      case 'cut':
        return cutOutput(output, atTokens, () => void (this.spoiledBy = 'cut'))
      case 'malformed':
      case 'wrongLength':
        this.spoiledBy = 'protocol'
        return output
      default:
        return output
    }
  }

  #refuse(outcome: Outcome, errorKind: ErrorKind, status: number): void {
    this.epoch.records.add({ ...this.record, endedAtMs: monotonicMs(), outcome, errorKind, status })
    this.#tried(false)
  }

  #tried(succeeded: boolean): void {
    const { occurrence } = this.#joined
    if (occurrence) this.epoch.occurrences.end(occurrence, succeeded)
    if (succeeded) this.epoch.failedTries.delete(this.#tryKey)
    else this.epoch.failedTries.set(this.#tryKey, (this.epoch.failedTries.get(this.#tryKey) ?? 0) + 1)
  }

  #headers(): Headers {
    const { quota } = this.#served
    const status = quota?.at(this.epoch.time.toWorkload(monotonicMs())).status() ?? []
    return this.#dialect.headers(`req_${this.#id}`, status, this.epoch.time.speed)
  }

  #newRecord(request: IncomingMessage, sentAtMs: number, maxTokens: number | undefined): CallRecord {
    const { at, joinedBy } = this.#joined
    const joined = isJoined(this.epoch, at)
    // The vendors' SDKs count their own tries; agents that retry by themselves do not say so.
    const counted = triesBefore(request)
    const seen = this.epoch.failedTries.get(this.#tryKey) ?? 0
    return {
      kind: 'model',
      service: this.#served.index,
      session: joined ? at.session : -1,
      turn: joined ? at.turn : -1,
      step: at.inner ? 0 : at.step,
      attempt: Math.min(mostTries, Math.max(seen, Number.isSafeInteger(counted) ? counted : 0)),
      sentAtMs,
      firstTokenAtMs: NaN,
      endedAtMs: NaN,
      inputTokens: this.demand.inputTokens,
      cachedTokens: this.demand.cachedTokens,
      outputTokens: 0,
      maxTokens: maxTokens ?? NaN,
      // A router has no depth of its own: in a turn whose only call it is, the turn's own is what was intended.
      depth: at.inner?.tool === -1 ? this.epoch.sessions.depth(at.session, at.turn) : at.depth,
      outcome: 'completed',
      errorKind: 'none',
      status: 0,
      joinedBy: joined ? joinedBy : 'none',
    }
  }
}

function* textsOf({ messages }: ModelRequest): Generator<string> {
  for (const { text } of messages) yield text
}

/** As OpenAI's and Anthropic's clients count them, or (from 1) AWS's. */
function triesBefore(request: IncomingMessage): number {
  const aws = /\battempt=(\d+)/.exec(header(request, 'amz-sdk-request') ?? '')
  return aws ? Number(aws[1]) - 1 : Number(header(request, 'x-stainless-retry-count') ?? 0)
}

/** Whether its quota limits calls in flight alone: then a refusal means a full server, not too many requests. */
function isSlots({ quota }: Model): boolean {
  return (
    quota !== undefined && 'terms' in quota && quota.terms.every(({ meter }) => meter.kind === 'in-flight')
  )
}
/** The coordinates of a draw hold six bits of the try. */
const mostTries = 63
