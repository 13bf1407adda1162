import type { ServerResponse } from 'node:http'
import { monotonicMs } from '../clock/now.ts'
import type { CallRecord, ErrorKind, Outcome } from '../result/records.ts'
import type { Demand, Quota } from '../service/quota.ts'
import type { CallOutput } from './call-output.ts'
import type { Epoch } from './epoch.ts'
import type { Pace } from './pace.ts'

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
  const { epoch, quota, tokens, pace, output, response, record } = parts
  const { tally } = epoch
  let over = false
  let generatedTokens = 0
  tally.inFlight++

  function end(outcome: Outcome, errorKind: ErrorKind, outputTokens: number, status: number): void {
    if (over) return
    over = true
    tally.inFlight--
    const nowMs = monotonicMs()
    const { inputTokens, cachedTokens } = parts.demand
    quota?.settle(epoch.time.toWorkload(nowMs), parts.demand, {
      inputTokens,
      cachedTokens,
      outputTokens,
      admittedAtMs: parts.admittedAtMs,
      generatedTokens,
    })
    epoch.records.add({ ...record, endedAtMs: nowMs, outputTokens, outcome, errorKind, status })
    parts.ended(outcome)
  }

  // Not when the last token is made: a slow reader may still leave before it has it.
  response.once('finish', () => {
    const spoiled = parts.spoiledBy()
    if (spoiled) end('failed', spoiled, tokens, 200)
    else end('completed', 'none', tokens, 200)
  })
  response.once('close', () => {
    if (over) return
    const nowMs = monotonicMs()
    const made = pace.made(nowMs)
    pace.stop(nowMs)
    const status = response.headersSent ? 200 : 0
    if (parts.spoiledBy() === 'cut') end('failed', 'cut', made, status)
    else end('abandoned', 'abandoned', made, status)
  })

  function cut(message: string): void {
    if (over) return
    const nowMs = monotonicMs()
    const made = pace.made(nowMs)
    pace.stop(nowMs)
    const status = output.fail(message)
    end('failed', 'cut', made, status)
  }

  pace.start(monotonicMs(), (made, dueMs) => {
    tally.lateness.add(monotonicMs() - dueMs)
    if (quota && isOutOf(quota, made)) {
      cut('the output tokens of this minute are used up')
      return
    }
    output.write(made)
  })

  /** Tells a live limit what was made since; true where it stops the answer. */
  function isOutOf(quota: Quota, made: number): boolean {
    const tokens = made - generatedTokens
    generatedTokens = made
    return quota.generate(epoch.time.toWorkload(monotonicMs()), tokens) === Infinity
  }

  return { cut }
}
