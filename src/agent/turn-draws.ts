import { type TurnKey, turnOfTraceparent, unknownSession } from '../sessions/turn-key.ts'
import { uniformAt } from '../sessions/uniform.ts'
import type { Distribution } from '../stats/distribution.ts'
import type { ModelInput, Scenario, Workload } from '../workload/workload.ts'

/** Purposes of the agent's own draws; below 32 they are the workload's. */
const purposes = {
  stateLoad: 40,
  prompt: 41,
  stateSave: 42,
  system: 43,
  message: 44,
  jitter: 45,
  route: 46,
  subagent: 47,
} as const

/** The turn's name from its trace, else from the agent's own session: draws hang on nothing else. */
export function turnKey(traceparent: string | undefined, sessionId: string, turn: number): TurnKey {
  return (
    (traceparent === undefined ? undefined : turnOfTraceparent(traceparent)) ?? {
      run: 0,
      session: unknownSession(sessionId),
      turn,
    }
  )
}

export interface TurnDraws {
  readonly systemTokens: number
  readonly messageTokens: number
  /** Wall milliseconds. */
  readonly waits: { readonly loadMs: number; readonly promptMs: number; readonly saveMs: number }
}

/** The sizes and waits that the file assumes of the agent, drawn for one turn. */
export function drawTurn(workload: Workload, input: ModelInput, key: TurnKey, speed: number): TurnDraws {
  const { promptMs, stateMs: plainMs } = workload.agent.overhead
  const stateMs = workload.agent.state?.latency ?? plainMs
  const draw = (of: Distribution, turn: number, purpose: number): number =>
    Math.max(0, of.quantile(uniformAt(key.run, key.session, turn, 0, 0, purpose)))
  return {
    systemTokens: Math.round(draw(input.system, 0, purposes.system)),
    messageTokens: Math.round(draw(input.message, key.turn, purposes.message)),
    waits: {
      loadMs: draw(stateMs, key.turn, purposes.stateLoad) / speed,
      promptMs: draw(promptMs, key.turn, purposes.prompt) / speed,
      saveMs: draw(stateMs, key.turn, purposes.stateSave) / speed,
    },
  }
}

/** The model that a turn asks: its scenario's, or drawn by its shares. */
export function modelOf({ model, routes }: Scenario, key: TurnKey): number {
  if (!routes) return model
  let left = uniformAt(key.run, key.session, key.turn, 0, 0, purposes.route)
  for (const route of routes) if ((left -= route.share) < 0) return route.model
  return routes.at(-1)!.model
}

/** The uniform behind the jitter of one retry. */
export function jitterUniform(key: TurnKey, step: number, attempt: number): number {
  return uniformAt(key.run, key.session, key.turn, step, attempt, purposes.jitter)
}

/** Whether the turn's `call`th call of a sub-agent, from 0, is one of the `share` that fail. */
export function subagentFails(key: TurnKey, call: number, share: number): boolean {
  return share > 0 && uniformAt(key.run, key.session, key.turn, 0, call, purposes.subagent) < share
}
