/** How one number of a plan came about. */
export interface Derivation {
  /** The number's name in the output: `turns/s`, `utilisation of agent slots`. */
  readonly figure: string
  readonly formula: string
  readonly inputs: readonly DerivationInput[]
  readonly result: number
  readonly unit: string
  /** The publication, or where in the file or the price list it comes from. */
  readonly source: string
  /** The formula holds for this workload without approximation; rounding on a grid aside. */
  readonly exact: boolean
}

export interface DerivationInput {
  readonly name: string
  readonly value: number
  readonly unit: string
}
