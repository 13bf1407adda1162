import type { Distribution } from '../stats/distribution.ts'
import { QuantileTable } from '../stats/quantile-table.ts'
import { uniformOf, type Uniforms } from './uniform.ts'

/** One quantity at each coordinate of the world; one that never varies is not drawn. */
export class Draw {
  readonly #of: Distribution
  readonly #varies: boolean
  readonly #always: number
  readonly #table: QuantileTable | undefined
  readonly #uniforms: Uniforms
  readonly #purpose: number
  readonly #canBeNegative: boolean

  constructor(of: Distribution, uniforms: Uniforms, purpose: number) {
    this.#of = of
    this.#varies = of.variance !== 0
    this.#always = of.mean
    this.#table = this.#varies && of.isSmooth ? QuantileTable.of(of) : undefined
    this.#uniforms = uniforms
    this.#purpose = purpose
    this.#canBeNegative = (this.#varies ? of.quantile(uniformOf(0)) : of.mean) < 0
  }

  at(session: number, turn: number, step: number, attempt: number): number {
    if (!this.#varies) return this.#always
    const bits = this.#uniforms.bitsAt(session, turn, step, attempt, this.#purpose)
    return this.#table ? this.#table.at(bits) : this.#of.quantile(uniformOf(bits))
  }

  /** Not below zero. */
  positive(session: number, turn: number, step: number, attempt: number): number {
    const value = this.at(session, turn, step, attempt)
    return value > 0 ? value : 0
  }

  /** `positive` into a place, for whoever draws millions a second: see `QuantileTable.write`. */
  write(
    into: Float64Array,
    place: number,
    session: number,
    turn: number,
    step: number,
    attempt: number,
  ): void {
    if (this.#table)
      this.#table.write(into, place, this.#uniforms.bitsAt(session, turn, step, attempt, this.#purpose))
    else into[place] = this.at(session, turn, step, attempt)
    // To read what was just written takes as long as the polynomial itself.
    if (this.#canBeNegative && into[place]! < 0) into[place] = 0
  }
}

/** A quantity that is drawn once a turn at most: by its quantile function, without a table. Never below zero. */
export class ExactDraw {
  readonly #of: Distribution
  readonly #varies: boolean
  /** Where it does not vary; begins as a number, as a number that is not whole would be an object in it. */
  #always = 0
  readonly #uniforms: Uniforms
  readonly #purpose: number

  constructor(of: Distribution, uniforms: Uniforms, purpose: number) {
    this.#of = of
    this.#varies = of.variance !== 0
    this.#always = Math.max(0, of.mean)
    this.#uniforms = uniforms
    this.#purpose = purpose
  }

  /** Adds what it comes to in a turn to a place. */
  addTo(into: Float64Array, place: number, session: number, turn: number): void {
    if (!this.#varies) {
      into[place]! += this.#always
      return
    }
    const bits = this.#uniforms.bitsAt(session, turn, 0, 0, this.#purpose)
    into[place]! += Math.max(0, this.#of.quantile(uniformOf(bits)))
  }
}

/** The nearest whole number, or `low` where that is more. */
export const wholeAtLeast = (low: number, value: number): number => Math.max(low, Math.round(value))

/** A quantity that comes in whole numbers of at least `low`, rounded. */
export class WholeDraw {
  readonly #draw: Draw
  readonly #low: number
  readonly #always: number
  readonly #value = new Float64Array(1)

  constructor(of: Distribution, low: number, uniforms: Uniforms, purpose: number) {
    this.#draw = new Draw(of, uniforms, purpose)
    this.#low = low
    this.#always = of.variance === 0 ? Math.max(low, Math.round(of.mean)) : NaN
  }

  at(session: number, turn: number, step: number): number {
    // NaN: differs from draw to draw.
    if (this.#always >= this.#low) return this.#always
    this.#draw.write(this.#value, 0, session, turn, step, 0)
    return Math.max(this.#low, Math.round(this.#value[0]!))
  }
}
