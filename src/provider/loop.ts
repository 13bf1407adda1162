import { type LoopDraws, laneOf } from '../sessions/loop-draws.ts'
import type { AskedTool, InnerLoop, TurnKey } from '../sessions/turn-key.ts'
import type { ModelInput } from '../workload/workload.ts'
import type { Epoch } from './epoch.ts'

/** Where a call stands in its loop. */
export interface LoopPosition extends TurnKey {
  /** Absent: the root loop of the turn. */
  readonly inner?: InnerLoop
  readonly depth: number
  /** From 1. */
  readonly step: number
}

/** What the draws of a loop are drawn under in place of its turn, so that no two loops of a turn draw the same. */
export const laneAt = ({ turn, inner }: Pick<LoopPosition, 'turn' | 'inner'>): number => inner?.lane ?? turn

/** A loop of model and tool calls: the turn's own, or one beside it. */
export interface Loop {
  readonly draws: LoopDraws
  /** The `turn` that its draws are drawn under. */
  readonly lane: number
  /** Indices into `Workload.tools`: those that it may call. */
  readonly tools: readonly number[]
  /** Index into `Workload.models`. */
  readonly model: number
  readonly input: ModelInput
  /** What calls it, for messages. */
  readonly caller: string
}

/**
 * The loop that a call is of. One whose agent the file does not know may call what the scenario may, where the request
 * insists on it.
 */
export function loopOf(
  { workload, sessions }: Pick<Epoch, 'workload' | 'sessions'>,
  at: Pick<LoopPosition, 'session' | 'turn' | 'inner'>,
): Loop {
  const { session, inner } = at
  const { name, tools, model, input } = workload.scenarios[sessions.scenario(session)]!
  const root = { draws: sessions, lane: laneAt(at), tools, model, input, caller: `scenario '${name}'` }
  const tool = inner && workload.tools[inner.tool]
  if (!tool?.subagent) return root
  return {
    ...root,
    draws: sessions.subagents[inner!.tool]!,
    tools: tool.subagent.tools,
    model: tool.subagent.model,
    input: tool.subagent.input,
    caller: `sub-agent '${tool.name}'`,
  }
}

/** The first step of the turn's own loop. */
export function firstStep({ sessions }: Epoch, { run, session, turn }: TurnKey): LoopPosition {
  return { run, session, turn, depth: sessions.depth(session, turn), step: 1 }
}

/**
 * The first step of a loop beside the turn's own: that of the tool that was asked, else of an agent that nobody did,
 * such as a router. An agent that the file does not call one answers at once.
 */
export function firstInnerStep(
  { workload, sessions }: Epoch,
  { run, session, turn }: TurnKey,
  asked?: AskedTool,
): LoopPosition {
  const tool = asked?.tool ?? -1
  const lane = laneOf(asked?.lane ?? turn, asked?.step ?? 0, asked?.index ?? 0)
  const draws = workload.tools[tool]?.subagent && sessions.subagents[tool]
  return { run, session, turn, inner: { tool, lane }, depth: draws?.depth(session, lane) ?? 1, step: 1 }
}
