import { monotonicMs } from '../clock/now.ts'
import { Timer } from '../clock/timer-wheel.ts'
import type { CallRecord, ErrorKind, Outcome } from '../result/records.ts'
import { type CallKey, unknownSession } from '../sessions/turn-key.ts'
import type { Fault } from '../workload/fault.ts'
import { mostTokens, plainText } from './answer-text.ts'
import type { Epoch, ServedTool } from './epoch.ts'
import type { Face } from './face.ts'
import type { DrawnFault } from './faults.ts'
import { garbled } from './faulty-output.ts'
import { isJoined, type JoinedToolCall, joinToolCall } from './join-call.ts'
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
  readonly headers?: Headers
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
  face.epoch.tally.calls++
  const playing = new PlayingTool(face, served, called, caller)
  playing.start()
  return playing
}

/** One call of a tool, from its arrival to its record. */
class PlayingTool implements PlayedTool, LiveCall {
  readonly #face: Face
  readonly #epoch: Epoch
  readonly #served: ServedTool
  readonly #caller: ToolCaller
  readonly #record: CallRecord
  readonly #draws: ToolDraws
  readonly #drawn: DrawnFault | undefined
  /** Ends the time for which a fault holds the answer back. */
  readonly #held = new Timer(() => this.#say())
  /** The tool's work on the call, while it goes on. */
  #job: number | undefined
  #isOver = false

  constructor(face: Face, served: ServedTool, called: ToolCall, caller: ToolCaller) {
    this.#face = face
    this.#epoch = face.epoch
    this.#served = served
    this.#caller = caller
    const joined = joinToolCall(called.callId, called.traceparent, called.body)
    const at = joined.call ?? { ...unknownCall(face, called.body), ...joined.turn }
    this.#draws = drawTool(face.epoch, served, at)
    this.#drawn = drawFault(face, served, at)
    this.#record = newRecord(face.epoch, served, joined, called.sentAtMs)
  }

  start(): void {
    const { tally, time } = this.#epoch
    tally.inFlight++
    this.#face.live.add(this)
    const fault = this.#drawn?.fault
    if (this.#drawn) {
      tally.countFault(this.#drawn)
      this.#record.fault = this.#drawn.fault.name
    }
    const refused = fault && refusingFault(fault, time.speed)
    if (refused) {
      const { error, kind, headers } = refused
      const text = toolError(String(error.status), error.message)
      this.#answer('rejected', kind, { status: error.status, text, headers })
    } else if (fault?.name === 'timeout') this.#holdBack(fault)
    else
      this.#job = this.#served.station.arrive(monotonicMs(), this.#draws.workMs, {
        done: (atMs) => this.#worked(atMs),
      })
  }

  leave(): void {
    if (this.#isOver) return
    this.#stopWork()
    this.#end('abandoned', 'abandoned', 0)
  }

  cut(message: string): void {
    if (this.#isOver) return
    this.#stopWork()
    this.#answer('failed', 'cut', { status: 503, text: toolError('closing', message) })
  }

  #worked(atMs: number): void {
    this.#job = undefined
    this.#epoch.tally.lateness.add(monotonicMs() - atMs)
    const fault = this.#drawn?.fault
    if (fault?.name !== 'stall' && fault?.name !== 'slowFirstByte') {
      this.#say()
      return
    }
    if (fault.name === 'stall') this.#caller.began()
    this.#holdBack(fault)
  }

  /** Holds the answer back for as long as the fault lasts, which may be until the caller leaves. */
  #holdBack({ forMs }: Fault): void {
    const wallMs = forMs / this.#epoch.time.speed
    if (wallMs < Infinity) this.#face.clock.set(this.#held, monotonicMs() + wallMs)
  }

  #say(): void {
    if (this.#isOver) return
    if (this.#drawn?.fault.name === 'timeout') {
      this.#answer('failed', 'timeout', { status: 504, text: toolError('timeout', timedOut.message) })
    } else if (this.#draws.fails) {
      const text = toolError('tool_failed', `The tool '${this.#served.tool.name}' failed.`)
      this.#answer('failed', 'http_5xx', { status: 500, text })
    } else this.#sayResult(resultText(this.#draws.resultTokens, this.#draws.seed))
  }

  #sayResult(text: string): void {
    const drawn = this.#drawn
    const name = drawn?.fault.name
    if (name === 'cut' || name === 'wrongLength') {
      const damage = { name, place: drawn!.place }
      this.#answer('failed', name === 'cut' ? 'cut' : 'protocol', { status: 200, text, damage })
    } else if (name === 'malformed') this.#answer('failed', 'protocol', { status: 200, text: garbled(text) })
    else this.#answer('completed', 'none', { status: 200, text })
  }

  #answer(outcome: Outcome, errorKind: ErrorKind, answer: ToolAnswer): void {
    this.#end(outcome, errorKind, answer.status)
    this.#caller.answered(answer)
  }

  #stopWork(): void {
    if (this.#job !== undefined) this.#served.station.leave(monotonicMs(), this.#job)
  }

  #end(outcome: Outcome, errorKind: ErrorKind, status: number): void {
    this.#isOver = true
    this.#face.live.delete(this)
    this.#face.clock.clear(this.#held)
    this.#epoch.tally.inFlight--
    this.#epoch.records.add({ ...this.#record, endedAtMs: monotonicMs(), outcome, errorKind, status })
  }
}

function newRecord(
  epoch: Epoch,
  { index }: ServedTool,
  { call, turn, joinedBy }: JoinedToolCall,
  sentAtMs: number,
): CallRecord {
  const known = turn !== undefined && isJoined(epoch, turn) ? turn : undefined
  return {
    kind: 'tool',
    service: index,
    session: known?.session ?? -1,
    turn: known?.turn ?? -1,
    step: call && !call.inner ? call.step : 0,
    attempt: 0,
    sentAtMs,
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
    joinedBy: known ? joinedBy : 'none',
  }
}

function drawFault({ epoch, faults }: Face, { index }: ServedTool, at: CallKey): DrawnFault | undefined {
  if (faults.rules.length === 0) return undefined
  const { session, step } = at
  const turn = laneAt(at)
  const sinceMs = epoch.time.toWorkload(monotonicMs()) - epoch.beganAtMs
  return faults.draw(epoch.sessions, { kind: 'tool', index, session, turn, step, attempt: at.index }, sinceMs)
}

/** Purposes of the provider's own draws: an engine's own begin at 32 (`sessions/purposes.ts`). */
const purposes = { latency: 48, failure: 49, resultSize: 50 } as const

interface ToolDraws {
  /** Workload milliseconds of the tool's own work. */
  readonly workMs: number
  readonly fails: boolean
  readonly resultTokens: number
  /** Chooses the words of the result. */
  readonly seed: number
}

function drawTool(epoch: Epoch, { index, tool }: ServedTool, at: CallKey): ToolDraws {
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
