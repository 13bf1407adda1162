// What one unit of provisioned throughput carries, by model id. Published figures; they change, hence the dates.

export interface ProvisionedUnit {
  /** Normalised input tokens a minute that one unit carries. */
  readonly inputPerMinute: number
  /** Input tokens that one output token counts for. */
  readonly outputWeight: number
  /** Input tokens that one cached input token counts for. */
  readonly cachedWeight: number
}

/** Units are bought from `least` on, in steps. */
export interface UnitSteps {
  readonly least: number
  readonly step: number
}

/** The next number of units that is sold; none are needed where nothing is asked. */
export function soldUnits(units: number, { least, step }: UnitSteps): number {
  if (units <= 0) return 0
  // 110.00000000000001 is 110.
  const steps = Math.ceil((units - least) / step - 1e-9)
  return least + Math.max(0, steps) * step
}

export interface PtuModel extends ProvisionedUnit {
  /** Global and Data Zone deployments. */
  readonly zone: UnitSteps
  readonly regional: UnitSteps
}

/** Title and date of the source. */
export const azurePtuSource =
  'Microsoft Foundry, Determine PTU requirements for a workload, and Provisioned throughput sizing, 21 May 2026'

/** Global and Data Zone deployments of most models. */
export const azurePtuZone: UnitSteps = { least: 15, step: 5 }
const fifty: UnitSteps = { least: 50, step: 50 }
const twentyFive: UnitSteps = { least: 25, step: 25 }

const ptu = (inputPerMinute: number, outputWeight: number, regional: UnitSteps): PtuModel => ({
  inputPerMinute,
  outputWeight,
  cachedWeight: 0,
  zone: azurePtuZone,
  regional,
})

export const azurePtuModels: Readonly<Record<string, PtuModel>> = {
  'gpt-5.5': ptu(1200, 6, fifty),
  'gpt-5.4': ptu(2400, 6, fifty),
  'gpt-5.3-codex': ptu(3400, 8, fifty),
  'gpt-5.2': ptu(3400, 8, fifty),
  'gpt-5.1': ptu(4750, 8, fifty),
  'gpt-5': ptu(4750, 8, fifty),
  'gpt-5-mini': ptu(23_750, 8, twentyFive),
  'gpt-4.1': ptu(3000, 4, fifty),
  'gpt-4.1-mini': ptu(14_900, 4, twentyFive),
  'gpt-4.1-nano': ptu(59_400, 4, twentyFive),
  o3: ptu(3000, 4, fifty),
  'o4-mini': ptu(5400, 4, twentyFive),
  'gpt-4o': ptu(2500, 4, fifty),
  'gpt-4o-mini': ptu(37_000, 4, twentyFive),
  'Llama-3.3-70B': {
    ...ptu(8450, 4, { least: 100, step: 100 }),
    zone: { least: 100, step: 100 },
  },
  'DeepSeek-R1': { ...ptu(4000, 4, { least: 100, step: 100 }), zone: { least: 100, step: 100 } },
  'DeepSeek-V3': { ...ptu(4000, 4, { least: 100, step: 100 }), zone: { least: 100, step: 100 } },
}

export interface GsuModel extends ProvisionedUnit {
  readonly least: number
  /** Calls with a longer input weigh more. */
  readonly long?: LongInput
}

/** What tokens of calls with more input than `above` weigh; from the cache a tenth of other input, as in short ones. */
export interface LongInput {
  readonly above: number
  readonly inputWeight: number
  readonly outputWeight: number
}

const above200k = (inputWeight: number, outputWeight: number): Pick<GsuModel, 'long'> => ({
  long: { above: 200_000, inputWeight, outputWeight },
})

export const vertexGsuSource =
  'Google Cloud, Provisioned Throughput: use, and supported models, as read in November 2026'

const gsu = (perSecond: number, outputWeight: number, least = 1): GsuModel => ({
  inputPerMinute: perSecond * 60,
  outputWeight,
  cachedWeight: 0.1,
  least,
})

/** Some models weigh more from 200k tokens of input on. */
export const vertexGsuModels: Readonly<Record<string, GsuModel>> = {
  'gemini-3.5-flash': gsu(675, 6),
  'gemini-3.1-flash-lite': gsu(4030, 6),
  'gemini-3.1-pro': { ...gsu(500, 6), ...above200k(2, 9) },
  'gemini-3-flash': gsu(2015, 6),
  'gemini-2.5-pro': { ...gsu(650, 8), ...above200k(2, 12) },
  'gemini-2.5-flash': gsu(2690, 9),
  'gemini-2.5-flash-lite': gsu(8070, 4),
  'claude-sonnet-5': gsu(350, 5, 25),
  'claude-sonnet-4-6': gsu(350, 5, 25),
  'claude-sonnet-4-5': gsu(350, 5, 25),
  'claude-opus-4-8': gsu(210, 5, 35),
  'claude-opus-4-7': gsu(210, 5, 35),
  'claude-opus-4-6': gsu(210, 5, 35),
  'claude-opus-4-5': gsu(210, 5, 35),
  'claude-haiku-4-5': gsu(1050, 5, 8),
}

/** The window over which Vertex counts, by its size: the longest that is published for it, since it differs by model. */
export function vertexWindowMs(units: number): number {
  if (units <= 3) return 120_000
  return units < 50 ? 30_000 : 5000
}

/** Requests a minute that come with each token a minute of an Azure standard deployment, by model id. */
export const azureStandardRequests: Readonly<Record<string, number>> = {
  'gpt-4o': 6 / 1000,
  'gpt-4o-mini': 6 / 1000,
  'gpt-4.1': 6 / 1000,
  'gpt-4.1-mini': 6 / 1000,
  'gpt-4.1-nano': 6 / 1000,
  o1: 1 / 6000,
  o3: 1 / 1000,
  'o4-mini': 1 / 1000,
  'o3-mini': 1 / 10_000,
  'o1-mini': 1 / 10_000,
  'o3-pro': 1 / 10_000,
}
