/**
 * A random quantity with its moments and its inverse distribution function.
 * A draw is `quantile(u)` with one uniform `u` in (0, 1), so draws are monotone in `u` and two variants
 * of a model can share their randomness.
 */
export interface Distribution {
  readonly mean: number
  readonly variance: number
  /** Whether the quantile has no steps and costs logarithms or worse, so that a table of it is worth having. */
  readonly isSmooth: boolean
  /** The value below which a share `p` (0 < p < 1) of the draws lies. */
  quantile(p: number): number
  /** The same distribution in the words of the workload file, such as `lognormal(mean 45s cv 0.8)`. */
  toString(): string
}
