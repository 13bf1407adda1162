import { Agent, request } from 'undici'
import { parsedJson } from '../wire/parsed-json.ts'
import { toolCallIdHeader } from '../wire/tool-call-id.ts'
import type { WorkerSettings } from './messages.ts'
import { childTrace } from './trace.ts'

export interface ToolCall {
  readonly id: string
  readonly name: string
  /** JSON as the model wrote it. */
  readonly arguments: string
}

/** Calls a tool and returns what the model is told: a result, or an error as a result. Rejects only when aborted. */
export type CallTool = (call: ToolCall, traceparent: string, signal: AbortSignal) => Promise<string>

/** Calls tools over HTTP, under `<toolsUrl>/tools/<name>`; what is not declared is not called. */
export function toolClient(settings: WorkerSettings): CallTool {
  const own = [settings, ...Object.values(settings.subagents)].flatMap(({ tools }) => tools)
  const declared = new Set(own.map((tool) => tool.function.name))
  const base = settings.toolsUrl.replace(/\/+$/, '')
  // Tools answer when they are done; it is the turn's limit that ends a turn, and not its client.
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 })
  return async (call, traceparent, signal) => {
    if (!declared.has(call.name)) return failure(`there is no tool ${call.name}`)
    if (parsedJson(call.arguments) === undefined) return failure('the arguments are not valid JSON')
    try {
      const answer = await request(`${base}/tools/${encodeURIComponent(call.name)}`, {
        method: 'POST',
        dispatcher,
        signal,
        headers: {
          'content-type': 'application/json',
          'user-agent': settings.callerName,
          traceparent: childTrace(traceparent),
          [toolCallIdHeader]: call.id,
        },
        body: call.arguments,
      })
      const text = await answer.body.text()
      return answer.statusCode < 400 ? text : failure(`the tool answered ${answer.statusCode}`)
    } catch (error) {
      if (signal.aborted) throw error
      return failure('the tool could not be reached')
    }
  }
}

const failure = (message: string): string => JSON.stringify({ error: message })
