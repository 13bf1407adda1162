import { z } from 'zod'
import { arrivalsSchema, daySchema } from './arrivals-schema.ts'
import { behaviourSchema } from './behaviour-schema.ts'
import type { fields } from './fields.ts'
import type { Traces } from './parse-distribution.ts'

/** Who the users are: how they come, what they wait for, and when most of them are there. */
export function usersSchema(f: ReturnType<typeof fields>, traces?: Traces) {
  const then = z.enum(['continue', 'leave'])
  return z
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
}
