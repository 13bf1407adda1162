import { monotonicMs } from '../clock/now.ts'
import { Timer } from '../clock/timer-wheel.ts'
import type { CallRecord, ErrorKind, Outcome } from '../result/records.ts'
import { type CallKey, unknownSession } from '../sessions/turn-key.ts'
import type { FaultName } from '../workload/fault.ts'
import { mostTokens, plainText } from './answer-text.ts'
import type { Epoch, ServedTool } from './epoch.ts'
import type { Face } from './face.ts'
import type { DrawnFault } from './faults.ts'
import { garbled } from './faulty-output.ts'
import { isJoined, joinToolCall } from './join-call.ts'
import type { LiveCall } from './live-calls.ts'
import { laneAt, loopOf } from './loop.ts'
import { refusingFault, timedOut } from './refusing-fault.ts'
import type { Headers } from './spoken-api.ts'

/** A call of a tool, however it came. */
export interface ToolCall {
  /** Arguments as JSON. */
  readonly body: string
  readonly callId: string | undefined
  readonly traceparent: string | undefined
  readonly sentAtMs: number
}

/** What a tool says. */
export interface ToolAnswer {
  readonly status: number
  /** JSON, unless it is malformed on purpose. */
  readonly text: string
  readonly headers: Headers
  /** What the transport is to do to it, after this share of it. */
  readonly damage?: { readonly name: 'cut' | 'wrongLength'; readonly place: number }
}

export interface ToolCaller {
  /** The answer begins, long before it ends. */
  began(): void
  answered(answer: ToolAnswer): void
}

export interface PlayedTool {
  /** The caller has left. */
  leave(): void
}

/** Plays the tool's latency, capacity and failures, and a result of the size that the scenario says. */
export function playTool(face: Face, served: ServedTool, called: ToolCall, caller: ToolCaller): PlayedTool {
  const { epoch, live, clock } = face
  epoch.tally.calls++
  epoch.tally.inFlight++
  const { call, turn, joinedBy } = joinToolCall(called.callId, called.traceparent, called.body)
  const at = call ?? { ...unknownCall(face, called.body), ...turn }
  const draw = drawTool(epoch, served, at)
  const drawn = drawFault(face, served, at)
  const fault = drawn?.fault
  if (drawn) epoch.tally.countFault(drawn)
  const joined = turn !== undefined && isJoined(epoch, turn)
  const record: CallRecord = {
    kind: 'tool',
    service: served.index,
    session: joined ? at.session : -1,
    turn: joined ? at.turn : -1,
    step: call && !call.inner ? call.step : 0,
    attempt: 0,
    sentAtMs: called.sentAtMs,
    firstTokenAtMs: NaN,
    endedAtMs: NaN,
    inputTokens: 0,
    cachedTokens: 0,
    outputTokens: 0,
    maxTokens: NaN,
    depth: call?.depth ?? 0,
    outcome: 'completed',
    errorKind: 'none',
    status: 0,
    joinedBy: joined ? joinedBy : 'none',
    ...(fault ? { fault: fault.name } : {}),
  }
  let over = false
  let job: number | undefined
  const later = new Timer(() => say())
  function end(outcome: Outcome, errorKind: ErrorKind, status: number): void {
    over = true
    live.delete(inFlight)
    clock.clear(later)
    epoch.tally.inFlight--
    epoch.records.add({ ...record, endedAtMs: monotonicMs(), outcome, errorKind, status })
  }
  const answer = (outcome: Outcome, kind: ErrorKind, said: ToolAnswer): void => {
    end(outcome, kind, said.status)
    caller.answered(said)
  }
  const free = (): void => {
    if (job !== undefined) served.station.leave(monotonicMs(), job)
  }
  const inFlight: LiveCall = {
    cut(message) {
      if (over) return
      free()
      answer('failed', 'cut', { status: 503, text: toolError('closing', message), headers: {} })
    },
  }
  live.add(inFlight)
  const leave = (): void => {
    if (over) return
    free()
    end('abandoned', 'abandoned', 0)
  }

  function say(): void {
    if (over) return
    if (fault?.name === 'timeout') {
      answer('failed', 'timeout', { status: 504, text: toolError('timeout', timedOut.message), headers: {} })
    } else if (draw.fails) {
      const text = toolError('tool_failed', `The tool '${served.tool.name}' failed.`)
      answer('failed', 'http_5xx', { status: 500, text, headers: {} })
    } else sayResult(resultText(draw.resultTokens, draw.seed), drawn)
  }

  function sayResult(text: string, by: DrawnFault | undefined): void {
    const name = by?.fault.name
    if (name === 'cut' || name === 'wrongLength') {
      const damage = { name, place: by!.place }
      answer('failed', name === 'cut' ? 'cut' : 'protocol', { status: 200, text, headers: {}, damage })
    } else if (name === 'malformed')
      answer('failed', 'protocol', { status: 200, text: garbled(text), headers: {} })
    else answer('completed', 'none', { status: 200, text, headers: {} })
  }

  /** Holds the answer back for as long as the fault lasts. */
  const holdBack = (): void => {
    const forMs = fault!.forMs / epoch.time.speed
    if (forMs < Infinity) clock.set(later, monotonicMs() + forMs)
  }

  const refused = fault && refusingFault(fault, epoch.time.speed)
  if (refused) {
    const { error, kind, headers } = refused
    answer('rejected', kind, {
      status: error.status,
      text: toolError(String(error.status), error.message),
      headers,
    })
  } else if (fault?.name === 'timeout') holdBack()
  else
    job = served.station.arrive(monotonicMs(), draw.workMs, {
      done(atMs) {
        job = undefined
        epoch.tally.lateness.add(monotonicMs() - atMs)
        if (!isHeld(fault?.name)) {
          say()
          return
        }
        if (fault!.name === 'stall') caller.began()
        holdBack()
      },
    })
  return { leave }
}

const isHeld = (name: FaultName | undefined): boolean => name === 'stall' || name === 'slowFirstByte'

function drawFault({ epoch, faults }: Face, { index }: ServedTool, at: CallKey): DrawnFault | undefined {
  if (faults.list.length === 0) return undefined
  const { session, step } = at
  const turn = laneAt(at)
  const sinceMs = epoch.time.toWorkload(monotonicMs()) - epoch.beganAtMs
  return faults.draw(epoch.sessions, { kind: 'tool', index, session, turn, step, attempt: at.index }, sinceMs)
}

/** Draws of this room: numbers from 32 on are an engine's own. */
const purposes = { latency: 48, failure: 49, resultSize: 50 } as const

function drawTool(epoch: Epoch, { index, tool }: ServedTool, at: CallKey) {
  const { session, step, index: call } = at
  const { draws, lane, input } = loopOf(epoch, at)
  const uniform = (purpose: number): number => epoch.sessions.uniform(session, lane, step, call, purpose)
  const size = Math.round(input.toolResult.quantile(uniform(purposes.resultSize)))
  const resultTokens = Math.min(mostTokens, Math.max(0, size))
  const seed = Math.floor(uniform(purposes.resultSize) * 2 ** 31)
  if (draws.tool(session, lane, step) === index)
    return {
      workMs: draws.toolMs(session, lane, step, call),
      fails: draws.toolFails(session, lane, step, call),
      resultTokens,
      seed,
    }
  return {
    workMs: Math.max(0, tool.latency.quantile(uniform(purposes.latency))),
    fails: uniform(purposes.failure) < tool.failure,
    resultTokens,
    seed,
  }
}

/** A call that carries no name of ours gets coordinates that no other has. */
function unknownCall(face: Face, body: string): CallKey {
  const session = unknownSession(face.nextId() + body.slice(0, 1024))
  return { run: 0, session, turn: 0, depth: 0, step: 0, index: face.epoch.tally.calls % 64 }
}

/** One token of seven characters, so that with the thirteen around its words a result has four a token, too. */
const lastWord = ' record'

/** Of so many tokens, four of which stand around its words. */
function resultText(tokens: number, seed: number): string {
  return JSON.stringify({ result: plainText(Math.max(1, tokens - 5), seed) + lastWord })
}

/** An error as our tools shape it. */
export const toolError = (code: string, message: string): string =>
  JSON.stringify({ error: { code, message } })
