import { z } from 'zod'
import type { Fields } from './fields.ts'
import { voiceAgentSchema } from './voice-agent-schema.ts'

/** The agent server: what it has, what it costs a turn, and what it does when something goes wrong. */
export function agentSchema(f: Fields) {
  const overhead = z.strictObject({
    prompt: f.durations.optional().describe('Once a turn, before the first call: waiting, no CPU.'),
    state: f.durations.optional().describe('Loading state, and saving it: waiting, no CPU.'),
    cpuPerCall: f.duration.optional().describe('CPU for each model call.'),
    cpuPerToken: f.duration.optional().describe('CPU for each output token.'),
  })
  const limits = z.strictObject({
    turn: f.durationAbove0.optional().describe('The agent ends a turn that takes longer.'),
    steps: f.whole1.optional().describe('The agent cuts a loop of more steps short.'),
    call: f.durationAbove0.optional().describe('The agent cuts a model call that takes longer.'),
    tool: f.durationAbove0.optional().describe('The agent cuts a tool call that takes longer.'),
  })
  const retries = z.strictObject({
    attempts: f.tries.optional().describe('Further tries of a model call that was refused or took too long.'),
    backoff: f.duration.optional().describe('Wait before the first; doubles, at most 8 s.'),
    honourRetryAfter: z.boolean().optional().describe('Wait as long as the provider says.'),
    jitter: f.share
      .optional()
      .describe('Share of a backoff that chance may take off; 25 % where not written.'),
  })
  return z
    .strictObject({
      server: z
        .strictObject({
          cpu: f.above0.optional().describe('Cores.'),
          memory: f.memory.optional(),
          perMonth: f.money.optional().describe('What one server costs.'),
        })
        .optional(),
      workers: f.whole1.optional().describe('Processes or threads with an event loop each.'),
      concurrency: f.whole1.optional().describe('Turns at once in one worker; 1 is synchronous.'),
      queue: f.whole0.optional().describe('Waiting turns beyond which the agent sheds.'),
      overhead: overhead.optional(),
      limits: limits.optional(),
      retries: retries.optional(),
      ...underStress(f),
      ...fleet(f),
      voice: voiceAgentSchema(f).optional(),
    })
    .describe('The agent server. Assumed: the agent decides these.')
}

/** What the agent waits for, and what it does when there is not enough of it. */
function underStress(f: Fields) {
  return {
    connections: z
      .strictObject({
        model: f.whole1.optional().describe('To the models.'),
        tools: f.whole1.optional().describe('To the tools.'),
      })
      .optional()
      .describe('Connections of one worker; a call waits for a free one.'),
    state: z
      .strictObject({
        latency: f.durations.optional().describe('One load, or one save.'),
        capacity: f.whole1.optional().describe('Operations at once; others wait.'),
        failure: f.share.optional().describe('Share of operations that fail, and their turns with them.'),
      })
      .optional()
      .describe('The state store as a service, instead of overhead.state.'),
    admission: z
      .strictObject({
        order: z
          .enum(['fifo', 'priority', 'lifo'])
          .optional()
          .describe('Who goes first in the line before the slots; priority stands in the scenarios.'),
        shed: z
          .enum(['newest', 'lowest'])
          .optional()
          .describe('Who is refused when the queue is full: who came last, or last of the lowest priority.'),
      })
      .optional()
      .describe('The line before the slots; first come, first served where not written.'),
    breakers: z
      .strictObject({
        failures: f.shareAbove0.describe('A breaker opens when this share of its last calls failed.'),
        calls: f.whole1.describe('The last calls that it looks at.'),
        openFor: f.durationAbove0.describe('How long it refuses every call, before one may try.'),
      })
      .optional()
      .describe('A circuit breaker in each worker for each model and tool.'),
    degrade: z
      .array(
        z.strictObject({
          above: f.share.describe('Share of the slots in use.'),
          steps: f.whole1.describe('Steps that a turn gets then.'),
          below: f.whole1
            .optional()
            .describe('Turns of a lower priority only; every turn where not written.'),
        }),
      )
      .min(1)
      .optional()
      .describe('Shorter loops under load.'),
  }
}

/** Several servers, and their coming and going. */
function fleet(f: Fields) {
  return {
    servers: f.whole1
      .optional()
      .describe('Servers behind one balancer, each with these workers and this queue.'),
    scale: z
      .strictObject({
        from: f.whole1.describe('Fewest servers.'),
        to: f.whole1.describe('Most servers.'),
        startup: f.duration.optional().describe('From the decision to the first turn.'),
        above: f.share.describe('Share of the slots in use above which one more starts.'),
        below: f.share.describe('Share of the slots in use below which one takes no more turns.'),
        every: f.durationAbove0.describe('How often the load is looked at.'),
      })
      .optional()
      .describe('Servers that follow the load.'),
    failures: z
      .strictObject({
        every: f.durationsAbove0.describe('From the start of a server, or its return, to its failure.'),
        down: f.durationsAbove0.describe('Until it is back.'),
      })
      .optional()
      .describe('Servers fail, their turns with them.'),
  }
}
