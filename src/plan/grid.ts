import type { Dist } from '../result/summary.ts'
import type { Distribution } from '../stats/distribution.ts'
import { eachShare } from './discrete.ts'
import { bothBehind, multiplyBy, rootsOf, type Spectrum, zeroSpectrum } from './fourier.ts'

/** A time axis cut into `length` (a power of two) equal steps; a law of time is its masses on them. */
export interface Grid {
  readonly stepMs: number
  readonly length: number
}

/** Adds `share` at `ms`, split between the two neighbouring points so that the mean is kept exactly. */
export function addMass(grid: Grid, masses: Float64Array, ms: number, share: number): void {
  const at = Math.min(Math.max(0, ms / grid.stepMs), grid.length - 1)
  const below = Math.floor(at)
  const part = at - below
  masses[below]! += share * (1 - part)
  if (part > 0) masses[below + 1]! += share * part
}

/** The law of `map(draw)`. */
export function massesOf(
  grid: Grid,
  distribution: Distribution,
  map: (value: number) => number,
): Float64Array {
  const masses = new Float64Array(grid.length)
  if (distribution.variance === 0) addMass(grid, masses, map(distribution.mean), 1)
  else eachShare((u, share) => addMass(grid, masses, map(distribution.quantile(u)), share))
  return masses
}

/** The transform of all mass at `ms`, split like `addMass` does: two roots of unity at every frequency. */
export function pointSpectrum(grid: Grid, ms: number): Spectrum {
  const at = Math.min(Math.max(0, ms / grid.stepMs), grid.length - 1)
  const below = Math.floor(at)
  const part = at - below
  const { cosine, sine } = rootsOf(grid.length)
  const spectrum = zeroSpectrum(grid.length)
  for (let f = 0; f < spectrum.re.length; f++) {
    const i = (f * below) % grid.length
    const j = (i + f) % grid.length
    spectrum.re[f] = (1 - part) * cosine[i]! + part * cosine[j]!
    spectrum.im[f] = -(1 - part) * sine[i]! - part * sine[j]!
  }
  return spectrum
}

/** Adds a constant to the law behind `spectrum`. */
export function delayBy(spectrum: Spectrum, grid: Grid, ms: number): void {
  if (ms > 0) multiplyBy(spectrum, pointSpectrum(grid, ms))
}

/**
 * Adds a delay that comes with probability `share` and is then exponential: on the grid a geometric law with the
 * same mean, whose transform is (1 − r) ÷ (1 − r·z).
 */
export function delaySometimes(spectrum: Spectrum, grid: Grid, share: number, meanMs: number): void {
  if (!(share > 0 && meanMs > 0)) return
  const r = meanMs / (meanMs + grid.stepMs)
  const { re, im } = spectrum
  const { cosine, sine } = rootsOf(grid.length)
  for (let f = 0; f < re.length; f++) {
    const x = 1 - r * cosine[f]!
    const y = r * sine[f]!
    const scale = (share * (1 - r)) / (x * x + y * y)
    const a = 1 - share + scale * x
    const b = -scale * y
    const next = re[f]! * a - im[f]! * b
    im[f] = re[f]! * b + im[f]! * a
    re[f] = next
  }
}

/** The masses behind two spectra. */
export function massesBehind(a: Spectrum, b: Spectrum): [Float64Array, Float64Array] {
  const [first, second] = bothBehind(a, b)
  return [atLeastNothing(first), atLeastNothing(second)]
}

function atLeastNothing(masses: Float64Array): Float64Array {
  for (let i = 0; i < masses.length; i++) if (!(masses[i]! > 0)) masses[i] = 0
  return masses
}

/** The time below which a share `p` of the mass lies. */
export function gridQuantile(grid: Grid, masses: Float64Array, p: number): number {
  let below = 0
  for (let i = 0; i < masses.length; i++) {
    const upTo = below + masses[i]!
    if (upTo >= p) {
      const part = masses[i]! > 0 ? (p - below) / masses[i]! : 0
      return Math.max(0, (i - 0.5 + part) * grid.stepMs)
    }
    below = upTo
  }
  return grid.length * grid.stepMs
}

/** The percentiles that summaries tell; the mean is left to algebra. */
export function gridQuantiles(grid: Grid, masses: Float64Array): Omit<Dist, 'mean'> {
  const quantile = (p: number): number => gridQuantile(grid, masses, p)
  return { p50: quantile(0.5), p90: quantile(0.9), p95: quantile(0.95), p99: quantile(0.99) }
}

/** Share of the mass beyond `ms`. */
export function gridBeyond(grid: Grid, masses: Float64Array, ms: number): number {
  const at = ms / grid.stepMs + 0.5
  let beyond = 0
  for (let i = Math.max(0, Math.floor(at)); i < masses.length; i++)
    beyond += i < at - 1e-12 && i + 1 > at ? masses[i]! * (i + 1 - at) : masses[i]!
  return Math.min(1, beyond)
}
