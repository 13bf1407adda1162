import { z } from 'zod'
import type { fields } from './fields.ts'
import { inputSchema } from './model-schema.ts'

/** The tools of the agent by name, agents that are used as tools among them. */
export function toolsSchema(f: ReturnType<typeof fields>) {
  const text = z.string().min(1)
  // What model APIs allow as the name of a function.
  const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/)
  const tool = z.strictObject({
    latency: f.durations.optional().describe('Time of one call when nothing queues.'),
    capacity: f.whole1.optional().describe('Calls at once; others wait.'),
    failure: f.share.optional().describe('Share of calls that answer with an error.'),
    fanOut: f.steps.optional().describe('Parallel calls of this tool in one step.'),
    arguments: z
      .record(z.string(), z.array(z.union([z.string(), z.number()])).min(1))
      .optional()
      .describe('Values that the simulated model may put into each argument.'),
    subagent: z
      .strictObject({
        depth: f.steps.optional().describe('Steps of its loop.'),
        model: text.optional().describe('A key of models; the first one where not written.'),
        tools: z.array(text).optional().describe('Tools that it calls between its steps.'),
        input: inputSchema(f).optional(),
        output: f.sizes.optional().describe('Output tokens of one call; by default the model’s.'),
      })
      .optional()
      .describe('An agent used as a tool: a loop of model and tool calls of its own.'),
  })
  return z.record(toolName, tool)
}
