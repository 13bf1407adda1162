import { callId, type CallPrefix, textMarker } from '../sessions/turn-key.ts'
import { splitUniform } from '../sessions/uniform.ts'
import type { Workload } from '../workload/workload.ts'
import type { ModelToolCall } from '../wire/model-answer.ts'
import type { DeclaredTool, ModelRequest } from '../wire/model-request.ts'
import type { Epoch } from './epoch.ts'
import { jsonForSchema } from './json-for-schema.ts'
import { laneAt, type Loop, loopOf, type LoopPosition } from './loop.ts'
import { toolArguments, toolInput } from './tool-arguments.ts'

/** What the model does next. `refuse`: the request demands a tool that the workload does not allow. */
export type NextStep =
  | { readonly kind: 'answer' }
  | { readonly kind: 'call'; readonly calls: readonly ModelToolCall[] }
  | { readonly kind: 'refuse'; readonly message: string }

/** Purposes of the provider's own draws: an engine's own begin at 32 (`sessions/purposes.ts`). */
const purposes = { otherTool: 32, otherFanOut: 33, argument: 34 } as const

/**
 * Decides by the request and the position alone. While the depth is not reached it calls a tool that the loop's agent
 * may call and the request declares, and never any other; `tool_choice` is obeyed within that.
 */
export function nextStep(
  epoch: Epoch,
  at: LoopPosition,
  request: ModelRequest,
  idPrefix: CallPrefix,
): NextStep {
  const { mode, names } = request.toolChoice
  // The prompt is to be read into the cache, and nothing said.
  if (request.maxTokens === 0) return { kind: 'answer' }
  if (mode === 'none' || (mode === 'auto' && at.step >= at.depth)) return { kind: 'answer' }
  const { workload } = epoch
  const loop = loopOf(epoch, at)
  const declared = new Map(request.tools.map((tool) => [tool.name, tool]))
  const callable = (index: number): boolean => {
    const { name } = workload.tools[index]!
    return declared.has(name) && (names === undefined || names.includes(name))
  }
  const candidates = loop.tools.filter(callable)
  const output = mode === 'required' ? outputTool(request, workload) : undefined
  if (output && (at.step >= at.depth || candidates.length === 0))
    return outputStep(epoch, at, output, idPrefix)
  if (candidates.length === 0) {
    if (mode === 'auto') return { kind: 'answer' }
    const wanted = names ? `demands ${names.join(', ')}` : 'demands a tool call'
    const allowed = loop.tools.map((index) => workload.tools[index]!.name).join(', ') || 'none'
    const message = `'tool_choice' ${wanted}, but ${loop.caller} of the workload allows: ${allowed}.`
    return { kind: 'refuse', message }
  }
  const { tool, fanOut } = drawTool(epoch, loop, at, candidates)
  const called = declared.get(workload.tools[tool]!.name)!
  const calls = Array.from({ length: request.parallelToolCalls ? fanOut : 1 }, (_, index) =>
    callOf(
      called,
      callId({ ...at, index }, idPrefix),
      argumentsOf(epoch, at, { tool, index, declared: called }),
    ),
  )
  return { kind: 'call', calls }
}

/** Of pydantic-ai and its kin, Vercel's `ai` and LangChain's agents. */
const outputNames = /^(?:final_(?:result|answer|output)|json$|extract-\d+$)/

/** Whether an agent takes its answer by this tool: named as frameworks name it, or the only one that there is and demanded. */
export function takesAnswer({ name }: DeclaredTool, { tools, toolChoice: { mode } }: ModelRequest): boolean {
  return outputNames.test(name) || (tools.length === 1 && mode === 'required')
}

/** The tool by which an agent takes an answer that has a shape. It does nothing, so it is no tool of the workload's. */
function outputTool(request: ModelRequest, workload: Workload): DeclaredTool | undefined {
  const { names } = request.toolChoice
  return request.tools.find(
    (tool) =>
      takesAnswer(tool, request) &&
      (names === undefined || names.includes(tool.name)) &&
      !workload.tools.some(({ name }) => name === tool.name),
  )
}

function outputStep(epoch: Epoch, at: LoopPosition, tool: DeclaredTool, idPrefix: CallPrefix): NextStep {
  const { parameters, isCustom } = tool
  const value = jsonForSchema(isCustom ? { type: 'string' } : parameters, {
    uniform: argumentDraws(epoch, at, 0),
  })
  const said = isCustom ? String(value) : JSON.stringify(value)
  return { kind: 'call', calls: [callOf(tool, callId({ ...at, index: 0 }, idPrefix), said)] }
}

function callOf({ name, isCustom }: DeclaredTool, id: string, said: string): ModelToolCall {
  return { id, name, arguments: said, ...(isCustom ? { isCustom } : {}) }
}

/** The tool that the loop draws; where the request does not offer it, another candidate. */
function drawTool(
  { workload, sessions }: Epoch,
  { draws, lane }: Loop,
  { session, step }: LoopPosition,
  candidates: readonly number[],
) {
  const drawn = draws.tool(session, lane, step)
  if (candidates.includes(drawn)) return { tool: drawn, fanOut: draws.fanOut(session, lane, step) }
  const pick = sessions.uniform(session, lane, step, 0, purposes.otherTool)
  const tool = candidates[Math.floor(pick * candidates.length)]!
  const fanOut = workload.tools[tool]!.fanOut.quantile(
    sessions.uniform(session, lane, step, 0, purposes.otherFanOut),
  )
  return { tool, fanOut: Math.max(1, Math.round(fanOut)) }
}

function argumentsOf(
  epoch: Epoch,
  at: LoopPosition,
  {
    tool,
    index,
    declared,
  }: { readonly tool: number; readonly index: number; readonly declared: DeclaredTool },
): string {
  const { step, inner } = at
  // The mark lets a sub-agent or a tool, that sees nothing but its arguments, join the turn.
  const mark = textMarker({ ...at, asked: { step, index, tool, ...(inner ? { lane: inner.lane } : {}) } })
  const choices = { uniform: argumentDraws(epoch, at, index), mark }
  const served = epoch.workload.tools[tool]!
  return declared.isCustom ? toolInput(served, choices) : toolArguments(served, declared.parameters, choices)
}

function argumentDraws({ sessions }: Epoch, at: LoopPosition, index: number): (ordinal: number) => number {
  const drawn = sessions.uniform(at.session, laneAt(at), at.step, index, purposes.argument)
  return (ordinal) => splitUniform(drawn, ordinal)
}
