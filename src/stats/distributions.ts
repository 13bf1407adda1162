import type { Distribution } from './distribution.ts'
import { inverseLowerGamma, logGamma } from './incomplete-gamma.ts'
import { normalQuantile } from './normal-quantile.ts'

// Every constructor takes an optional last `text`: the words of the workload file, units included, since a
// distribution itself knows no unit. Without it `toString` writes bare numbers.

/** Knows its own words. */
class Worded {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  toString(): string {
    return this.#text
  }
}

class Constant extends Worded implements Distribution {
  readonly isSmooth = false
  readonly mean: number
  readonly variance = 0
  constructor(value: number, text: string) {
    super(text)
    this.mean = value
  }
  quantile(_p: number): number {
    return this.mean
  }
}

class Exponential extends Worded implements Distribution {
  readonly isSmooth = true
  readonly mean: number
  readonly variance: number
  constructor(mean: number, text: string) {
    super(text)
    this.mean = mean
    this.variance = mean * mean
  }
  quantile(p: number): number {
    return -this.mean * Math.log1p(-p)
  }
}

class Lognormal extends Worded implements Distribution {
  readonly isSmooth = true
  readonly mean: number
  readonly variance: number
  readonly #mu: number
  readonly #sigma: number
  constructor(mu: number, sigma: number, text: string) {
    super(text)
    this.mean = Math.exp(mu + (sigma * sigma) / 2)
    this.variance = Math.expm1(sigma * sigma) * this.mean * this.mean
    this.#mu = mu
    this.#sigma = sigma
  }
  quantile(p: number): number {
    return Math.exp(this.#mu + this.#sigma * normalQuantile(p))
  }
}

class Gamma extends Worded implements Distribution {
  readonly isSmooth = true
  readonly mean: number
  readonly variance: number
  readonly #shape: number
  readonly #scale: number
  readonly #logGammaShape: number
  constructor(mean: number, cv: number, text: string) {
    super(text)
    this.mean = mean
    this.variance = (mean * cv) ** 2
    this.#shape = 1 / (cv * cv)
    this.#scale = mean * cv * cv
    this.#logGammaShape = logGamma(this.#shape)
  }
  quantile(p: number): number {
    return this.#scale * inverseLowerGamma(this.#shape, p, this.#logGammaShape)
  }
}

class Geometric extends Worded implements Distribution {
  readonly isSmooth = false
  readonly mean: number
  readonly variance: number
  readonly #logFailure: number
  constructor(mean: number, text: string) {
    super(text)
    this.mean = mean
    this.variance = mean * (mean - 1)
    this.#logFailure = Math.log1p(-1 / mean)
  }
  quantile(p: number): number {
    return Math.max(1, Math.ceil(Math.log1p(-p) / this.#logFailure))
  }
}

class Uniform extends Worded implements Distribution {
  readonly isSmooth = false
  readonly mean: number
  readonly variance: number
  readonly #low: number
  readonly #high: number
  constructor(low: number, high: number, text: string) {
    super(text)
    this.mean = (low + high) / 2
    this.variance = (high - low) ** 2 / 12
    this.#low = low
    this.#high = high
  }
  quantile(p: number): number {
    return this.#low + p * (this.#high - this.#low)
  }
}

class Empirical extends Worded implements Distribution {
  readonly isSmooth = false
  readonly mean: number
  readonly variance: number
  /** Ascending, with the share of draws at or below each. */
  readonly #values: Float64Array
  readonly #cumulative: Float64Array
  constructor(points: readonly SharedValue[], text: string) {
    super(text)
    const sorted = [...points].sort((a, b) => a.value - b.value)
    const total = sorted.reduce((sum, { share }) => sum + share, 0)
    this.#values = Float64Array.from(sorted, ({ value }) => value)
    let sum = 0
    this.#cumulative = Float64Array.from(sorted, ({ share }) => (sum += share) / total)
    this.mean = sorted.reduce((mean, { value, share }) => mean + (value * share) / total, 0)
    this.variance = sorted.reduce(
      (sum, { value, share }) => sum + ((value - this.mean) ** 2 * share) / total,
      0,
    )
  }
  quantile(p: number): number {
    let low = 0
    let high = this.#values.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#cumulative[middle]! < p) low = middle + 1
      else high = middle
    }
    return this.#values[low]!
  }
}

class Scaled extends Worded implements Distribution {
  readonly isSmooth: boolean
  readonly mean: number
  readonly variance: number
  readonly #of: Distribution
  readonly #factor: number
  constructor(of: Distribution, factor: number, text: string) {
    super(text)
    this.mean = of.mean * factor
    this.variance = of.variance * factor * factor
    this.isSmooth = of.isSmooth
    this.#of = of
    this.#factor = factor
  }
  quantile(p: number): number {
    return this.#of.quantile(p) * this.#factor
  }
}

/** One value of an empirical distribution; shares need not add to 1, their ratios count. */
export interface SharedValue {
  readonly value: number
  readonly share: number
}

/** Always `value`. */
export function constant(value: number, text: string = String(value)): Distribution {
  demand(Number.isFinite(value), 'a finite value', value)
  return new Constant(value, text)
}

/** Exponential with the given mean. */
export function exponential(mean: number, text: string = `exponential(mean ${mean})`): Distribution {
  demand(mean >= 0 && mean < Infinity, 'a mean of at least 0', mean)
  return new Exponential(mean, text)
}

/** Lognormal by its mean and coefficient of variation (standard deviation over mean). */
export function lognormal(mean: number, cv: number, text = `lognormal(mean ${mean} cv ${cv})`): Distribution {
  demandMoments(mean, cv)
  if (mean === 0 || cv === 0) return new Constant(mean, text)
  const sigma = Math.sqrt(Math.log1p(cv * cv))
  return new Lognormal(Math.log(mean) - (sigma * sigma) / 2, sigma, text)
}

/** Lognormal by its median and its 95th percentile. */
export function lognormalOfQuantiles(
  p50: number,
  p95: number,
  text = `lognormal(p50 ${p50} p95 ${p95})`,
): Distribution {
  demand(p50 > 0 && p50 < Infinity, 'a p50 above 0', p50)
  demand(p95 >= p50 && p95 < Infinity, 'a p95 of at least p50', p95)
  return new Lognormal(Math.log(p50), Math.log(p95 / p50) / normalQuantile(0.95), text)
}

/** Gamma by its mean and coefficient of variation; cv 1 is the exponential. */
export function gamma(mean: number, cv: number, text = `gamma(mean ${mean} cv ${cv})`): Distribution {
  demandMoments(mean, cv)
  return mean === 0 || cv === 0 ? new Constant(mean, text) : new Gamma(mean, cv, text)
}

/** Geometric on 1, 2, 3, ...: tries until the first success. */
export function geometric(mean: number, text = `geometric(mean ${mean})`): Distribution {
  demand(mean >= 1 && mean < Infinity, 'a mean of at least 1', mean)
  return mean === 1 ? new Constant(1, text) : new Geometric(mean, text)
}

/** Uniform between `low` and `high`. */
export function uniform(low: number, high: number, text = `uniform(${low} ${high})`): Distribution {
  demand(Number.isFinite(low), 'a finite lower end', low)
  demand(high >= low && high < Infinity, 'an upper end not below the lower', high)
  return new Uniform(low, high, text)
}

/** Discrete values with shares. */
export function empirical(points: readonly SharedValue[], text: string = wordsOf(points)): Distribution {
  demand(points.length > 0, 'at least one value', points.length)
  for (const { value, share } of points) {
    demand(Number.isFinite(value), 'finite values', value)
    demand(share >= 0 && share < Infinity, 'shares of at least 0', share)
  }
  const positive = points.filter(({ share }) => share > 0)
  demand(positive.length > 0, 'a share above 0', 0)
  return new Empirical(positive, text)
}

/** `distribution` in another unit: every draw times `factor`. */
export function scaled(
  distribution: Distribution,
  factor: number,
  text = `${factor} × ${String(distribution)}`,
): Distribution {
  demand(factor >= 0 && factor < Infinity, 'a factor of at least 0', factor)
  return new Scaled(distribution, factor, text)
}

function wordsOf(points: readonly SharedValue[]): string {
  return `{ ${points.map(({ value, share }) => `${value}: ${Number((share * 100).toPrecision(12))}%`).join(', ')} }`
}

function demandMoments(mean: number, cv: number): void {
  demand(mean >= 0 && mean < Infinity, 'a mean of at least 0', mean)
  demand(cv >= 0 && cv < Infinity, 'a cv of at least 0', cv)
}

function demand(holds: boolean, what: string, got: number): void {
  if (!holds) throw new RangeError(`a distribution needs ${what}, not ${got}`)
}
