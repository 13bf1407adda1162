import { azurePtuModels, azurePtuSource, azureStandardRequests } from '../quota-units.ts'
import { minuteMs } from '../units.ts'
import type { QuotaPreset } from './quota-preset.ts'
import { bucket, own, term, tokens, unitOf, weightsOf, where, whole, window } from './terms.ts'

/** The depth of the leaky bucket and the estimate of calls without max_tokens are not published. */
export const azurePtu: QuotaPreset = {
  source: azurePtuSource,
  needs: [['ptu']],
  takes: ['ptu', 'perUnit', 'outputWeight', 'cachedWeight', 'depth', 'expectedOutput'],
  units: azurePtuModels,
  published: (_, { id }) => ({ cachedWeight: 0, ...unitOf(own(azurePtuModels, id)) }),
  guessed: (_, model) => ({ depth: minuteMs, outputWeight: 1, expectedOutput: model.outputTokens }),
  terms: (numbers) => [
    term('tokens', bucket(numbers.ptu! * numbers.perUnit!, numbers.depth), {
      overshoot: true,
      tokens: tokens(weightsOf(numbers), {
        expectedTokens: numbers.expectedOutput!,
        settle: weightsOf(numbers),
      }),
    }),
  ],
}

/** Tokens are an estimate that is never corrected; requests are held to their share of a second or of ten. */
export const azureStandard: QuotaPreset = {
  source: 'Microsoft Foundry, Manage Azure OpenAI quota, 16 September 2026',
  needs: [['tpm']],
  takes: ['tpm', 'rpm', 'window', 'expectedOutput'],
  published: ({ tpm }, { id }) => {
    const share = own(azureStandardRequests, id)
    return share === undefined || tpm === undefined ? {} : { rpm: tpm * share }
  },
  guessed: ({ rpm = Infinity }, model) => ({
    window: rpm >= 60 ? 1000 : 10_000,
    expectedOutput: model.outputTokens,
  }),
  terms: ({ tpm, rpm, window: windowMs, expectedOutput }) => [
    term('tokens', window(tpm!, minuteMs), {
      overshoot: true,
      tokens: tokens(whole, { expectedTokens: expectedOutput! }),
    }),
    ...where(rpm, (rpm) =>
      term('requests', window(Math.max(1, (rpm * windowMs!) / minuteMs), windowMs!), { countsRefused: true }),
    ),
  ],
}
