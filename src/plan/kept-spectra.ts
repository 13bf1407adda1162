import type { Distribution } from '../stats/distribution.ts'
import { atLeastZero } from './discrete.ts'
import { type Spectrum, spectrumOf } from './fourier.ts'
import { type Grid, massesOf, pointSpectrum } from './grid.ts'

/** The transform made of a distribution under a name: made once for each grid, and never written to. */
export type Kept = (of: Distribution, name: string, make: () => Spectrum) => Spectrum

const memory = new WeakMap<Distribution, Map<string, Spectrum>>()

/** Transforms are kept with the distribution they are made of, so that changed workloads share what did not change. */
export function keptSpectra(grid: Grid): Kept {
  return (of, name, make) => {
    let spectra = memory.get(of)
    if (!spectra) memory.set(of, (spectra = new Map()))
    const key = `${grid.stepMs} ${name}`
    let spectrum = spectra.get(key)
    if (!spectrum) spectra.set(key, (spectrum = make()))
    return spectrum
  }
}

/** The law of `max(0, draw)`. */
export function lawSpectrum(kept: Kept, grid: Grid, distribution: Distribution): Spectrum {
  return kept(distribution, 'law', () =>
    distribution.variance === 0
      ? pointSpectrum(grid, distribution.mean)
      : spectrumOf(massesOf(grid, distribution, atLeastZero)),
  )
}

const numbers = new WeakMap<Distribution, number>()
let last = 0

/** A number that no other distribution has: what a name says of a second distribution. */
export function numberOf(distribution: Distribution): number {
  let number = numbers.get(distribution)
  if (number === undefined) numbers.set(distribution, (number = ++last))
  return number
}
