import type { Distribution } from '../stats/distribution.ts'
import type { Uniforms } from './uniform.ts'

/** What one quantity comes to at each place of the world; one that is always the same costs no randomness. */
export class Draw {
  readonly #of: Distribution
  readonly #always: number
  readonly #varies: boolean
  readonly #uniforms: Uniforms
  readonly #purpose: number

  constructor(of: Distribution, uniforms: Uniforms, purpose: number) {
    this.#of = of
    this.#always = of.mean
    this.#varies = of.variance !== 0
    this.#uniforms = uniforms
    this.#purpose = purpose
  }

  at(session: number, turn: number, step: number, attempt: number): number {
    if (!this.#varies) return this.#always
    return this.#of.quantile(this.#uniforms.at(session, turn, step, attempt, this.#purpose))
  }

  /** Not below zero. */
  positive(session: number, turn: number, step: number, attempt: number): number {
    const value = this.at(session, turn, step, attempt)
    return value > 0 ? value : 0
  }

  /** Rounded, and at least `low`. */
  whole(low: number, session: number, turn: number, step: number): number {
    return Math.max(low, Math.round(this.at(session, turn, step, 0)))
  }
}
