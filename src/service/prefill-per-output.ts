import { laneOf, type LoopDraws } from '../sessions/loop-draws.ts'
import { createSessions } from '../sessions/sessions.ts'
import type { Workload } from '../workload/workload.ts'

/** Enough for a mean within a few percent, and few enough to be instant. */
const sampledSessions = 200
const mostTurns = 50

/**
 * Input tokens that a model has to prefill (those not cached) for each output token, in the mean over the calls
 * that the workload makes of it, or that may fall back to it. 0 where its engine does not charge for prefill.
 */
export function prefillPerOutput(workload: Workload, model: number): number {
  const { engine, cached } = workload.models[model]!
  if (!engine || engine.prefillMs === 0) return 0
  const sessions = createSessions(workload, 1, { users: 1 })
  let input = 0
  let output = 0

  function addLoop(draws: LoopDraws, asked: number, session: number, lane: number): void {
    const counts = leadsTo(workload, asked, model)
    const steps = Math.min(draws.depth(session, lane), workload.agent.limits.steps)
    for (let step = 1; step <= steps; step++) {
      if (counts) {
        input += draws.inputTokens(session, lane, step)
        output += draws.tokens(session, lane, step)
      }
      if (step < steps) addSubagents(draws, session, lane, step)
    }
  }

  function addSubagents(draws: LoopDraws, session: number, lane: number, step: number): void {
    const tool = draws.tool(session, lane, step)
    const subagent = workload.tools[tool]?.subagent
    if (!subagent) return
    for (let index = 0; index < draws.fanOut(session, lane, step); index++)
      addLoop(sessions.subagents[tool]!, subagent.model, session, laneOf(lane, step, index))
  }

  for (let session = 0; session < sampledSessions; session++) {
    const turns = Math.min(mostTurns, sessions.turns(session))
    for (let turn = 0; turn < turns; turn++) addLoop(sessions, sessions.model(session, turn), session, turn)
  }
  return output > 0 ? (input * (1 - cached)) / output : 0
}

/** Whether calls of one model may end up at another. */
function leadsTo({ models }: Workload, from: number, to: number): boolean {
  for (let at: number | undefined = from; at !== undefined; at = models[at]!.fallback?.to)
    if (at === to) return true
  return false
}
