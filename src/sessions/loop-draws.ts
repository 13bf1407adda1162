import type { Subagent } from '../workload/agent-rules.ts'
import type { Workload } from '../workload/workload.ts'
import { wholeAtLeast } from './draw.ts'
import { purposes } from './purposes.ts'
import { mix } from './uniform.ts'

/** What the steps of one loop draw, as pure functions of its coordinates. Steps count from 1. */
export interface LoopDraws {
  /** Steps of the loop, at least 1. */
  depth(session: number, turn: number): number
  /** Index of the tool called after step `step`; -1 where there is none. */
  tool(session: number, turn: number, step: number): number
  /** Tool calls made at once after step `step`; 0 where there is no tool. `tool` where the caller knows which it is. */
  fanOut(session: number, turn: number, step: number, tool?: number): number
  /** Output tokens of a model call, capped by the model's `maxTokens`. */
  tokens(session: number, turn: number, step: number): number
  /** Input tokens of a model call: what the loop began with and what its earlier steps added. */
  inputTokens(session: number, turn: number, step: number): number
  /** What step `step` adds to the input of the next one: its answer and the results of its tools. */
  addedTokens(session: number, turn: number, step: number): number
  /** The results of the tools that are called after step `step`, of which `addedTokens` holds the answer too. */
  resultTokens(session: number, turn: number, step: number, tool?: number): number
  toolMs(session: number, turn: number, step: number, index: number, tool?: number): number
  toolFails(session: number, turn: number, step: number, index: number, tool?: number): boolean
}

/** A uniform of the world by its coordinates. */
export type Uniform = (
  session: number,
  turn: number,
  step: number,
  attempt: number,
  purpose: number,
) => number

/**
 * The `turn` under which a sub-agent's loop draws: as good as a turn of its own for each call of it, so that the loop
 * that called it draws what it would have drawn without.
 */
export function laneOf(turn: number, step: number, index: number): number {
  return (mix(mix(turn ^ 0x5bd1e995) ^ Math.imul((step << 8) ^ index, 0x9e3779b1)) | 0x4000_0000) >>> 1
}

/** The draws of a sub-agent's loop; `turn` is a lane. */
export function subagentDraws(workload: Workload, subagent: Subagent, u: Uniform): LoopDraws {
  const { input, tools } = subagent
  const mostTokens = workload.models[subagent.model]!.maxTokens ?? Infinity

  function tool(session: number, lane: number, step: number): number {
    if (tools.length === 0) return -1
    return tools[Math.floor(u(session, lane, step, 0, purposes.tool) * tools.length)]!
  }

  function fanOut(session: number, lane: number, step: number, of = tool(session, lane, step)): number {
    if (of < 0) return 0
    return wholeAtLeast(1, workload.tools[of]!.fanOut.quantile(u(session, lane, step, 0, purposes.fanOut)))
  }

  const tokens = (session: number, lane: number, step: number): number =>
    Math.min(
      wholeAtLeast(1, subagent.output.quantile(u(session, lane, step, 0, purposes.tokens))),
      mostTokens,
    )

  function resultTokens(session: number, lane: number, step: number, of?: number): number {
    const size = input.toolResult.quantile(u(session, lane, step, 0, purposes.toolResult))
    return fanOut(session, lane, step, of) * wholeAtLeast(0, size)
  }

  const addedTokens = (session: number, lane: number, step: number): number =>
    tokens(session, lane, step) + resultTokens(session, lane, step)

  function inputTokens(session: number, lane: number, step: number): number {
    let sum =
      wholeAtLeast(0, input.system.quantile(u(session, lane, 0, 0, purposes.system))) +
      wholeAtLeast(0, input.message.quantile(u(session, lane, 0, 0, purposes.message)))
    for (let earlier = 1; earlier < step; earlier++) sum += addedTokens(session, lane, earlier)
    return sum
  }

  return {
    depth: (session, lane) =>
      wholeAtLeast(1, subagent.depth.quantile(u(session, lane, 0, 0, purposes.depth))),
    tool,
    fanOut,
    tokens,
    inputTokens,
    addedTokens,
    resultTokens,
    toolMs: (session, lane, step, index, of = tool(session, lane, step)) =>
      Math.max(0, workload.tools[of]!.latency.quantile(u(session, lane, step, index, purposes.toolLatency))),
    toolFails(session, lane, step, index, of = tool(session, lane, step)) {
      const { failure } = workload.tools[of]!
      return failure > 0 && u(session, lane, step, index, purposes.toolFailure) < failure
    },
  }
}
