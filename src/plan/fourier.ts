/** Complex values, real and imaginary parts apart. */
export interface Spectrum {
  readonly re: Float64Array
  readonly im: Float64Array
}

/** In-place radix-2 fast Fourier transform (Cooley, Tukey 1965); the length is a power of two. */
export function transform({ re, im }: Spectrum, inverse = false): void {
  const n = re.length
  reorder(re, im)
  const { cosine, sine } = rootsOf(n)
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2
    const stride = n / size
    for (let k = 0; k < half; k++) {
      const c = cosine[k * stride]!
      const s = inverse ? sine[k * stride]! : -sine[k * stride]!
      for (let i = k; i < n; i += size) {
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

const roots = new Map<number, { cosine: Float64Array; sine: Float64Array }>()

/** Cosines and sines of 2πk ÷ n, made once for each length. */
export function rootsOf(n: number): { cosine: Float64Array; sine: Float64Array } {
  let table = roots.get(n)
  if (!table) {
    const angles = Float64Array.from({ length: n }, (_, k) => (2 * Math.PI * k) / n)
    roots.set(n, (table = { cosine: angles.map(Math.cos), sine: angles.map(Math.sin) }))
  }
  return table
}

function reorder(re: Float64Array, im: Float64Array): void {
  const n = re.length
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1
    for (; j & bit; bit >>= 1) j ^= bit
    j ^= bit
    if (i < j) {
      ;[re[i], re[j]] = [re[j]!, re[i]!]
      ;[im[i], im[j]] = [im[j]!, im[i]!]
    }
  }
}

export function spectrumOf(masses: Float64Array): Spectrum {
  const spectrum = { re: masses.slice(), im: new Float64Array(masses.length) }
  transform(spectrum)
  return spectrum
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

export function copyOf(a: Spectrum): Spectrum {
  return { re: a.re.slice(), im: a.im.slice() }
}

export function zeroSpectrum(length: number): Spectrum {
  return { re: new Float64Array(length), im: new Float64Array(length) }
}
