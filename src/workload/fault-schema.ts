import { z } from 'zod'
import { type FaultName, faultNamed, faultNames, mostFaults } from './fault.ts'
import { field, type fields } from './fields.ts'
import { Mistake } from './mistake.ts'
import { didYouMean } from './nearest.ts'
import { shown } from './quantity.ts'

/** Faults that the provider plays on purpose. */
export function faultsSchema(f: ReturnType<typeof fields>) {
  const fault = z
    .strictObject({
      fault: field('fault', readFaultName, {
        description: 'What goes wrong.',
        anyOf: [{ enum: faultNames.filter((name) => !isStatus(name)) }, { enum: statuses }],
      }),
      on: z
        .string()
        .min(1)
        .optional()
        .describe(
          'models, tools, a key of models, the name of a tool, stt or tts; models where not written.',
        ),
      share: f.share.optional().describe('Share of the calls that it hits; all where not written.'),
      from: f.duration.optional().describe('Since the run began.'),
      to: f.durationAbove0.optional().describe('Since the run began; it does not end where not written.'),
      every: f.durationAbove0.optional().describe('The schedule repeats after so long.'),
      for: f.durationAbove0
        .optional()
        .describe(
          'How long a stall, a timeout or a slow first byte lasts; until the caller leaves where not written.',
        ),
      at: f.share
        .optional()
        .describe('A stall or a cut: after this share of the answer; drawn where not written.'),
      tries: f.whole1.optional().describe('Only the first so many tries of a call.'),
      retryAfter: f.durationAbove0.optional().describe('429, 503 and 529: what the refusal says.'),
    })
    .describe('One fault, by rate (share) or by schedule (from, to, every).')
  return z.array(fault).min(1).max(mostFaults)
}

export type FaultSection = z.output<ReturnType<typeof faultsSchema>>[number]

const isStatus = (name: FaultName): boolean => /^\d+$/.test(name)
const statuses = faultNames.filter(isStatus).map(Number)

function readFaultName(value: unknown): FaultName {
  const name = faultNamed(value)
  if (name === undefined)
    throw new Mistake('unknown_name', `${shown(value)} is no fault`, didYouMean(shown(value), faultNames))
  return name
}
