import { type ClosedStationState, loadDependentClosed } from './load-dependent-closed.ts'

/**
 * An inference engine's time budget: one second is spent on steps, decoded and prefilled tokens. A call of K output
 * and P input tokens among b in flight takes T(b) = step·K + b·(decode·K + prefill·P).
 */
export interface LlmEngine {
  readonly step: number
  readonly decode: number
  readonly prefill: number
  /** Calls that run at once; others wait in order. */
  readonly slots: number
}

/** The tokens of one call: those to prefill, without what a cache holds, and those to decode. */
export interface LlmCall {
  readonly inputTokens: number
  readonly outputTokens: number
}

/** T(b): the time of one call among `inFlight`. */
export function llmCallTime(engine: LlmEngine, call: LlmCall, inFlight: number): number {
  return engine.step * call.outputTokens + inFlight * sharedTime(engine, call)
}

/** Calls per time with `inFlight` of them in the engine. */
export function llmThroughput(engine: LlmEngine, call: LlmCall, inFlight: number): number {
  const running = Math.min(inFlight, engine.slots)
  return running / llmCallTime(engine, call, running)
}

/** The throughput that no number of calls in flight exceeds. */
export function llmThroughputLimit(engine: LlmEngine, call: LlmCall): number {
  return Number.isFinite(engine.slots)
    ? llmThroughput(engine, call, engine.slots)
    : 1 / sharedTime(engine, call)
}

/** Calls in flight at which half of the unbounded limit is reached. */
export function llmHalfSaturation(engine: LlmEngine, call: LlmCall): number {
  return (engine.step * call.outputTokens) / sharedTime(engine, call)
}

/**
 * `population` callers that think between calls, around one engine: load-dependent processor sharing, so exact and
 * insensitive to the distribution of tokens while the slots never bind.
 *
 * Source: Baskett, Chandy, Muntz, Palacios (1975) for the product form; T(b) as measured on vLLM by llm-d's and
 * llm-inferno's calibrations (linear inter-token latency).
 */
export function llmClosed(
  engine: LlmEngine,
  call: LlmCall,
  population: number,
  think: number,
): ClosedStationState {
  return loadDependentClosed({ population, think, rate: (n) => llmThroughput(engine, call, n) })
}

const sharedTime = (engine: LlmEngine, call: LlmCall): number =>
  engine.decode * call.outputTokens + engine.prefill * call.inputTokens
