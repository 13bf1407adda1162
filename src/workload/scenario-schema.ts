import { z } from 'zod'
import type { fields } from './fields.ts'
import { inputSchema } from './model-schema.ts'
import { handOffSchema } from './phone-schema.ts'
import { type Conversations, saySchema } from './say-schema.ts'

/** A kind of conversation: what is said, how long the loop is, and what an answer must be. */
export function scenarioSchema(f: ReturnType<typeof fields>, conversations?: Conversations) {
  const text = z.string().min(1)
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

  return z
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
      input: inputSchema(f).optional(),
      output: f.sizes.optional().describe('Output tokens of one call; by default the model’s.'),
      expect: expectation.optional(),
      handOff: handOffSchema(f).optional(),
    })
    .describe('A kind of conversation.')
}
