import type { Tool, Workload } from '../workload/workload.ts'
import type { ToolDeclaration } from './messages.ts'

/** What the agent tells the model about its tools: all that any scenario uses, since it does not know the scenario. */
export function toolDeclarations(workload: Workload): ToolDeclaration[] {
  const used = new Set(workload.scenarios.flatMap((scenario) => scenario.tools))
  return [...used].sort((a, b) => a - b).map((index) => declare(workload.tools[index]!))
}

function declare(tool: Tool): ToolDeclaration {
  const names = Object.keys(tool.arguments)
  const properties = Object.fromEntries(
    names.map((name) => {
      const numeric = tool.arguments[name]!.every((value) => typeof value === 'number')
      return [name, { type: numeric ? 'number' : 'string' }]
    }),
  )
  return {
    type: 'function',
    function: {
      name: tool.name,
      description: `Looks up ${tool.name}.`,
      parameters: { type: 'object', properties, required: names, additionalProperties: false },
    },
  }
}
