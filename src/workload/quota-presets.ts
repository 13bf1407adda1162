import type { MeterTerms, QuotaTerm, QuotaUnit, TokenTerms, TokenWeights } from './quota-terms.ts'
import {
  azurePtuModels,
  azurePtuSource,
  azureStandardRequests,
  type ProvisionedUnit,
  vertexGsuModels,
  vertexGsuSource,
  vertexWindowMs,
} from './quota-units.ts'

/** What a file may say of a quota that is like a provider's. Rates are a minute's, durations milliseconds. */
export interface QuotaNumbers {
  readonly rpm?: number | undefined
  readonly tpm?: number | undefined
  readonly itpm?: number | undefined
  readonly otpm?: number | undefined
  readonly rph?: number | undefined
  readonly rpd?: number | undefined
  readonly tpd?: number | undefined
  readonly ptu?: number | undefined
  readonly gsu?: number | undefined
  readonly perUnit?: number | undefined
  readonly outputWeight?: number | undefined
  readonly cachedWeight?: number | undefined
  readonly expectedOutput?: number | undefined
  readonly depth?: number | undefined
  readonly window?: number | undefined
  readonly windows?: 'aligned' | 'sliding' | undefined
  readonly overLimit?: 'reject' | 'spill' | undefined
  readonly slots?: number | undefined
  readonly queue?: number | undefined
  readonly kvTokens?: number | undefined
  readonly retryAfter?: number | undefined
}

export type QuotaKey = keyof QuotaNumbers

/** What a preset may look up. */
export interface QuotaModel {
  readonly id: string
  /** Mean output tokens of a call: what a provider that estimates is taken to expect. */
  readonly outputTokens: number
}

/** A provider's way of limiting. Numbers that a provider does not publish for everybody are the user's to give. */
export interface QuotaPreset {
  readonly source: string
  /** One key of each list must be there. */
  readonly needs: readonly (readonly QuotaKey[])[]
  readonly takes: readonly QuotaKey[]
  /** Models for which it is published what one unit carries. */
  readonly units?: Readonly<Record<string, ProvisionedUnit>>
  /** What is published. */
  published?(written: QuotaNumbers, model: QuotaModel): QuotaNumbers
  /** What is not published and had to be assumed. */
  guessed?(written: QuotaNumbers, model: QuotaModel): QuotaNumbers
  /** Of the numbers with everything filled in. */
  terms(numbers: QuotaNumbers): readonly QuotaTerm[]
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const whole: TokenWeights = { input: 1, cached: 1, output: 1 }
const input: TokenWeights = { input: 1, cached: 1, output: 0 }
const freshInput: TokenWeights = { input: 1, cached: 0, output: 0 }
const output: TokenWeights = { input: 0, cached: 0, output: 1 }
const nothing: TokenWeights = { input: 0, cached: 0, output: 0 }

const bucket = (perMinute: number, depthMs = minuteMs): MeterTerms => ({ kind: 'bucket', perMinute, depthMs })
const window = (limit: number, windowMs: number): MeterTerms => ({ kind: 'window', limit, windowMs })
const sliding = (limit: number, windowMs: number): MeterTerms => ({ kind: 'sliding', limit, windowMs })

const term = (of: QuotaUnit, meter: MeterTerms, others: Partial<QuotaTerm> = {}): QuotaTerm => ({
  of,
  meter,
  overshoot: false,
  countsRefused: false,
  ...others,
})

const tokens = (reserve: TokenWeights, others: Partial<TokenTerms> = {}): TokenTerms => ({
  reserve,
  outputBasis: 'maxTokens',
  expectedTokens: 0,
  combine: 'sum',
  ...others,
})

/** A term where the number is given, none where it is not. */
const where = (number: number | undefined, make: (number: number) => QuotaTerm): QuotaTerm[] =>
  number === undefined ? [] : [make(number)]

const liveOutput = (perMinute: number, live: NonNullable<TokenTerms['live']>, depthMs?: number): QuotaTerm =>
  term('output-tokens', bucket(perMinute, depthMs), {
    overshoot: true,
    tokens: tokens(nothing, { settle: output, live }),
  })

/** Ids come from files and may be any word. */
const own = <T>(table: Readonly<Record<string, T>>, id: string): T | undefined =>
  Object.hasOwn(table, id) ? table[id] : undefined

const unitOf = (unit: ProvisionedUnit | undefined): QuotaNumbers =>
  unit
    ? { perUnit: unit.inputPerMinute, outputWeight: unit.outputWeight, cachedWeight: unit.cachedWeight }
    : {}

const weightsOf = ({ cachedWeight, outputWeight }: QuotaNumbers): TokenWeights => ({
  input: 1,
  cached: cachedWeight!,
  output: outputWeight!,
})

const minuteBucket = (): QuotaNumbers => ({ depth: minuteMs })

/** The depth of the leaky bucket and the estimate of calls without max_tokens are not published. */
const azurePtu: QuotaPreset = {
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
const azureStandard: QuotaPreset = {
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

/** Whether windows are aligned or slide, and how output is estimated, is not published. */
const vertexGsu: QuotaPreset = {
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
  terms: (numbers) => {
    const windowMs = numbers.window!
    const meter = numbers.windows === 'sliding' ? sliding : window
    return [
      term('tokens', meter((numbers.gsu! * numbers.perUnit! * windowMs) / minuteMs, windowMs), {
        tokens: tokens(weightsOf(numbers), {
          outputBasis: 'expected',
          expectedTokens: numbers.expectedOutput!,
          settle: weightsOf(numbers),
        }),
      }),
    ]
  },
}

/** Max_tokens unsaid is the model's maximum, taken to be 64,000; what is used may come to more than was reserved. */
const bedrock: QuotaPreset = {
  source:
    'Amazon Bedrock, Quotas for the runtime, and How tokens are counted, 2026; no requests a minute since 27 May',
  needs: [['tpm']],
  takes: ['tpm', 'tpd', 'outputWeight', 'depth', 'expectedOutput'],
  published: ({ tpm }, { id }) => ({
    outputWeight: id.includes('claude') ? 5 : 1,
    expectedOutput: 64_000,
    ...(tpm === undefined ? {} : { tpd: tpm * 1440 }),
  }),
  guessed: minuteBucket,
  terms: ({ tpm, tpd, outputWeight, depth, expectedOutput }) => {
    const rules = tokens(whole, {
      expectedTokens: expectedOutput!,
      settle: { input: 1, cached: 0, output: outputWeight! },
    })
    return [
      term('tokens', bucket(tpm!, depth), { tokens: rules }),
      ...where(tpd, (tpd) => term('tokens', window(tpd, dayMs), { tokens: rules })),
    ]
  },
}

/** Input is checked together with max_tokens and the unused part given back; out of output tokens, answers stop midway. */
const bedrockMantle: QuotaPreset = {
  source: 'Amazon Bedrock, Quotas for the mantle endpoint, 2026',
  needs: [['itpm'], ['otpm']],
  takes: ['itpm', 'otpm', 'depth', 'expectedOutput'],
  published: () => ({ expectedOutput: 64_000 }),
  guessed: minuteBucket,
  terms: ({ itpm, otpm, depth, expectedOutput }) => [
    term('input-tokens', bucket(itpm!, depth), {
      tokens: tokens(
        { input: 1, cached: 0, output: 1 },
        { expectedTokens: expectedOutput!, settle: { input: 1, cached: 0, output: 1 } },
      ),
    }),
    liveOutput(otpm!, 'stop', depth),
  ],
}

/** The estimate of the input from its characters is taken to be right; no correction is documented. */
const openai: QuotaPreset = {
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
const anthropic = (rpm: number, itpm: number, otpm: number): QuotaPreset => ({
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

/** How it forgets is not published: buckets of a minute, and a day that starts with the run. */
const gemini: QuotaPreset = {
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

/** What is charged at admission, and whether cached input is, is not published: max_tokens where said, and all of it. */
const groq: QuotaPreset = {
  source: 'Groq, Rate limits, as read in November 2026; numbers differ by model and plan',
  needs: [['rpm', 'tpm', 'itpm', 'otpm']],
  takes: ['rpm', 'rpd', 'tpm', 'tpd', 'itpm', 'otpm', 'depth'],
  guessed: minuteBucket,
  terms: ({ rpm, rpd, tpm, tpd, itpm, otpm, depth }) => {
    const rules = tokens(whole, { settle: whole })
    return [
      ...where(rpm, (rpm) => term('requests', bucket(rpm, depth))),
      ...where(tpm, (tpm) => term('tokens', bucket(tpm, depth), { tokens: rules })),
      ...where(itpm, (itpm) => term('input-tokens', bucket(itpm, depth), { tokens: tokens(input) })),
      ...where(otpm, (otpm) =>
        term('output-tokens', bucket(otpm, depth), { tokens: tokens(output, { settle: output }) }),
      ),
      ...where(rpd, (rpd) => term('requests', window(rpd, dayMs))),
      ...where(tpd, (tpd) => term('tokens', window(tpd, dayMs), { tokens: rules })),
    ]
  },
}

/** Max_tokens is held against output before the call and the difference given back. */
const databricks: QuotaPreset = {
  source: 'Azure Databricks, Foundation Model APIs limits and quotas, as read in November 2026',
  needs: [['itpm', 'otpm']],
  takes: ['itpm', 'otpm', 'rph', 'window', 'expectedOutput'],
  published: () => ({ window: minuteMs, expectedOutput: 1000 }),
  terms: ({ itpm, otpm, rph, window: windowMs, expectedOutput }) => {
    const perWindow = (perMinute: number): MeterTerms =>
      sliding((perMinute * windowMs!) / minuteMs, windowMs!)
    return [
      ...where(itpm, (itpm) => term('input-tokens', perWindow(itpm), { tokens: tokens(input) })),
      ...where(otpm, (otpm) =>
        term('output-tokens', perWindow(otpm), {
          tokens: tokens(output, { expectedTokens: expectedOutput!, settle: output }),
        }),
      ),
      ...where(rph, (rph) => term('requests', sliding(rph, hourMs))),
    ]
  },
}

/** By itself vLLM queues without end; a limit is the gateway's. Calls that wait for a slot count, in `kvTokens` too. */
const vllm: QuotaPreset = {
  source:
    'vLLM, engine arguments: max_num_seqs by default, GPUs below 70 GiB and A100, as read in November 2026',
  needs: [['queue', 'kvTokens']],
  takes: ['slots', 'queue', 'kvTokens', 'retryAfter', 'expectedOutput'],
  published: () => ({ slots: 256 }),
  guessed: (_, model) => ({ retryAfter: 1000, expectedOutput: model.outputTokens }),
  terms: ({ slots, queue, kvTokens, retryAfter, expectedOutput }) => {
    const held = (limit: number): MeterTerms => ({ kind: 'in-flight', limit, retryAfterMs: retryAfter! })
    return [
      ...where(queue, (queue) => term('requests', held(slots! + queue))),
      ...where(kvTokens, (kvTokens) =>
        term('tokens', held(kvTokens), {
          tokens: tokens(
            { input: 1, cached: 0, output: 1 },
            { outputBasis: 'expected', expectedTokens: expectedOutput! },
          ),
        }),
      ),
    ]
  },
}

/** What `quota: { like: ... }` may name. */
export const quotaPresets = {
  'azure-ptu': azurePtu,
  'azure-standard': azureStandard,
  'vertex-gsu': vertexGsu,
  bedrock,
  'bedrock-mantle': bedrockMantle,
  openai,
  'anthropic-start': anthropic(1000, 2e6, 400e3),
  'anthropic-scale': anthropic(10_000, 10e6, 2e6),
  gemini,
  groq,
  databricks,
  vllm,
} as const satisfies Readonly<Record<string, QuotaPreset>>

export type QuotaPresetName = keyof typeof quotaPresets

export const quotaPresetNames = Object.keys(quotaPresets) as [QuotaPresetName, ...QuotaPresetName[]]

/** What is written, with what is published and what had to be assumed filled in. */
export function filledNumbers(
  name: QuotaPresetName,
  written: QuotaNumbers,
  model: QuotaModel,
): { numbers: QuotaNumbers; published: readonly QuotaKey[]; guessed: readonly QuotaKey[] } {
  const preset: QuotaPreset = quotaPresets[name]
  const numbers: Record<string, unknown> = { ...written }
  const fill = (values: QuotaNumbers | undefined): QuotaKey[] =>
    (Object.entries(values ?? {}) as [QuotaKey, unknown][]).flatMap(([key, value]) => {
      if (numbers[key] !== undefined) return []
      numbers[key] = value
      return [key]
    })
  const published = fill(preset.published?.(written, model))
  const guessed = fill(preset.guessed?.(numbers, model))
  return { numbers, published, guessed }
}
