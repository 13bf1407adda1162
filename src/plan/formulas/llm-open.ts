import { meanOver } from './birth-death.ts'
import { type LlmCall, type LlmEngine, llmThroughput } from './llm-station.ts'
import { loadDependentOpen, type OpenStationState } from './load-dependent-open.ts'

/** The engine's steady state; times in the unit of the engine's own. */
export interface LlmOpenState extends OpenStationState {
  /** Mean number of calls in the engine's slots. */
  readonly running: number
  /** Mean wait for a slot. */
  readonly wait: number
  /** Mean time between two output tokens. */
  readonly interToken: number
  /** Mean time to the first token: the wait, the pass that prefills, and one step. */
  readonly firstToken: number
}

/**
 * Calls that arrive by a Poisson process at an inference engine with room for `places` of them, slots and queue
 * together. Exact for exponential numbers of tokens; the times of a token are those at the mean number running.
 *
 * Source: llm-inferno's queue analysis (state-dependent M/M/1/K), on the T(b) of {@link LlmEngine}.
 */
export function llmOpen(engine: LlmEngine, call: LlmCall, arrival: number, places = Infinity): LlmOpenState {
  const state = loadDependentOpen({ arrival, rate: (n) => llmThroughput(engine, call, n), places })
  const running = meanOver(state, (n) => Math.min(n, engine.slots))
  const service = running / state.throughput
  const wait = Math.max(0, state.response - service)
  const own = engine.prefill * call.inputTokens
  const share = engine.decode + own / call.outputTokens
  const interToken = service / call.outputTokens
  const others = Math.max(0, running - 1)
  return {
    ...state,
    running,
    wait,
    interToken,
    firstToken: wait + engine.step + others * share + own + interToken,
  }
}
