import type { Distribution } from '../stats/distribution.ts'

/** Probability of each whole number; `at[i]` is that of `from + i`. */
export interface Discrete {
  readonly from: number
  readonly at: readonly number[]
}

const longest = 10_000

/**
 * The distribution of `max(low, round(draw))`, exactly as sessions draw it: quantiles are monotone, so the
 * share of draws that round to at most k is found by bisection. The tail beyond 1e-9 is lumped into its first value.
 */
export function rounded(distribution: Distribution, low: number, high = Infinity): Discrete {
  let all = known.get(distribution)
  if (!all) known.set(distribution, (all = new Map()))
  const key = `${low} ${high}`
  let law = all.get(key)
  if (!law) all.set(key, (law = roundedNow(distribution, low, high)))
  return law
}

/** Changed workloads share the distributions that did not change. */
const known = new WeakMap<Distribution, Map<string, Discrete>>()

function roundedNow(distribution: Distribution, low: number, high: number): Discrete {
  const whole = (u: number): number => Math.min(high, Math.max(low, Math.round(distribution.quantile(u))))
  const from = whole(1e-12)
  const at: number[] = []
  let below = 0
  for (let k = from; below < 1 - 1e-9 && at.length < longest; k++) {
    const upTo = k >= high ? 1 : shareUpTo(whole, k)
    at.push(upTo - below)
    below = upTo
  }
  const last = at.length - 1
  at[last] = at[last]! + (1 - below)
  return { from, at }
}

function shareUpTo(whole: (u: number) => number, k: number): number {
  if (whole(1 - 1e-10) <= k) return 1
  let low = 0
  let high = 1
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (whole(middle) <= k) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Σ p(k) · value(k). */
export function expectation(discrete: Discrete, value: (k: number) => number): number {
  return discrete.at.reduce((sum, share, i) => sum + share * value(discrete.from + i), 0)
}

/** Mean and variance. */
export interface Moments {
  readonly mean: number
  readonly variance: number
}

/** Of a law over whole numbers, by summation. */
export function momentsOf(discrete: Discrete): Moments {
  const mean = expectation(discrete, (k) => k)
  return { mean, variance: expectation(discrete, (k) => (k - mean) ** 2) }
}

const nodes = 512

/** Moments of `map(draw)`, by the midpoint rule over 512 equal shares and a finer rule in the upper tail. */
export function momentsThrough(distribution: Distribution, map: (value: number) => number): Moments {
  let mean = 0
  let square = 0
  eachShare((u, share) => {
    const value = map(distribution.quantile(u))
    mean += share * value
    square += share * value * value
  })
  return { mean, variance: Math.max(0, square - mean * mean) }
}

/** Moments of `max(0, draw)`: the distribution's own where no draw is negative. */
export function nonNegative(distribution: Distribution): Moments {
  if (distribution.quantile(1e-12) >= 0) return { mean: distribution.mean, variance: distribution.variance }
  return momentsThrough(distribution, atLeastZero)
}

/** Calls `visit` with the middle and the size of shares that cover (0, 1), ever finer towards 1. */
export function eachShare(visit: (u: number, share: number) => void): void {
  const step = 1 / nodes
  for (let i = 0; i < nodes - 1; i++) visit((i + 0.5) * step, step)
  let rest = step
  for (let level = 0; level < 8; level++) {
    const cut = rest / 4
    const slice = (rest - cut) / 8
    for (let i = 0; i < 8; i++) visit(1 - rest + (i + 0.5) * slice, slice)
    rest = cut
  }
  visit(1 - rest / 2, rest)
}

/** Mean of the largest of `count` independent draws. */
export function meanOfLargest(distribution: Distribution, count: number): number {
  if (count <= 1) return nonNegative(distribution).mean
  let mean = 0
  eachShare((u, share) => {
    mean += share * atLeastZero(distribution.quantile(u ** (1 / count)))
  })
  return mean
}

/** Negative draws, of a normal distribution for example, count as 0; so does NaN. */
export const atLeastZero = (value: number): number => (value > 0 ? value : 0)
