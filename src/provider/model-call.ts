import type { ServerResponse } from 'node:http'
import { monotonicMs } from '../clock/now.ts'
import type { CallRecord, ErrorKind, Outcome } from '../result/records.ts'
import type { Demand, Quota } from '../service/quota.ts'
import type { CallOutput } from './call-output.ts'
import type { Epoch } from './epoch.ts'
import type { LiveCall, LiveCalls } from './live-calls.ts'
import type { Listener, Pace } from './pace.ts'
import type { Tally } from './tally.ts'

/** A model call that was admitted. */
export interface AdmittedCall {
  readonly epoch: Epoch
  readonly demand: Readonly<Demand>
  /** Absent where there is none, and for a call that is served outside it. */
  readonly quota: Quota | undefined
  /** In workload time. */
  readonly admittedAtMs: number
  readonly response: ServerResponse
  /** What is known of the call; how it ends is added to it. */
  readonly record: CallRecord
  /** What a fault makes of an answer that is sent all the same; undefined where it is as it should be. */
  readonly spoiledBy: ErrorKind | undefined
  /** Called once, after the record is kept. */
  ended(outcome: Outcome): void
}

export interface Played {
  /** Of the longest answer. */
  readonly tokens: number
  /** Of all of them, which are made beside each other. */
  readonly allTokens: number
  readonly pace: Pace
  readonly output: CallOutput
}

/**
 * Plays the call from its first instant to its record: what the pace makes goes to the output; a reader that leaves frees
 * everything at once.
 */
export function playModelCall(call: AdmittedCall, played: Played, live: LiveCalls): void {
  new PlayingCall(call, played, live).start()
}

class PlayingCall implements LiveCall, Listener {
  readonly #tally: Tally
  readonly #quota: Quota | undefined
  readonly #output: CallOutput
  readonly #call: AdmittedCall
  readonly #pace: Pace
  readonly #tokens: number
  readonly #allTokens: number
  readonly #live: LiveCalls
  #over = false
  #generatedTokens = 0

  constructor(call: AdmittedCall, { tokens, allTokens, pace, output }: Played, live: LiveCalls) {
    this.#tally = call.epoch.tally
    this.#quota = call.quota
    this.#output = output
    this.#call = call
    this.#pace = pace
    this.#tokens = tokens
    this.#allTokens = allTokens
    this.#live = live
  }

  start(): void {
    this.#tally.inFlight++
    this.#live.add(this)
    // Not when the last token is made: a slow reader may still leave before it has it.
    this.#call.response.on('close', () => this.#close())
    this.#pace.start(monotonicMs(), this)
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

  #close(): void {
    if (this.#over) return
    const { response, spoiledBy } = this.#call
    if (response.writableFinished) {
      if (spoiledBy) this.#end('failed', spoiledBy, this.#tokens, 200)
      else this.#end('completed', 'none', this.#tokens, 200)
      return
    }
    const made = this.#stop()
    const status = response.headersSent ? 200 : 0
    if (spoiledBy === 'cut') this.#end('failed', 'cut', made, status)
    else this.#end('abandoned', 'abandoned', made, status)
  }

  /** No more is made; returns how many tokens were. */
  #stop(): number {
    const nowMs = monotonicMs()
    const made = this.#pace.made(nowMs)
    this.#pace.stop(nowMs)
    return made
  }

  #end(outcome: Outcome, errorKind: ErrorKind, made: number, status: number): void {
    if (this.#over) return
    this.#over = true
    const outputTokens = this.#ofAll(made)
    this.#tally.inFlight--
    const { epoch, demand, admittedAtMs, record } = this.#call
    const nowMs = monotonicMs()
    const { inputTokens, cachedTokens } = demand
    this.#quota?.at(epoch.time.toWorkload(nowMs)).settle(demand, {
      inputTokens,
      cachedTokens,
      outputTokens,
      admittedAtMs,
      generatedTokens: this.#generatedTokens,
    })
    record.endedAtMs = nowMs
    record.outputTokens = outputTokens
    record.outcome = outcome
    record.errorKind = errorKind
    record.status = status
    epoch.records.add(record)
    this.#live.delete(this)
    this.#call.ended(outcome)
  }

  /** Tells a live limit what was made since; true where it stops the answer. */
  #isOutOf(quota: Quota, made: number): boolean {
    const all = this.#ofAll(made)
    const tokens = all - this.#generatedTokens
    this.#generatedTokens = all
    return quota.at(this.#call.epoch.time.toWorkload(monotonicMs())).generate(tokens) === Infinity
  }

  /** Tokens of all answers when the longest has so many. */
  #ofAll(made: number): number {
    return made >= this.#tokens ? this.#allTokens : Math.floor((made * this.#allTokens) / this.#tokens)
  }
}
