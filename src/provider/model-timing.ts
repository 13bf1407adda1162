import type { Epoch, ServedModel } from './epoch.ts'
import type { LoopPosition } from './next-step.ts'

export interface ModelTiming {
  /** Workload milliseconds. */
  readonly ttftMs: number
  readonly perTokenMs: number
  readonly tokensPerChunk: number
}

/** Draws for a model that is not the scenario's: numbers from 32 on are an engine's own. */
const purposes = { ttft: 40, perToken: 41, chunk: 42 } as const

/** How fast a model answers: the sessions' draws, or its own where the agent asks another model than the scenario's. */
export function modelTiming(
  epoch: Epoch,
  served: ServedModel,
  at: LoopPosition,
  attempt: number,
): ModelTiming {
  const { sessions, workload } = epoch
  const { session, turn, step } = at
  if (workload.scenarios[sessions.scenario(session)]!.model === served.index)
    return {
      ttftMs: sessions.ttftMs(session, turn, step, attempt, served.index),
      perTokenMs: sessions.perTokenMs(session, turn, step, attempt, served.index),
      tokensPerChunk: sessions.tokensPerChunk(session, turn, step),
    }
  const { ttft, perToken, tokensPerChunk } = served.model
  const uniform = (attempt: number, purpose: number): number =>
    sessions.uniform(session, turn, step, attempt, purpose)
  return {
    ttftMs: Math.max(0, ttft.quantile(uniform(attempt, purposes.ttft))),
    perTokenMs: Math.max(0, perToken.quantile(uniform(attempt, purposes.perToken))),
    tokensPerChunk: Math.max(1, Math.round(tokensPerChunk.quantile(uniform(0, purposes.chunk)))),
  }
}
