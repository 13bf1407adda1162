import { z } from 'zod'
import { constant } from '../stats/distributions.ts'
import type { Behaviour } from './behaviour.ts'
import type { Fields } from './fields.ts'

/** `users.behaviour`: what users do beside sending and waiting. */
export function behaviourSchema(f: Fields) {
  const share = f.share.describe('Share of turns.')
  return z
    .strictObject({
      disconnect: z
        .strictObject({
          share,
          after: f.durations.optional().describe('From the first text on; at once where not written.'),
          reconnect: f.durations
            .optional()
            .describe('Then the same message is sent again; never where not written.'),
        })
        .optional()
        .describe('The connection is dropped in the middle of the answer.'),
      stall: z
        .strictObject({ share, for: f.durations.describe('How long nothing is read.') })
        .optional()
        .describe('The answer is not read for a while, from its first text on.'),
      doubleSend: z
        .strictObject({
          share,
          after: f.durations.optional().describe('Between the two; at once where not written.'),
        })
        .optional()
        .describe('The same message is sent twice.'),
      retry: z
        .strictObject({
          attempts: f.whole1.describe('More attempts at most.'),
          backoff: f.durations.optional().describe('Before the first; it doubles. 1 s where not written.'),
          honourRetryAfter: z
            .boolean()
            .optional()
            .describe('Wait as Retry-After says; true where not written.'),
        })
        .optional()
        .describe('What is done about 429 and 503.'),
    })
    .describe('What users do beside sending and waiting; enacted by load.')
}

export type BehaviourSection = z.output<ReturnType<typeof behaviourSchema>>

/** The section with nothing left open. */
export function behaviourOf({ disconnect, stall, doubleSend, retry }: BehaviourSection): Behaviour {
  return {
    ...(disconnect
      ? {
          disconnect: {
            share: disconnect.share,
            after: disconnect.after ?? constant(0),
            ...(disconnect.reconnect ? { reconnect: disconnect.reconnect } : {}),
          },
        }
      : {}),
    ...(stall ? { stall } : {}),
    ...(doubleSend
      ? { doubleSend: { share: doubleSend.share, after: doubleSend.after ?? constant(0) } }
      : {}),
    ...(retry
      ? {
          retry: {
            attempts: retry.attempts,
            backoff: retry.backoff ?? constant(1000),
            honourRetryAfter: retry.honourRetryAfter ?? true,
          },
        }
      : {}),
  }
}
