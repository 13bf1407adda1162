import type { ServerResponse } from 'node:http'
import { monotonicMs } from '../clock/now.ts'
import type { CallRecord, ErrorKind, Outcome } from '../result/records.ts'
import type { Demand, Quota } from '../service/quota.ts'
import type { CallOutput } from './call-output.ts'
import type { Epoch } from './epoch.ts'
import type { Listener, Pace } from './pace.ts'
import type { Tally } from './tally.ts'

/** An admitted model call from its first instant to its record. */
export interface ModelCallParts {
  readonly epoch: Epoch
  readonly demand: Readonly<Demand>
  /** Absent where there is none, and for a call that is served outside it. */
  readonly quota: Quota | undefined
  /** In workload time. */
  readonly admittedAtMs: number
  readonly tokens: number
  readonly pace: Pace
  readonly output: CallOutput
  readonly response: ServerResponse
  /** Of the call, but for how it ends. */
  readonly record: CallRecord
  /** Why an answer that goes out is none, where that is played on purpose. */
  readonly spoiledBy: () => ErrorKind | undefined
  /** Called once, after the record is kept. */
  readonly ended: (outcome: Outcome) => void
}

export interface ModelCall {
  /** Ends it because the provider closes. */
  cut(message: string): void
}

/** Plays the call: what the pace makes goes to the output; a reader that leaves frees everything at once. */
export function playModelCall(parts: ModelCallParts): ModelCall {
  const call = new PlayingCall(parts)
  call.start()
  return call
}

class PlayingCall implements ModelCall, Listener {
  readonly #parts: ModelCallParts
  readonly #tally: Tally
  readonly #output: CallOutput
  readonly #quota: Quota | undefined
  #over = false
  #generatedTokens = 0

  constructor(parts: ModelCallParts) {
    this.#parts = parts
    this.#tally = parts.epoch.tally
    this.#output = parts.output
    this.#quota = parts.quota
  }

  start(): void {
    const { response, pace } = this.#parts
    this.#tally.inFlight++
    // Not when the last token is made: a slow reader may still leave before it has it.
    response.once('finish', () => this.#finish())
    response.once('close', () => this.#close())
    pace.start(monotonicMs(), this)
  }

  tell(made: number, dueMs: number): void {
    this.#tally.lateness.add(monotonicMs() - dueMs)
    if (this.#quota && this.#isOutOf(this.#quota, made))
      this.cut('the output tokens of this minute are used up')
    else this.#output.write(made)
  }

  cut(message: string): void {
    if (this.#over) return
    const made = this.#stop()
    const status = this.#output.fail(message)
    this.#end('failed', 'cut', made, status)
  }

  #finish(): void {
    const { spoiledBy, tokens } = this.#parts
    const spoiled = spoiledBy()
    if (spoiled) this.#end('failed', spoiled, tokens, 200)
    else this.#end('completed', 'none', tokens, 200)
  }

  #close(): void {
    if (this.#over) return
    const made = this.#stop()
    const status = this.#parts.response.headersSent ? 200 : 0
    if (this.#parts.spoiledBy() === 'cut') this.#end('failed', 'cut', made, status)
    else this.#end('abandoned', 'abandoned', made, status)
  }

  /** No more is made; returns how many tokens were. */
  #stop(): number {
    const { pace } = this.#parts
    const nowMs = monotonicMs()
    const made = pace.made(nowMs)
    pace.stop(nowMs)
    return made
  }

  #end(outcome: Outcome, errorKind: ErrorKind, outputTokens: number, status: number): void {
    if (this.#over) return
    this.#over = true
    this.#tally.inFlight--
    const { epoch, demand, admittedAtMs, record, ended } = this.#parts
    const nowMs = monotonicMs()
    const { inputTokens, cachedTokens } = demand
    this.#quota?.settle(epoch.time.toWorkload(nowMs), demand, {
      inputTokens,
      cachedTokens,
      outputTokens,
      admittedAtMs,
      generatedTokens: this.#generatedTokens,
    })
    epoch.records.add({ ...record, endedAtMs: nowMs, outputTokens, outcome, errorKind, status })
    ended(outcome)
  }

  /** Tells a live limit what was made since; true where it stops the answer. */
  #isOutOf(quota: Quota, made: number): boolean {
    const tokens = made - this.#generatedTokens
    this.#generatedTokens = made
    return quota.generate(this.#parts.epoch.time.toWorkload(monotonicMs()), tokens) === Infinity
  }
}
