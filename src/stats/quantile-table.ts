import type { Distribution } from './distribution.ts'

/** Cells for each halving of the distance to the nearer end of the distribution, by the next three bits. */
const cells = 8
/** Nearer than this many halvings the bits of a draw do not fill a cell: one draw in 2^25. */
const mostHalvings = 25
/** Of the polynomial of each cell: few cells of a high degree fit the nearest cache where many of a low one do not. */
const degree = 5
/** From one polynomial to the next: a line of the cache. Its coefficients stand there, lowest first. */
const stride = 8
const unknown = -1
const notTabulated = -2
/** Of the value. */
const mostError = 1e-8
/** By node the polynomial that is 1 there and 0 at all other nodes (Lagrange). */
const bases = Array.from({ length: degree + 1 }, (_, node) => basis(node))

const tables = new WeakMap<Distribution, QuantileTable>()

/**
 * The quantile of a smooth distribution at the uniforms that 32 random bits make, many times quicker than by logarithm
 * and exponential: polynomials on cells that become finer towards both ends, so that the tails are as true as the middle.
 * Within 1e-8 of the value, as a rule 1e-10, below what 32 bits can tell. A function of the bits alone; cells are
 * filled when they are first asked for, a halving at a time, and one that polynomials do not fit stays exact.
 */
export class QuantileTable {
  readonly #of: Distribution
  /** By end and halving: where its cells begin. */
  readonly #from = new Int32Array(2 * (mostHalvings + 1)).fill(unknown)
  #polynomials = new Float64Array(0)
  readonly #value = new Float64Array(1)

  constructor(of: Distribution) {
    this.#of = of
  }

  /** The one table of a distribution: what one world has filled, the next one need not. */
  static of(distribution: Distribution): QuantileTable {
    const known = tables.get(distribution)
    if (known) return known
    const table = new QuantileTable(distribution)
    tables.set(distribution, table)
    return table
  }

  /** The value for the uniform `(bits + 0.5) / 2^32` of 32 bits, counted without their sign. */
  at(bits: number): number {
    this.write(this.#value, 0, bits)
    return this.#value[0]!
  }

  /** The same into a place: a number that is handed back is an object where the two are not compiled together. */
  write(into: Float64Array, place: number, bits: number): void {
    // Counted from the nearer end: the bits themselves in the lower half, what is left to 1 in the upper one.
    const isUpper = bits >>> 31
    const distance = (bits ^ -isUpper) >>> 0
    const halvings = Math.clz32(distance)
    if (halvings > mostHalvings) {
      into[place] = this.#exactly(bits)
      return
    }
    let from = this.#from[2 * halvings + isUpper]!
    if (from < 0) {
      if (from === unknown) from = this.#fill(halvings, isUpper)
      if (from === notTabulated) {
        into[place] = this.#exactly(bits)
        return
      }
    }
    // Behind the leading 1: three bits for the cell, the rest for the place in it.
    const behind = (distance << halvings) << 1
    const all = this.#polynomials
    const of = from + (behind >>> 29) * stride
    const x = (behind & 0x1fffffff) / 0x20000000
    const xx = x * x
    // By pairs, which do not wait for each other (Estrin).
    const high = all[of + 2]! + x * all[of + 3]! + xx * (all[of + 4]! + x * all[of + 5]!)
    into[place] = all[of]! + x * all[of + 1]! + xx * high
  }

  #exactly(bits: number): number {
    return this.#of.quantile(((bits >>> 0) + 0.5) / 4294967296)
  }

  /** Where the cells of a halving begin, once they are there. */
  #fill(halvings: number, isUpper: number): number {
    const from = this.#polynomials.length
    const polynomials = new Float64Array(from + cells * stride)
    polynomials.set(this.#polynomials)
    const width = 2 ** (31 - halvings) / cells
    // Half a bit further than the bits say, as everywhere.
    const start = 2 ** (31 - halvings) + 0.5
    const value = (steps: number): number => {
      const p = (start + steps * width) / 4294967296
      return this.#of.quantile(isUpper === 1 ? 1 - p : p)
    }
    let fits = true
    for (let cell = 0; cell < cells && fits; cell++) {
      const polynomial = polynomials.subarray(from + cell * stride, from + (cell + 1) * stride)
      interpolate(polynomial, (x) => value(cell + x))
      // Where it errs most.
      fits = isNear(polynomialAt(polynomial, 0.07), value(cell + 0.07))
    }
    if (fits) this.#polynomials = polynomials
    return (this.#from[2 * halvings + isUpper] = fits ? from : notTabulated)
  }
}

/** The polynomial through the values at nodes that divide 0 to 1 evenly. */
function interpolate(into: Float64Array, value: (x: number) => number): void {
  for (const [node, base] of bases.entries()) {
    const y = value(node / degree)
    for (const [power, coefficient] of base.entries()) into[power]! += y * coefficient
  }
}

function basis(node: number): number[] {
  let polynomial = [1]
  for (let other = 0; other <= degree; other++) {
    if (other === node) continue
    // Times (x - other) / (node - other), in steps from node to node.
    const slope = degree / (node - other)
    const constant = other / (other - node)
    const before = polynomial
    polynomial = [...before, 0].map((each, i) => each * constant + (before[i - 1] ?? 0) * slope)
  }
  return polynomial
}

function isNear(value: number, exact: number): boolean {
  return Math.abs(value - exact) <= mostError * Math.abs(exact)
}

function polynomialAt(coefficients: Float64Array, x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0)
}
