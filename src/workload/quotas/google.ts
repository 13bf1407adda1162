import { vertexGsuModels, vertexGsuSource, vertexWindowMs } from '../quota-units.ts'
import type { TokenTerms } from '../quota-terms.ts'
import { dayMs, minuteMs } from '../units.ts'
import type { QuotaModel, QuotaNumbers, QuotaPreset } from './quota-preset.ts'
import {
  bucket,
  input,
  minuteBucket,
  own,
  sliding,
  term,
  tokens,
  unitOf,
  weightsOf,
  where,
  window,
} from './terms.ts'

/** Whether windows are aligned or slide, and how output is estimated, is not published. */
export const vertexGsu: QuotaPreset = {
  source: vertexGsuSource,
  needs: [['gsu']],
  takes: [
    'gsu',
    'perUnit',
    'outputWeight',
    'cachedWeight',
    'window',
    'windows',
    'overLimit',
    'expectedOutput',
  ],
  units: vertexGsuModels,
  published: ({ gsu }, { id }) => ({
    cachedWeight: 0.1,
    ...unitOf(own(vertexGsuModels, id)),
    ...(gsu === undefined ? {} : { window: vertexWindowMs(gsu) }),
    overLimit: 'spill',
  }),
  guessed: (_, model) => ({ windows: 'aligned', outputWeight: 1, expectedOutput: model.outputTokens }),
  terms: (numbers, model) => {
    const windowMs = numbers.window!
    const meter = numbers.windows === 'sliding' ? sliding : window
    return [
      term('tokens', meter((numbers.gsu! * numbers.perUnit! * windowMs) / minuteMs, windowMs), {
        tokens: tokens(weightsOf(numbers), {
          outputBasis: 'expected',
          expectedTokens: numbers.expectedOutput!,
          settle: weightsOf(numbers),
          ...longOf(numbers, model),
        }),
      }),
    ]
  },
}

/** Where the file says what tokens weigh, it says so of all of them. */
function longOf(
  { outputWeight, cachedWeight }: QuotaNumbers,
  model: QuotaModel | undefined,
): Pick<TokenTerms, 'long'> {
  const unit = model && own(vertexGsuModels, model.id)
  if (!unit?.long || unit.outputWeight !== outputWeight || unit.cachedWeight !== cachedWeight) return {}
  const { above, inputWeight, outputWeight: output } = unit.long
  return { long: { above, weights: { input: inputWeight, cached: inputWeight * cachedWeight, output } } }
}

/** How it forgets is not published: buckets of a minute, and a day that starts with the run. */
export const gemini: QuotaPreset = {
  source: 'Gemini API, Rate limits, as read in November 2026; numbers stand in AI Studio',
  needs: [['rpm', 'itpm']],
  takes: ['rpm', 'itpm', 'rpd', 'depth'],
  guessed: minuteBucket,
  terms: ({ rpm, itpm, rpd, depth }) => [
    ...where(rpm, (rpm) => term('requests', bucket(rpm, depth))),
    ...where(itpm, (itpm) => term('input-tokens', bucket(itpm, depth), { tokens: tokens(input) })),
    ...where(rpd, (rpd) => term('requests', window(rpd, dayMs))),
  ],
}
