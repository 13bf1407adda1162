import { normalQuantile } from './normal-quantile.ts'

/** ln Γ(x) for x > 0 to about 15 digits: Lanczos, g = 7, n = 9. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const z = x - 1
  let sum = lanczos[0]!
  for (let i = 1; i < lanczos.length; i++) sum += lanczos[i]! / (z + i)
  const t = z + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum)
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/**
 * The smaller of P(a, x) and Q(a, x) = 1 − P(a, x), the regularised incomplete gamma functions: a series below
 * x = a + 1, Lentz's continued fraction above (Press et al., Numerical Recipes, §6.2).
 */
function incompleteGamma(a: number, x: number, logGammaA: number): { of: 'lower' | 'upper'; value: number } {
  if (x <= 0) return { of: 'lower', value: 0 }
  const scale = Math.exp(a * Math.log(x) - x - logGammaA)
  return x < a + 1
    ? { of: 'lower', value: scale * lowerSeries(a, x) }
    : { of: 'upper', value: scale * upperFraction(a, x) }
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; n < 10_000; n++) {
    term *= x / (a + n)
    sum += term
    if (term < sum * 1e-17) break
  }
  return sum
}

function upperFraction(a: number, x: number): number {
  const tiny = 1e-300
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let h = d
  for (let n = 1; n < 10_000; n++) {
    const an = -n * (n - a)
    b += 2
    d = 1 / (an * d + b || tiny)
    c = b + an / c || tiny
    const delta = c * d
    h *= delta
    if (Math.abs(delta - 1) < 1e-16) break
  }
  return h
}

/** P(a, x): the share of a gamma distribution of shape `a` and scale 1 that lies below `x`. */
export function lowerGamma(a: number, x: number): number {
  const { of, value } = incompleteGamma(a, x, logGamma(a))
  return of === 'lower' ? value : 1 - value
}

/**
 * The x with P(a, x) = p: Newton steps on ln x, kept inside a bracket that shrinks with every step. Starts from
 * Wilson and Hilferty (1931), or from the leading term of the series where the density is unbounded at zero.
 */
export function inverseLowerGamma(a: number, p: number, logGammaA: number = logGamma(a)): number {
  if (!(p > 0)) return 0
  if (p >= 1) return Infinity
  let low = 0
  let high = Infinity
  let x = startOf(a, p, logGammaA)
  for (let i = 0; i < 200; i++) {
    if (!(x > 0)) return 0
    const { of, value } = incompleteGamma(a, x, logGammaA)
    const error = of === 'lower' ? value - p : 1 - p - value
    if (error > 0) high = x
    else low = x
    const slope = Math.exp(a * Math.log(x) - x - logGammaA)
    let next = x * Math.exp(-error / slope)
    if (!(next > low && next < high)) next = high === Infinity ? x * 2 : (low + high) / 2
    if (Math.abs(next - x) <= 1e-14 * x) return next
    x = next
  }
  return x
}

function startOf(a: number, p: number, logGammaA: number): number {
  const small = Math.exp((Math.log(p) + Math.log(a) + logGammaA) / a)
  if (small < 0.1 * (a + 1)) return small
  const cube = 1 - 1 / (9 * a) + normalQuantile(p) / (3 * Math.sqrt(a))
  return cube > 0.1 ? a * cube ** 3 : small
}
