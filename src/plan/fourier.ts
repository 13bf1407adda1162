/**
 * Complex values, real and imaginary parts apart. The spectrum of a law of `n` masses is its first n ÷ 2 + 1 values:
 * the others are their conjugates.
 */
export interface Spectrum {
  readonly re: Float64Array
  readonly im: Float64Array
}

/** In place, all `n` values: radix-2 fast Fourier transform (Cooley, Tukey 1965); the length is a power of two. */
export function transform({ re, im }: Spectrum, inverse = false): void {
  const n = re.length
  reorder(re, im)
  const { cosine, sine } = stagesOf(n)
  const sign = inverse ? 1 : -1
  for (let half = 1; half < n; half *= 2) {
    for (let start = 0; start < n; start += 2 * half) {
      for (let k = 0; k < half; k++) {
        // The roots of a stage lie together, those of stage `half` from `half` on.
        const c = cosine[half + k]!
        const s = sign * sine[half + k]!
        const i = start + k
        const j = i + half
        const x = re[j]! * c - im[j]! * s
        const y = re[j]! * s + im[j]! * c
        re[j] = re[i]! - x
        im[j] = im[i]! - y
        re[i]! += x
        im[i]! += y
      }
    }
  }
  if (!inverse) return
  for (let i = 0; i < n; i++) {
    re[i]! /= n
    im[i]! /= n
  }
}

interface Roots {
  readonly cosine: Float64Array
  readonly sine: Float64Array
}

const stages = new Map<number, Roots>()

function stagesOf(n: number): Roots {
  let table = stages.get(n)
  if (!table) {
    const all = rootsOf(n)
    table = { cosine: new Float64Array(n), sine: new Float64Array(n) }
    for (let half = 1; half < n; half *= 2)
      for (let k = 0; k < half; k++) {
        table.cosine[half + k] = all.cosine[(k * n) / (2 * half)]!
        table.sine[half + k] = all.sine[(k * n) / (2 * half)]!
      }
    stages.set(n, table)
  }
  return table
}

const roots = new Map<number, Roots>()

/** Cosines and sines of 2πk ÷ n, made once for each length. */
export function rootsOf(n: number): Roots {
  let table = roots.get(n)
  if (!table) {
    const angles = Float64Array.from({ length: n }, (_, k) => (2 * Math.PI * k) / n)
    roots.set(n, (table = { cosine: angles.map(Math.cos), sine: angles.map(Math.sin) }))
  }
  return table
}

const reversals = new Map<number, Uint32Array>()

/** The positions whose bits are those of `i` backwards, made once for each length. */
function reversalOf(n: number): Uint32Array {
  let table = reversals.get(n)
  if (!table) {
    table = new Uint32Array(n)
    for (let i = 1; i < n; i++) table[i] = (table[i >> 1]! >> 1) | (i & 1 ? n >> 1 : 0)
    reversals.set(n, table)
  }
  return table
}

function reorder(re: Float64Array, im: Float64Array): void {
  const reversal = reversalOf(re.length)
  for (let i = 1; i < re.length; i++) {
    const j = reversal[i]!
    if (i >= j) continue
    const x = re[i]!
    re[i] = re[j]!
    re[j] = x
    const y = im[i]!
    im[i] = im[j]!
    im[j] = y
  }
}

/** The Fourier transform of real masses, a power of two of them; of the conjugate pairs only the first half is kept. */
export function spectrumOf(masses: Float64Array): Spectrum {
  const all = { re: masses.slice(), im: new Float64Array(masses.length) }
  transform(all)
  const half = masses.length / 2 + 1
  return { re: all.re.slice(0, half), im: all.im.slice(0, half) }
}

/** What stands behind the spectra of two laws, by one transform: one as real part, the other as imaginary part. */
export function bothBehind(a: Spectrum, b: Spectrum): [Float64Array, Float64Array] {
  const half = a.re.length - 1
  const n = 2 * half
  const re = new Float64Array(n)
  const im = new Float64Array(n)
  for (let f = 0; f <= half; f++) {
    re[f] = a.re[f]! - b.im[f]!
    im[f] = a.im[f]! + b.re[f]!
    if (f === 0 || f === half) continue
    re[n - f] = a.re[f]! + b.im[f]!
    im[n - f] = b.re[f]! - a.im[f]!
  }
  transform({ re, im }, true)
  return [re, im]
}

/** Multiplies `a` by `b`, into `a`. */
export function multiplyBy(a: Spectrum, b: Spectrum): void {
  for (let i = 0; i < a.re.length; i++) {
    const re = a.re[i]! * b.re[i]! - a.im[i]! * b.im[i]!
    a.im[i] = a.re[i]! * b.im[i]! + a.im[i]! * b.re[i]!
    a.re[i] = re
  }
}

/** Adds `weight` × `b` to `a`. */
export function addTo(a: Spectrum, b: Spectrum, weight: number): void {
  for (let i = 0; i < a.re.length; i++) {
    a.re[i]! += weight * b.re[i]!
    a.im[i]! += weight * b.im[i]!
  }
}

/** A copy that may be changed. */
export function copyOf(a: Spectrum): Spectrum {
  return { re: a.re.slice(), im: a.im.slice() }
}

/** That of no mass at all, for laws of `length` masses. */
export function zeroSpectrum(length: number): Spectrum {
  return { re: new Float64Array(length / 2 + 1), im: new Float64Array(length / 2 + 1) }
}
