import type { IncomingMessage, ServerResponse } from 'node:http'
import { monotonicMs, wallClockMs } from '../clock/now.ts'
import type { CallRecord, ErrorKind } from '../result/records.ts'
import type { Demand } from '../service/quota.ts'
import type { AnswerHead, ModelAnswer, ModelUsage } from '../wire/model-answer.ts'
import type { ModelRequest } from '../wire/model-request.ts'
import { invalidRequest } from '../wire/openai-error.ts'
import type { Model } from '../workload/workload.ts'
import { charactersPerToken } from './answer-text.ts'
import { streamedOutput, wholeOutput } from './call-output.ts'
import type { Dialect } from './dialect.ts'
import { enginePace } from './engine-pace.ts'
import type { Epoch, ServedModel } from './epoch.ts'
import { header, sendError } from './http-answer.ts'
import { isJoined, joinCall, type JoinedCall } from './join-call.ts'
import type { Face } from './face.ts'
import { playModelCall } from './model-call.ts'
import { modelTiming } from './model-timing.ts'
import { nextStep } from './next-step.ts'
import { scheduledPace } from './pace.ts'
import { playAnswer } from './play-answer.ts'
import { rateLimitError, retryHeaders } from './rate-limit.ts'
import type { Headers } from './spoken-api.ts'

/** A request as it came. */
export interface Incoming {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly sentAtMs: number
}

/** Plays a model call, in whatever API it came: what the model decides does not depend on it. */
export function playCall<R extends ModelRequest>(
  face: Face,
  dialect: Dialect<R>,
  incoming: Incoming,
  request: R,
): void {
  new PlayedCall(face, dialect, incoming, request).play()
}

class PlayedCall<R extends ModelRequest> {
  readonly #face: Face
  readonly #epoch: Epoch
  readonly #dialect: Dialect<R>
  readonly #response: ServerResponse
  readonly #asked: R
  readonly #joined: JoinedCall
  readonly #served: ServedModel
  readonly #demand: Demand
  /** Names the turn and step among tries. */
  readonly #tryKey: string
  readonly #record: CallRecord
  readonly #id: string
  #admittedAtMs = 0
  /** Served outside the quota. */
  #isSpilled = false

  constructor(face: Face, dialect: Dialect<R>, { request, response, sentAtMs }: Incoming, asked: R) {
    this.#face = face
    this.#epoch = face.epoch
    this.#dialect = dialect
    this.#response = response
    this.#asked = asked
    this.#joined = joinCall(this.#epoch, asked.messages, header(request, 'traceparent'))
    this.#served = servedModel(this.#epoch, asked.model, this.#joined.at.session)
    const inputTokens = inputTokensOf(asked)
    const cachedTokens = Math.floor(inputTokens * this.#served.model.cached)
    this.#demand = { inputTokens, cachedTokens, maxTokens: asked.maxTokens ?? 0 }
    const { run, session, turn, step } = this.#joined.at
    this.#tryKey = `${run}.${session}.${turn}.${step}`
    this.#record = this.#newRecord(request, sentAtMs)
    this.#id = face.nextId()
  }

  play(): void {
    const { sessions, tally, workload } = this.#epoch
    tally.calls++
    for (const { name } of this.#asked.tools) if (!this.#face.listed.has(name)) tally.countUnlisted(name)
    const step = nextStep(workload, sessions, this.#joined.at, this.#asked, this.#dialect.callPrefix)
    if (step.kind === 'refuse') {
      this.#refuse('failed', 'http_4xx', 400)
      sendError(this.#response, invalidRequest(step.message, 'tool_choice'), this.#headers())
      return
    }
    if (!this.#admit()) return
    if (step.kind === 'call') tally.countToolCalls(step.calls[0]!.name, step.calls.length)
    const { answer, tokens, thinkingTokens } = playAnswer(sessions, this.#joined.at, step, this.#asked)
    const { inputTokens, cachedTokens } = this.#demand
    const head = { id: this.#id, createdSeconds: Math.floor(wallClockMs() / 1000), model: this.#asked.model }
    this.#begin(head, answer, { inputTokens, cachedTokens, outputTokens: tokens, thinkingTokens })
  }

  #admit(): boolean {
    const { quota, model } = this.#served
    const nowMs = this.#epoch.time.toWorkload(monotonicMs())
    const waitMs = quota?.admit(nowMs, this.#demand) ?? 0
    this.#admittedAtMs = nowMs
    this.#isSpilled = waitMs < 0
    if (!quota || waitMs <= 0) return true
    const { speed } = this.#epoch.time
    this.#epoch.tally.rateLimited++
    const refused = rateLimitError(model.id, this.#demand, quota.status(nowMs), waitMs, speed)
    const status = isSlots(model) ? this.#dialect.fullStatus : refused.status
    this.#refuse('rejected', status === 529 ? 'overloaded' : 'rate_limited', status)
    const headers = { ...this.#headers(), ...retryHeaders(waitMs, speed) }
    sendError(this.#response, { ...refused, status }, headers)
    return false
  }

  #begin(head: AnswerHead, answer: ModelAnswer, usage: ModelUsage): void {
    const epoch = this.#epoch
    const { at } = this.#joined
    const { engine } = this.#served
    const tokens = usage.outputTokens
    const { speed } = epoch.time
    const timing = modelTiming(epoch, this.#served, at, this.#record.attempt)
    const said = { head, request: this.#asked, answer, usage }
    const saying = {
      response: this.#response,
      headers: this.#headers(),
      streamType: this.#dialect.streamType,
      tokens,
      unavailableStatus: this.#dialect.unavailableStatus,
    }
    const output = this.#asked.stream
      ? streamedOutput(saying, this.#dialect.stream(said), timing.tokensPerChunk)
      : wholeOutput(saying, () => this.#dialect.whole(said))
    const { clock } = this.#face
    const nextPiece = (told: number): number => output.nextPiece(told)
    const pace = engine
      ? enginePace({ engine, time: epoch.time, clock, tokens }, nextPiece)
      : scheduledPace(
          clock,
          { tokens, firstMs: timing.ttftMs / speed, perTokenMs: timing.perTokenMs / speed },
          nextPiece,
        )
    let forget: (() => void) | undefined
    const call = playModelCall({
      epoch,
      demand: this.#demand,
      quota: this.#isSpilled ? undefined : this.#served.quota,
      admittedAtMs: this.#admittedAtMs,
      tokens,
      pace,
      output,
      response: this.#response,
      record: this.#record,
      ended: (outcome) => {
        forget?.()
        this.#tried(outcome === 'completed')
      },
    })
    forget = this.#face.live.add(call)
  }

  #refuse(outcome: 'failed' | 'rejected', errorKind: ErrorKind, status: number): void {
    this.#epoch.records.add({ ...this.#record, endedAtMs: monotonicMs(), outcome, errorKind, status })
    this.#tried(false)
  }

  #tried(succeeded: boolean): void {
    this.#joined.occurrence?.end(succeeded)
    if (succeeded) this.#epoch.failedTries.delete(this.#tryKey)
    else this.#epoch.failedTries.set(this.#tryKey, (this.#epoch.failedTries.get(this.#tryKey) ?? 0) + 1)
  }

  #headers(): Headers {
    const { quota } = this.#served
    const status = quota?.status(this.#epoch.time.toWorkload(monotonicMs())) ?? []
    return this.#dialect.headers(`req_${this.#id}`, status, this.#epoch.time.speed)
  }

  #newRecord(request: IncomingMessage, sentAtMs: number): CallRecord {
    const { at, joinedBy } = this.#joined
    const joined = isJoined(this.#epoch, at)
    // Clients of this package count their own tries; agents that retry by themselves do not say so.
    const counted = triesBefore(request)
    const seen = this.#epoch.failedTries.get(this.#tryKey) ?? 0
    return {
      kind: 'model',
      service: this.#served.index,
      session: joined ? at.session : -1,
      turn: joined ? at.turn : -1,
      step: at.step,
      attempt: Math.min(mostTries, Math.max(seen, Number.isSafeInteger(counted) ? counted : 0)),
      sentAtMs,
      firstTokenAtMs: NaN,
      endedAtMs: NaN,
      inputTokens: this.#demand.inputTokens,
      cachedTokens: this.#demand.cachedTokens,
      outputTokens: 0,
      maxTokens: this.#asked.maxTokens ?? NaN,
      depth: at.depth,
      outcome: 'completed',
      errorKind: 'none',
      status: 0,
      joinedBy: joined ? joinedBy : 'none',
    }
  }
}

/** As OpenAI's and Anthropic's clients count them, or (from 1) AWS's. */
function triesBefore(request: IncomingMessage): number {
  const aws = /\battempt=(\d+)/.exec(header(request, 'amz-sdk-request') ?? '')
  return aws ? Number(aws[1]) - 1 : Number(header(request, 'x-stainless-retry-count') ?? 0)
}

/** What a request counts as input. */
export function inputTokensOf({ characters }: Pick<ModelRequest, 'characters'>): number {
  return Math.ceil(characters / charactersPerToken)
}

/** Whether its quota holds calls in flight, and so says how full the server is, and not how much was asked. */
function isSlots({ quota }: Model): boolean {
  return (
    quota !== undefined && 'terms' in quota && quota.terms.every(({ meter }) => meter.kind === 'in-flight')
  )
}

/** Draws tell apart so many tries. */
const mostTries = 63

/** The model that the request names; the scenario's where the workload has none of that name. */
function servedModel(epoch: Epoch, name: string, session: number): ServedModel {
  const named = epoch.models.filter(({ model }) => model.id === name || model.key === name)
  const ofScenario = epoch.workload.scenarios[epoch.sessions.scenario(session)]!.model
  return named.find(({ index }) => index === ofScenario) ?? named[0] ?? epoch.models[ofScenario]!
}
