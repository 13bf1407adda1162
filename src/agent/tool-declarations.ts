import type { Tool, Workload } from '../workload/workload.ts'
import type { SubagentSettings, ToolDeclaration } from './messages.ts'

/** What the agent tells the model about its tools: all that any scenario uses, since it does not know the scenario. */
export function toolDeclarations(workload: Workload): ToolDeclaration[] {
  const used = new Set(workload.scenarios.flatMap((scenario) => scenario.tools))
  return [...used].sort((a, b) => a - b).map((index) => declare(workload.tools[index]!))
}

/** The agents among the tools, by name; of what their input varies, the mean. */
export function subagentSettings({ tools }: Workload): Record<string, SubagentSettings> {
  return Object.fromEntries(
    tools.flatMap(({ name, subagent, failure }) =>
      subagent
        ? [
            [
              name,
              {
                model: subagent.model,
                tools: subagent.tools.map((index) => declare(tools[index]!)),
                systemTokens: Math.round(subagent.input.system.mean),
                messageTokens: Math.round(subagent.input.message.mean),
                failure,
              },
            ],
          ]
        : [],
    ),
  )
}

function declare(tool: Tool): ToolDeclaration {
  const names = Object.keys(tool.arguments)
  const task = tool.subagent ? { task: { type: 'string' } } : {}
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
      parameters: {
        type: 'object',
        properties: { ...properties, ...task },
        required: [...names, ...Object.keys(task)],
        additionalProperties: false,
      },
    },
  }
}
