import type { Distribution } from '../stats/distribution.ts'
import {
  constant,
  empirical,
  exponential,
  gamma,
  geometric,
  lognormal,
  lognormalOfQuantiles,
  type SharedValue,
  uniform,
} from '../stats/distributions.ts'
import { Mistake } from './mistake.ts'
import { didYouMean } from './nearest.ts'
import type { InstantUnit } from './parse-instant.ts'
import { durationUnit, type QuantityUnit, readShare } from './quantity.ts'
import { readHanded } from './read-handed.ts'
import { formatPercent } from './units.ts'

/**
 * Values of a trace's column, handed over by whoever may read files: amounts, or instants in milliseconds, which may
 * be written as timestamps or as plain numbers of `unit`; or flags, 1 for yes and 0 for no.
 */
export type Traces = (
  file: string,
  column: string,
  kind: 'amount' | 'instant' | 'flag',
  unit?: InstantUnit,
) => readonly number[]

/**
 * Reads a distribution in the words of the workload file. Its own words are canonical: two spellings of one
 * distribution become the same text. Throws a `Mistake`.
 */
export function parseDistribution(value: unknown, unit: QuantityUnit, traces?: Traces): Distribution {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return sharesOf(value as Record<string, unknown>, unit)
  const call = typeof value === 'string' ? /^\s*([a-zA-Z]\w*)\s*\((.*)\)\s*$/.exec(value) : null
  if (!call) {
    const amount = unit.read(value)
    return constant(amount, unit.format(amount))
  }
  const [, name, inside] = call as unknown as [string, string, string]
  if (!Object.hasOwn(forms, name))
    throw new Mistake(
      'bad_distribution',
      `${name} is not a distribution`,
      didYouMean(name, Object.keys(forms)),
    )
  const words = inside.split(/[\s,]+/).filter((word) => word !== '')
  const distribution = forms[name]!(new Words(name, words, unit), traces)
  if (Number.isFinite(distribution.mean) && Number.isFinite(distribution.variance)) return distribution
  throw new Mistake('bad_distribution', `${String(distribution)} is too wide to have a mean or a variance`)
}

type Form = (words: Words, traces?: Traces) => Distribution

const forms: Readonly<Record<string, Form>> = {
  exponential(words) {
    const { mean } = words.named({ mean: 'amount' })
    return exponential(mean, `exponential(mean ${words.unit.format(mean)})`)
  },
  lognormal(words) {
    const { unit } = words
    if (words.has('p50')) {
      const { p50, p95 } = words.named({ p50: 'amount', p95: 'amount' })
      if (!(p50 > 0 && p95 >= p50))
        throw new Mistake('bad_distribution', `${words.text} needs 0 < p50 ≤ p95`, words.example)
      return lognormalOfQuantiles(p50, p95, `lognormal(p50 ${unit.format(p50)} p95 ${unit.format(p95)})`)
    }
    const { mean, cv } = words.named({ mean: 'amount', cv: 'number' })
    return lognormal(mean, cv, `lognormal(mean ${unit.format(mean)} cv ${cv})`)
  },
  gamma(words) {
    const { mean, cv } = words.named({ mean: 'amount', cv: 'number' })
    return gamma(mean, cv, `gamma(mean ${words.unit.format(mean)} cv ${cv})`)
  },
  geometric(words) {
    if (words.unit === durationUnit)
      throw new Mistake(
        'bad_distribution',
        'geometric counts things, it is no duration',
        'exponential(mean 5s) is',
      )
    const { mean } = words.named({ mean: 'amount' })
    if (mean < 1)
      throw new Mistake(
        'bad_distribution',
        `${words.text} counts from 1, its mean is at least 1`,
        words.example,
      )
    return geometric(mean, `geometric(mean ${words.unit.format(mean)})`)
  },
  uniform(words) {
    const [low, high] = words.positional(2).map((word) => words.unit.read(word)) as [number, number]
    if (high < low) throw new Mistake('bad_distribution', `${words.text} ends below its start`, words.example)
    return uniform(low, high, `uniform(${words.unit.format(low)} ${words.unit.format(high)})`)
  },
  trace(words, traces) {
    const [file, column] = words.positional(2) as [string, string]
    return traceOf(traces, file, column)
  },
}

const examples: Readonly<Record<string, readonly [duration: string, size: string]>> = {
  exponential: ['exponential(mean 30s)', 'exponential(mean 120)'],
  lognormal: ['lognormal(mean 45s cv 0.8) or lognormal(p50 400ms p95 1.2s)', 'lognormal(mean 120 cv 0.6)'],
  gamma: ['gamma(mean 3s cv 2)', 'gamma(mean 120 cv 2)'],
  geometric: ['geometric(mean 5)', 'geometric(mean 5)'],
  uniform: ['uniform(2s 5s)', 'uniform(100 200)'],
  trace: ['trace(turns.csv think)', 'trace(calls.csv output)'],
}

/** The words between the brackets of a distribution. */
class Words {
  readonly unit: QuantityUnit
  readonly #name: string
  readonly #words: readonly string[]

  constructor(name: string, words: readonly string[], unit: QuantityUnit) {
    this.#name = name
    this.#words = words
    this.unit = unit
  }

  get text(): string {
    return `${this.#name}(${this.#words.join(' ')})`
  }

  get example(): string {
    return `such as ${examples[this.#name]![this.unit === durationUnit ? 0 : 1]}`
  }

  has(name: string): boolean {
    return this.#words.includes(name)
  }

  positional(count: number): readonly string[] {
    if (this.#words.length !== count)
      throw new Mistake('bad_distribution', `${this.text} should hold ${count} words`, this.example)
    return this.#words
  }

  named<T extends Readonly<Record<string, 'amount' | 'number'>>>(kinds: T): Record<keyof T, number> {
    const found: Record<string, number> = {}
    for (let i = 0; i < this.#words.length; i += 2) {
      const name = this.#words[i]!
      const value = this.#words[i + 1]
      if (!Object.hasOwn(kinds, name) || Object.hasOwn(found, name) || value === undefined)
        throw new Mistake('bad_distribution', `${this.text}: ${name} is not understood`, this.example)
      found[name] = kinds[name] === 'amount' ? this.unit.read(value) : plainNumber(value, this)
    }
    const missing = Object.keys(kinds).filter((name) => !Object.hasOwn(found, name))
    if (missing.length > 0)
      throw new Mistake('bad_distribution', `${this.text} lacks ${missing.join(' and ')}`, this.example)
    return found as Record<keyof T, number>
  }
}

function plainNumber(text: string, words: Words): number {
  const value = Number(text)
  if (!(value >= 0 && value < Infinity))
    throw new Mistake(
      'bad_distribution',
      `${words.text}: ${text} is not a number of at least 0`,
      words.example,
    )
  return value
}

/** `{ 1: 50%, 2: 30%, 5: 20% }`. */
function sharesOf(map: Readonly<Record<string, unknown>>, unit: QuantityUnit): Distribution {
  const points = Object.entries(map).map(([key, share]) => ({
    value: unit.read(key),
    share: readShare(share),
  }))
  const total = points.reduce((sum, { share }) => sum + share, 0)
  if (points.length === 0 || Math.abs(total - 1) > 1e-9) {
    const percent = Number((total * 100).toPrecision(6))
    throw new Mistake(
      'bad_distribution',
      `shares add up to ${percent} %, not 100 %`,
      `such as ${unit.shares}`,
    )
  }
  points.sort((a, b) => a.value - b.value)
  const words = points.map(({ value, share }) => `${unit.format(value)}: ${formatPercent(share)}`)
  return empirical(points, `{ ${words.join(', ')} }`)
}

function traceOf(traces: Traces | undefined, file: string, column: string): Distribution {
  const points: SharedValue[] = readTrace(traces, file, column, 'amount').map((value) => ({
    value,
    share: 1,
  }))
  if (points.length === 0)
    throw new Mistake('missing_trace', `trace ${file} has no value in column ${column}`)
  const bad = points.find(({ value }) => !(value >= 0 && value < Infinity))
  if (bad)
    throw new Mistake('missing_trace', `trace ${file}, column ${column}: ${bad.value} is not at least 0`)
  return empirical(points, `trace(${file} ${column})`)
}

/** The values of a trace's column, as `Traces` answers them. Throws a `Mistake`. */
export function readTrace(
  traces: Traces | undefined,
  file: string,
  column: string,
  kind: 'amount' | 'instant' | 'flag',
  unit?: InstantUnit,
): readonly number[] {
  return readHanded(
    { option: 'traces', missing: `the values of trace(${file} ${column}) were not handed over` },
    traces && (() => traces(file, column, kind, unit)),
  )
}
