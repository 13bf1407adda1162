import { dayMs } from '../units.ts'
import type { QuotaPreset } from './quota-preset.ts'
import { bucket, freshInput, liveOutput, minuteBucket, term, tokens, where, whole, window } from './terms.ts'

/** The estimate of the input from its characters is taken to be right; no correction is documented. */
export const openai: QuotaPreset = {
  source:
    'OpenAI API, Rate limits, as read in November 2026; numbers stand on the models’ pages and in each project',
  needs: [['rpm', 'tpm']],
  takes: ['rpm', 'tpm', 'rpd', 'tpd', 'depth'],
  guessed: minuteBucket,
  terms: ({ rpm, tpm, rpd, tpd, depth }) => {
    const rules = tokens(whole, { combine: 'larger' })
    return [
      ...where(rpm, (rpm) => term('requests', bucket(rpm, depth), { countsRefused: true })),
      ...where(tpm, (tpm) => term('tokens', bucket(tpm, depth), { tokens: rules })),
      ...where(rpd, (rpd) => term('requests', window(rpd, dayMs), { countsRefused: true })),
      ...where(tpd, (tpd) => term('tokens', window(tpd, dayMs), { tokens: rules })),
    ]
  },
}

/** Cached input is free, output is charged as it is made and max_tokens does not matter. */
export const anthropic = (rpm: number, itpm: number, otpm: number): QuotaPreset => ({
  source: 'Claude API, Rate limits, as read on 4 October 2026: Opus 5.5 and Sonnet 5.5',
  needs: [],
  takes: ['rpm', 'itpm', 'otpm', 'depth'],
  published: () => ({ rpm, itpm, otpm }),
  guessed: minuteBucket,
  terms: ({ rpm, itpm, otpm, depth }) => [
    term('requests', bucket(rpm!, depth)),
    term('input-tokens', bucket(itpm!, depth), { tokens: tokens(freshInput) }),
    liveOutput(otpm!, 'goOn', depth),
  ],
})
