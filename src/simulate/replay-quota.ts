import { EventQueue } from '../clock/event-queue.ts'
import type { Demand, Quota, Usage } from '../service/quota.ts'
import { dayMs } from '../workload/units.ts'

/** Calls as they came, by index; instants do not fall. */
export interface ArrivedCalls {
  readonly atMs: Float64Array
  readonly inputTokens: Float64Array
  readonly outputTokens: Float64Array
}

/** What calls do not say of themselves. */
export interface ReplayOptions {
  /** As requests say it; 0 where they do not. */
  readonly maxTokens: number
  /** Share of the input from the prompt cache. */
  readonly cachedShare: number
  /** A call takes `ttftMs + output × perTokenMs`. */
  readonly ttftMs: number
  readonly perTokenMs: number
}

/** How many of the calls the quota let through, and how. */
export interface Replayed {
  readonly calls: number
  readonly refused: number
  /** Served outside the quota. */
  readonly spilled: number
  /** Ended by the provider in the middle of the answer. */
  readonly stopped: number
}

/** Pieces in which output is made: fine enough for limits that are live. */
const pieces = 10
const events = { piece: 0, end: 1 } as const

/**
 * Sends calls through a quota at the instants at which they came once. Refused ones do not come again, so that the
 * share refused is the quota's and not that of a retry policy. The first call finds everything unused.
 */
export function replayQuota(quota: Quota, calls: ArrivedCalls, options: ReplayOptions): Replayed {
  const { maxTokens, cachedShare, ttftMs, perTokenMs } = options
  const queue = new EventQueue()
  const told = new Float64Array(calls.atMs.length)
  const isStopped = new Uint8Array(calls.atMs.length)
  const demandOf = (call: number): Demand => {
    const inputTokens = calls.inputTokens[call]!
    return { inputTokens, cachedTokens: inputTokens * cachedShare, maxTokens }
  }
  const outputOf = (call: number): number =>
    Math.min(calls.outputTokens[call]!, maxTokens > 0 ? maxTokens : Infinity)
  let [refused, spilled, stopped] = [0, 0, 0]

  function settle(atMs: number, call: number, outputTokens: number): void {
    const demand = demandOf(call)
    const { inputTokens, cachedTokens } = demand
    const admittedAtMs = calls.atMs[call]!
    const generatedTokens = told[call]!
    const usage: Usage = { inputTokens, cachedTokens, outputTokens, admittedAtMs, generatedTokens }
    quota.at(atMs).settle(demand, usage)
  }

  function until(untilMs: number): void {
    while (queue.length > 0 && queue.nextAtMs <= untilMs) {
      queue.pop()
      const { atMs, kind, subject } = queue
      if (isStopped[subject]) continue
      if (kind === events.end) {
        settle(atMs, subject, outputOf(subject))
        continue
      }
      const piece = outputOf(subject) / pieces
      const verdict = quota.at(atMs).generate(piece)
      told[subject]! += piece
      if (verdict < Infinity) continue
      isStopped[subject] = 1
      stopped++
      settle(atMs, subject, told[subject]!)
    }
  }

  // The longest window of any quota before the first call, so that windows are aligned to it and buckets are full.
  quota.at((calls.atMs[0] ?? 0) - dayMs).reset()
  for (let call = 0; call < calls.atMs.length; call++) {
    const atMs = calls.atMs[call]!
    until(atMs)
    const waitMs = quota.at(atMs).admit(demandOf(call))
    if (waitMs > 0) refused++
    else if (waitMs < 0) spilled++
    else {
      const streamMs = outputOf(call) * perTokenMs
      for (let piece = 1; piece <= pieces; piece++)
        queue.at(atMs + ttftMs + (streamMs * piece) / pieces).push(events.piece, call, 0)
      queue.at(atMs + ttftMs + streamMs).push(events.end, call, 0)
    }
  }
  until(Infinity)
  return { calls: calls.atMs.length, refused, spilled, stopped }
}
