import { z } from 'zod'
import { agentSchema } from './agent-schema.ts'
import { faultsSchema } from './fault-schema.ts'
import { fields } from './fields.ts'
import { modelSchema } from './model-schema.ts'
import type { Traces } from './parse-distribution.ts'
import { phoneSchema } from './phone-schema.ts'
import type { Conversations } from './say-schema.ts'
import { scenarioSchema } from './scenario-schema.ts'
import type { FilesBeside } from './target-access.ts'
import { targetSchema } from './target-schema.ts'
import { toolsSchema } from './tool-schema.ts'
import { usersSchema } from './users-schema.ts'

/** The workload file: the one definition behind the check, the types and the editor's completion. */
export function fileSchema(traces?: Traces, conversations?: Conversations, files?: FilesBeside) {
  const f = fields(traces)
  const text = z.string().min(1)
  const model = modelSchema(f, files)
  return z
    .strictObject({
      name: text.optional(),
      target: targetSchema(f, files).optional(),
      users: usersSchema(f, traces).optional(),
      scenarios: z
        .array(scenarioSchema(f, conversations))
        .min(1)
        .optional()
        .describe('Kinds of conversations, with weights.'),
      agent: agentSchema(f).optional(),
      model: model.optional(),
      models: z
        .record(z.string(), model)
        .optional()
        .describe('Several models by name; scenarios choose one.'),
      tools: toolsSchema(f).optional().describe('What the agent calls.'),
      phone: phoneSchema(f, traces).optional(),
      backlog: z
        .strictObject({
          items: f.whole1.describe('Sessions that wait: mails, documents.'),
          within: f.durationAbove0.describe('When all of them are to be done.'),
        })
        .optional()
        .describe(
          'Work that waits hours, planned as throughput: as many in work at once as the server carries.',
        ),
      faults: faultsSchema(f).optional().describe('What the provider plays to go wrong, on purpose.'),
      objectives: z.array(f.objective).optional().describe('What must hold.'),
      origins: z
        .strictObject({
          measured: z
            .array(text)
            .optional()
            .describe('Paths of values that were measured, such as model.ttft.'),
          guessed: z.array(text).optional().describe('Paths of values that are guesses.'),
        })
        .optional()
        .describe('Where values come from; what is not listed was given.'),
    })
    .meta({
      title: 'Plimsoll workload',
      description: 'Who the users are, what they do, what the agent is like.',
    })
}

/** The file as checked: units gone, distributions built. */
export type WorkloadFile = z.output<ReturnType<typeof fileSchema>>
export type ModelSection = NonNullable<WorkloadFile['model']>
export type ScenarioSection = NonNullable<WorkloadFile['scenarios']>[number]
export type InputSection = NonNullable<ModelSection['input']>
export type SubagentSection = NonNullable<NonNullable<WorkloadFile['tools']>[string]['subagent']>
