import type { Subagent } from '../workload/agent-rules.ts'
import type { Workload } from '../workload/workload.ts'
import { expectation, momentsOf, rounded } from './discrete.ts'
import { inputOfLoop, meanTokens, outputMoments } from './loop-context.ts'

/** What is asked of one model. */
export interface ModelDemand {
  readonly calls: number
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
  readonly reservedTokens: number
  readonly settledTokens: number
}

/** What sub-agents ask for, those that they call themselves among them. */
export interface InnerDemand {
  /** By model index. */
  readonly models: ReadonlyMap<number, ModelDemand>
  /** By tool index. */
  readonly toolCalls: ReadonlyMap<number, number>
  readonly cpuMs: number
}

const nothing: InnerDemand = { models: new Map(), toolCalls: new Map(), cpuMs: 0 }

/** What the sub-agents among so many calls of tools ask for. */
export function innerDemand(workload: Workload, toolCalls: ReadonlyMap<number, number>): InnerDemand {
  const loops = [...toolCalls].flatMap(([tool, calls]) => {
    const { subagent } = workload.tools[tool]!
    return subagent && calls > 0 ? [scaled(loopDemand(workload, subagent), calls)] : []
  })
  return loops.length === 0 ? nothing : total(loops)
}

/** What one call of a sub-agent asks for, in the mean. */
function loopDemand(
  workload: Workload,
  { depth, input, model: index, output, tools }: Subagent,
): InnerDemand {
  const { limits, overhead } = workload.agent
  const model = workload.models[index]!
  const steps = rounded(depth, 1, Math.max(1, limits.steps))
  const calls = momentsOf(steps).mean
  const outputPerCall = outputMoments(output, model).mean
  const toolCalls = new Map<number, number>()
  for (const tool of tools) {
    const fanOut = momentsOf(rounded(workload.tools[tool]!.fanOut, 1)).mean
    toolCalls.set(tool, (toolCalls.get(tool) ?? 0) + ((calls - 1) * fanOut) / tools.length)
  }
  const results = [...toolCalls.values()].reduce((sum, each) => sum + each, 0)
  const perStep = calls > 1 ? results / (calls - 1) : 0
  const context = {
    base: meanTokens(input.system) + meanTokens(input.message),
    added: outputPerCall + perStep * meanTokens(input.toolResult),
  }
  const inputTokens = expectation(steps, (count) => inputOfLoop(context, count))
  const outputTokens = calls * outputPerCall
  const own: InnerDemand = {
    models: new Map([
      [
        index,
        {
          calls,
          inputTokens,
          cachedTokens: inputTokens * model.cached,
          outputTokens,
          reservedTokens: inputTokens + calls * (model.maxTokens ?? 0),
          settledTokens: inputTokens + outputTokens,
        },
      ],
    ]),
    toolCalls,
    cpuMs: calls * overhead.cpuPerCallMs + outputTokens * overhead.cpuPerTokenMs,
  }
  return total([own, innerDemand(workload, toolCalls)])
}

/** So many times as much. */
export function scaled({ models, toolCalls, cpuMs }: InnerDemand, times: number): InnerDemand {
  return {
    models: new Map([...models].map(([model, asked]) => [model, timesAsked(asked, times)])),
    toolCalls: new Map([...toolCalls].map(([tool, calls]) => [tool, calls * times])),
    cpuMs: cpuMs * times,
  }
}

/** All of them together. */
export function total(parts: readonly InnerDemand[]): InnerDemand {
  const models = new Map<number, ModelDemand>()
  const toolCalls = new Map<number, number>()
  let cpuMs = 0
  for (const part of parts) {
    for (const [model, asked] of part.models) {
      const before = models.get(model)
      models.set(model, before ? added(before, asked) : asked)
    }
    for (const [tool, calls] of part.toolCalls) toolCalls.set(tool, (toolCalls.get(tool) ?? 0) + calls)
    cpuMs += part.cpuMs
  }
  return { models, toolCalls, cpuMs }
}

/** What both ask of the model. */
export function added(a: ModelDemand, b: ModelDemand): ModelDemand {
  return {
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    reservedTokens: a.reservedTokens + b.reservedTokens,
    settledTokens: a.settledTokens + b.settledTokens,
  }
}

const timesAsked = (asked: ModelDemand, times: number): ModelDemand => ({
  calls: asked.calls * times,
  inputTokens: asked.inputTokens * times,
  cachedTokens: asked.cachedTokens * times,
  outputTokens: asked.outputTokens * times,
  reservedTokens: asked.reservedTokens * times,
  settledTokens: asked.settledTokens * times,
})
