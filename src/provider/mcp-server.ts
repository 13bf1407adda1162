import {
  type CallToolResult,
  fromJsonSchema,
  McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { monotonicMs } from '../clock/now.ts'
import { version } from '../result/version.ts'
import { toolCallIdHeader } from '../wire/tool-call-id.ts'
import type { Tool } from '../workload/workload.ts'
import type { ServedTool } from './epoch.ts'
import type { Face } from './face.ts'
import { playTool, type ToolAnswer } from './played-tool.ts'

/** Makes servers that play the workload's tools: one for each request or connection. */
export function mcpServerFactory(face: Face): () => McpServer {
  const tools = [...face.epoch.tools.values()].map(({ tool }) => ({
    name: tool.name,
    described: {
      description: `Played by Plimsoll: ${tool.name}.`,
      inputSchema: fromJsonSchema(argumentsSchema(tool)),
      outputSchema: fromJsonSchema(resultSchema),
    },
  }))
  return () => {
    const server = new McpServer({ name: 'plimsoll-tools', version })
    for (const { name, described } of tools)
      server.registerTool(name, described, (given, context) =>
        callTool(face, face.epoch.tools.get(name)!, given, context),
      )
    return server
  }
}

/** What the file says of a tool's arguments: their names and the kinds of their values. */
function argumentsSchema(tool: Tool) {
  const properties = Object.entries(tool.arguments).map(([name, values]) => {
    const kinds = new Set(values.map(kindOf))
    const type = kinds.size === 1 ? [...kinds][0]! : kinds.has('string') ? 'string' : 'number'
    return [name, { type, examples: [...values] }] as const
  })
  return {
    type: 'object' as const,
    properties: Object.fromEntries(properties),
    required: Object.keys(tool.arguments),
  }
}

const kindOf = (value: string | number): 'string' | 'number' | 'integer' =>
  typeof value === 'string' ? 'string' : Number.isInteger(value) ? 'integer' : 'number'

const resultSchema = {
  type: 'object' as const,
  properties: { result: { type: 'string' as const } },
  required: ['result'],
}

function callTool(
  face: Face,
  served: ServedTool,
  given: unknown,
  context: ServerContext,
): Promise<CallToolResult> {
  const { signal, _meta: meta } = context.mcpReq
  const headers = context.http?.req?.headers
  const called = {
    body: JSON.stringify(given ?? {}),
    callId: headers?.get(toolCallIdHeader) ?? undefined,
    traceparent: textOf(meta?.['traceparent']) ?? headers?.get('traceparent') ?? undefined,
    sentAtMs: monotonicMs(),
  }
  return new Promise((resolve) => {
    const call = playTool(face, served, called, {
      began: () => undefined,
      answered: (answer) => resolve(resultOf(answer)),
    })
    for (const gone of [signal, context.http?.req?.signal])
      gone?.addEventListener('abort', () => call.leave(), { once: true })
  })
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** A tool that fails says so in its result, and so does an answer that is none. */
function resultOf({ status, text, damage }: ToolAnswer): CallToolResult {
  const content = [{ type: 'text' as const, text }]
  if (status !== 200) return { content, isError: true }
  if (damage)
    return { content: [{ type: 'text', text: `The answer is broken: ${damage.name}.` }], isError: true }
  try {
    return { content, structuredContent: JSON.parse(text) as Record<string, unknown> }
  } catch {
    return { content, isError: true }
  }
}
