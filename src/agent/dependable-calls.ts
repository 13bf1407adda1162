import type { Breakers } from '../workload/agent-rules.ts'
import { Dependency, DependencyFailure } from './dependency.ts'
import { CallTimeout, TurnError, type WorkerSettings } from './messages.ts'
import type { CallModel } from './model-client.ts'
import type { CallTool } from './tool-client.ts'

/** Model calls within their limit, a breaker for each model. */
export function dependableModel(
  call: CallModel,
  { models, voice }: Pick<WorkerSettings, 'models' | 'voice'>,
  limitMs: number,
): CallModel {
  const all = models.map(({ id }) => new Dependency({ name: id, limitMs, breakers: voice?.breakers }))
  return async (request, see, signal) => {
    try {
      return await all[request.model]!.run((cut) => call(request, see, cut), signal)
    } catch (error) {
      if (!(error instanceof DependencyFailure)) throw error
      if (error.why === 'open') throw new TurnError({ code: 'model_error', message: error.message })
      throw error.why === 'late' ? new CallTimeout() : error.cause
    }
  }
}

export interface ToolRules {
  /** All that there are. */
  readonly names: readonly string[]
  readonly breakers?: Breakers
  readonly limitMs: number
  /** A tool that fails is something that the model reads and answers without; otherwise the turn fails. */
  readonly partialAnswers: boolean
}

/** Tool calls within their limit, a breaker for each tool. */
export function dependableTool(
  call: CallTool,
  { names, breakers, limitMs, partialAnswers }: ToolRules,
): CallTool {
  const all = new Map(names.map((name) => [name, new Dependency({ name, limitMs, breakers })]))
  return async (tool, traceparent, signal) => {
    const dependency = all.get(tool.name)
    if (!dependency) return call(tool, traceparent, signal)
    try {
      return await dependency.run(async (cut) => {
        const text = await call(tool, traceparent, cut)
        if (text.startsWith(failed)) throw new Error(text)
        return text
      }, signal)
    } catch (error) {
      if (!(error instanceof DependencyFailure)) throw error
      if (!partialAnswers) throw new TurnError({ code: 'internal', message: error.message })
      return JSON.stringify({ error: `${error.message}; answer without it` })
    }
  }
}

/** How the tool client begins a result that says that there is none. */
const failed = '{"error":'
