import { purposes } from '../sessions/purposes.ts'
import { seedElsewhere, uniformAt } from '../sessions/uniform.ts'
import type { Epoch, ServedModel } from './epoch.ts'
import { loopOf, type LoopPosition } from './loop.ts'

export interface ModelTiming {
  /** Workload milliseconds. */
  readonly ttftMs: number
  readonly perTokenMs: number
  readonly tokensPerChunk: number
}

/** How fast a model answers: the sessions' draws, or its own where the agent asks another model than the file says. */
export function modelTiming(
  epoch: Pick<Epoch, 'workload' | 'sessions'>,
  served: Pick<ServedModel, 'index' | 'model'>,
  at: LoopPosition,
  attempt: number,
): ModelTiming {
  const { sessions } = epoch
  const { session, step, inner } = at
  const { lane, model } = loopOf(epoch, at)
  const { ttft, perToken, tokensPerChunk } = served.model
  const seed = seedElsewhere(sessions.seed, served.index)
  const uniform = (attempt: number, purpose: number): number =>
    uniformAt(seed, session, lane, step, attempt, purpose)
  const chunk = (): number => Math.max(1, Math.round(tokensPerChunk.quantile(uniform(0, purposes.chunk))))
  if (model === served.index)
    return {
      ttftMs: sessions.ttftMs(session, lane, step, attempt, model),
      perTokenMs: sessions.perTokenMs(session, lane, step, attempt, model),
      tokensPerChunk: inner ? chunk() : sessions.tokensPerChunk(session, lane, step),
    }
  return {
    ttftMs: Math.max(0, ttft.quantile(uniform(attempt, purposes.ttft))),
    perTokenMs: Math.max(0, perToken.quantile(uniform(attempt, purposes.perToken))),
    tokensPerChunk: chunk(),
  }
}
