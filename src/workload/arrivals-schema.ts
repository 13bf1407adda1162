import { z } from 'zod'
import { readArrivals, readDay, readTraceArrivals } from './arrivals.ts'
import { field, reading } from './fields.ts'
import type { Traces } from './parse-distribution.ts'
import { type InstantUnit, instantUnits } from './parse-instant.ts'
import { unitPatterns } from './units.ts'

const name = z.string().min(1)

/** Of plain numbers in a column of instants. */
export const instantUnit = z
  .enum(Object.keys(instantUnits) as [InstantUnit, ...InstantUnit[]])
  .optional()
  .describe('What plain numbers there count; ms where not written.')

/** How open sessions arrive: a word, or the columns of a trace. */
export function arrivalsSchema(traces?: Traces) {
  return z
    .union([
      field('arrivals', readArrivals, {
        description: 'How open sessions arrive.',
        type: 'string',
        pattern: String.raw`^(?:poisson|even|gamma\s*\(\s*cv\s+\S+\s*\))$`,
        examples: ['poisson', 'even', 'gamma(cv 3)'],
      }),
      z
        .strictObject({
          trace: name.describe('A CSV file, or .csv.gz, beside this one: one row a session.'),
          at: name.describe('Its column of instants: timestamps, or plain numbers.'),
          unit: instantUnit,
          input: name.optional().describe('Its column of tokens of the user’s message.'),
          output: name.optional().describe('Its column of tokens of each answer of the model.'),
        })
        .transform(reading((section) => readTraceArrivals(section, traces))),
    ])
    .describe('How sessions arrive when the load is a rate (open load); poisson where not written.')
}

/** The day's curve. */
export const daySchema = field('day', readDay, {
  description: 'Share of the busiest hour’s rate in each hour from midnight on: open arrivals follow it.',
  type: 'array',
  minItems: 24,
  maxItems: 24,
  items: { type: ['string', 'number'], pattern: unitPatterns.share },
})
