import { nonNegativeLeastSquares } from './non-negative-least-squares.ts'

/** What a client sees of an engine at one concurrency. */
export interface ConcurrencyPoint {
  readonly inFlight: number
  readonly time: number
}

/** A time that grows by the same with each call in flight. */
export interface ConcurrencyLine {
  readonly fixed: number
  readonly perCall: number
  /** The largest error of any point, relative to it. */
  readonly worstError: number
}

/**
 * The line fixed + perCall · b, neither below 0, nearest to times measured with b calls in flight: the time
 * between tokens (then fixed is the engine's step and perCall its time per decoded token) or that of a whole
 * call.
 *
 * Source: llm-d's Workload Variant Autoscaler, parameter estimation: inter-token latency is linear in the
 * batch.
 */
export function concurrencyLine(points: readonly ConcurrencyPoint[]): ConcurrencyLine {
  const [fixed, perCall] = nonNegativeLeastSquares(
    points.map(({ inFlight }) => [1, inFlight]),
    points.map(({ time }) => time),
  )
  const errors = points.map(({ inFlight, time }) => Math.abs((fixed! + perCall! * inFlight) / time - 1))
  return { fixed: fixed!, perCall: perCall!, worstError: Math.max(...errors) }
}

/** One interval of an engine's own metrics. */
export interface EngineSample {
  readonly running: number
  readonly decodedPerSecond: number
  readonly prefilledPerSecond: number
}

/** The terms of {@link LlmEngine}, in milliseconds a step or token. */
export interface TimeBudget {
  readonly step: number
  readonly decode: number
  readonly prefill: number
}

const fewestDecodedPerSecond = 5

/**
 * Splits an engine's seconds into steps, decoded and prefilled tokens: 1000 ms = step · (decoded ÷ running) +
 * decode · decoded + prefill · prefilled in every sample, no term below 0. Idle samples are left out. A line of
 * inter-token latency alone fails as soon as prefill mixes in.
 *
 * Source: the time budget T(b) = step·K + b·(decode·K + prefill·P), summed over the calls of a second.
 */
export function timeBudget(samples: readonly EngineSample[]): TimeBudget {
  const busy = samples.filter((one) => one.running >= 1 && one.decodedPerSecond > fewestDecodedPerSecond)
  if (busy.length < 3) throw new RangeError('a time budget needs three samples of a busy engine')
  const [step, decode, prefill] = nonNegativeLeastSquares(
    busy.map((one) => [one.decodedPerSecond / one.running, one.decodedPerSecond, one.prefilledPerSecond]),
    busy.map(() => 1000),
  )
  return { step: step!, decode: decode!, prefill: prefill! }
}
