import { createSessions } from '../sessions/sessions.ts'
import type { Workload } from '../workload/workload.ts'

/** Enough for a mean within a few percent, and few enough to be instant. */
const sampledSessions = 200
const mostTurns = 50

/**
 * Input tokens that a model has to prefill (those not cached) for each output token, in the mean over the calls
 * that the workload makes of it. 0 where its engine does not charge for prefill.
 */
export function prefillPerOutput(workload: Workload, model: number): number {
  const { engine, cached } = workload.models[model]!
  if (!engine || engine.prefillMs === 0) return 0
  const sessions = createSessions(workload, 1, { users: 1 })
  let input = 0
  let output = 0
  for (let session = 0; session < sampledSessions; session++) {
    if (workload.scenarios[sessions.scenario(session)]!.model !== model) continue
    const turns = Math.min(mostTurns, sessions.turns(session))
    for (let turn = 0; turn < turns; turn++) {
      const steps = Math.min(sessions.depth(session, turn), workload.agent.limits.steps)
      for (let step = 1; step <= steps; step++) {
        input += sessions.inputTokens(session, turn, step)
        output += sessions.tokens(session, turn, step)
      }
    }
  }
  return output > 0 ? (input * (1 - cached)) / output : 0
}
