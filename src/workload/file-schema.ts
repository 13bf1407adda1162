import { z } from 'zod'
import { agentSchema } from './agent-schema.ts'
import { arrivalsSchema, daySchema } from './arrivals-schema.ts'
import { faultsSchema } from './fault-schema.ts'
import { behaviourSchema } from './behaviour-schema.ts'
import { fields, reading } from './fields.ts'
import type { Traces } from './parse-distribution.ts'
import { handOffSchema, phoneSchema } from './phone-schema.ts'
import { quotaSchema } from './quota-schema.ts'
import { type Conversations, saySchema } from './say-schema.ts'
import type { FilesBeside } from './target-access.ts'
import { targetSchema } from './target-schema.ts'
import { readTokenizing, tokenizerNames } from './tokenizer.ts'

/** The workload file: the one definition behind the check, the types and the editor's completion. */
export function fileSchema(traces?: Traces, conversations?: Conversations, files?: FilesBeside) {
  const f = fields(traces)
  const text = z.string().min(1)

  const input = z
    .strictObject({
      system: f.sizes.optional().describe('System prompt and tool definitions.'),
      message: f.sizes.optional().describe('One user message.'),
      toolResult: f.sizes.optional().describe('Each tool result.'),
      history: f.history.optional().describe('Earlier messages sent along; window(6) is the last six.'),
    })
    .describe('Input tokens of a model call, by what they are made of.')

  const price = z
    .strictObject({
      input: f.money.optional().describe('A million input tokens.'),
      cached: f.money
        .optional()
        .describe('A million input tokens from the cache; as input where not written.'),
      output: f.money.optional().describe('A million output tokens.'),
      unit: f.money
        .optional()
        .describe('A provisioned unit (PTU, GSU) for a month; dated list prices where not written.'),
    })
    .describe('Price of a million tokens; a preset fills what is not written.')

  const model = z
    .strictObject({
      like: text
        .optional()
        .describe('A dated preset, such as openai/gpt-4.1-mini: pace of tokens and price.'),
      id: text.optional().describe('What requests say in their model field; by default the end of like.'),
      tokenizer: z
        .union([z.enum(tokenizerNames), text])
        .transform(reading((tokenizer: string) => readTokenizing(tokenizer, files)))
        .optional()
        .describe(
          'What the provider counts tokens with: an encoding, the tokenizer.json of a model beside this file, or characters, an estimate (four make a token); by the id where not written.',
        ),
      input: input.optional(),
      output: f.sizes.optional().describe('Output tokens of one call.'),
      maxTokens: f.whole1.optional().describe('Sent as max_tokens; quotas reserve it.'),
      context: f.whole1
        .optional()
        .describe(
          'Most input tokens that a call may have: the provider refuses longer ones, as its API does.',
        ),
      cached: f.share.optional().describe('Share of input tokens served from the prompt cache.'),
      promptCache: z
        .strictObject({
          keep: f.durationAbove0.optional().describe('How long a beginning is kept after its last use; 5m.'),
          from: f.whole1.optional().describe('Shorter beginnings are not cached; 1024 tokens.'),
          step: f.whole1.optional().describe('Cached tokens come in multiples of it; 128.'),
        })
        .optional()
        .describe('The provider counts as cached what begins as an earlier request did, and not the share.'),
      ttft: f.durations.optional().describe('Request to first token.'),
      perToken: f.durations.optional().describe('Between tokens, one draw a call.'),
      tokensPerChunk: f.counts.optional().describe('Tokens in one streamed chunk.'),
      quota: quotaSchema(f).optional(),
      engine: z
        .strictObject({
          step: f.duration.describe('Milliseconds of one decoding step.'),
          decode: f.duration.optional().describe('Added to a step by each call in flight.'),
          prefill: f.duration.optional().describe('For each input token.'),
          slots: f.whole1.optional().describe('Calls that run at once.'),
          kv: f.whole1.optional().describe('Tokens that the KV cache holds: contexts of all calls that run.'),
        })
        .optional()
        .describe('A self-hosted engine: T(b) = step·K + b·(decode·K + prefill·P) with b calls in flight.'),
      price: price.optional(),
      fallback: z
        .strictObject({
          to: text.describe('A key of models.'),
          when: z
            .enum(['refused', 'overQuota'])
            .optional()
            .describe('After the last try, where not written; overQuota: also at once on a 429.'),
        })
        .optional()
        .describe('Where calls go that this model does not serve.'),
    })
    .describe('The model behind the agent.')

  const words = z.union([text, z.array(text).min(1)])
  const expectation = z
    .strictObject({
      status: z.number().int().min(100).max(599).optional().describe('HTTP status of the answer.'),
      contains: text.optional().describe('Text that the answer holds.'),
      under: f.durationAbove0.optional().describe('Longest time for the answer.'),
      completes: words
        .optional()
        .describe('Text, or one of several, by which an answer says that the request is done.'),
      escalates: words
        .optional()
        .describe('Text, or one of several, by which an answer hands the user to a person.'),
    })
    .describe('What an answer must be to count as one.')

  const scenario = z
    .strictObject({
      name: text.optional(),
      weight: f.weight.optional().describe('Share of sessions, relative to the others; 1 where not written.'),
      say: saySchema(conversations).optional(),
      script: text
        .optional()
        .describe(
          'A TypeScript file beside this one that measured runs play instead of say, turns and think.',
        ),
      turns: f.counts.optional().describe('Turns of one session; by default users.turns.'),
      think: f.durations.optional().describe('Think time between turns; by default users.think.'),
      depth: f.steps
        .optional()
        .describe('Steps of the loop in one turn: model calls, parallel ones counted once.'),
      tools: z.array(text).optional().describe('The simulated model calls these tools and no other.'),
      model: z
        .union([text, z.record(z.string(), f.share)])
        .optional()
        .describe('A key of models, or shares of turns: { main: 70%, backup: 30% }.'),
      priority: f.whole0.optional().describe('Higher goes first; 0 where not written.'),
      input: input.optional(),
      output: f.sizes.optional().describe('Output tokens of one call; by default the model’s.'),
      expect: expectation.optional(),
      handOff: handOffSchema(f).optional(),
    })
    .describe('A kind of conversation.')

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
        input: input.optional(),
        output: f.sizes.optional().describe('Output tokens of one call; by default the model’s.'),
      })
      .optional()
      .describe('An agent used as a tool: a loop of model and tool calls of its own.'),
  })

  const then = z.enum(['continue', 'leave'])
  const users = z
    .strictObject({
      think: f.durations
        .optional()
        .describe('Time between an answer and the next message, and between sessions.'),
      turns: f.counts.optional().describe('Turns of one session.'),
      arrivals: arrivalsSchema(traces).optional(),
      behaviour: behaviourSchema(f).optional(),
      patience: z
        .union([
          f.durations,
          z.strictObject({
            of: z.enum(['turn', 'firstToken']).optional().describe('What the user waits for.'),
            after: f.durations,
            // oxlint-disable-next-line unicorn/no-thenable -- the file's own word
            then: then.optional().describe('After giving up: go on with the next message, or leave.'),
          }),
        ])
        .optional()
        .describe('How long a user waits before giving up; for ever where not written.'),
      afterAbandon: then.optional().describe('After giving up: go on with the next message, or leave.'),
      peak: z
        .strictObject({
          concurrencyRatio: f.share.optional().describe('Share of registered users who are there at once.'),
          peakToAverage: f.peakToAverage.optional().describe('Busiest hour over the average.'),
          day: daySchema.optional(),
          burst: z
            .strictObject({
              tokens: f.callRate.optional().describe('Tokens, input and output, that calls ask for: 70k/s.'),
              calls: f.callRate.optional().describe('Model calls: 20/s.'),
              for: f.durationAbove0.optional().describe('How long it lasts; plan says how long it may.'),
            })
            .optional()
            .describe('A burst against the windows of the providers.'),
          together: f.whole1
            .optional()
            .describe(
              'Agents that make their first model call at the same instant, such as a fleet that begins to plan.',
            ),
        })
        .optional(),
    })
    .describe('Who the users are.')

  return z
    .strictObject({
      name: text.optional(),
      target: targetSchema(f, files).optional(),
      users: users.optional(),
      scenarios: z.array(scenario).min(1).optional().describe('Kinds of conversations, with weights.'),
      agent: agentSchema(f).optional(),
      model: model.optional(),
      models: z
        .record(z.string(), model)
        .optional()
        .describe('Several models by name; scenarios choose one.'),
      tools: z.record(toolName, tool).optional().describe('What the agent calls.'),
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
