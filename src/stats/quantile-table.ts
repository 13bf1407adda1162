import type { Distribution } from './distribution.ts'

/** Cells for each halving of the distance to the nearer end of the distribution, by the next six bits. */
const cells = 64
/** Nearer than this many halvings the bits of a draw do not fill a cell: one draw in 2^25. */
const mostHalvings = 25
/** A cubic for each cell: its coefficients, lowest first. */
const coefficients = 4
const unknown = -1
const notTabulated = -2
/** Of the value. */
const mostError = 1e-8

const tables = new WeakMap<Distribution, QuantileTable>()

/**
 * The quantile of a smooth distribution at the uniforms that 32 random bits make, many times quicker than by logarithm
 * and exponential: cubics on cells that become finer towards both ends, so that the tails are as true as the middle.
 * Within 1e-8 of the value, as a rule 1e-10, below what 32 bits can tell. A function of the bits alone; cells are
 * filled when they are first asked for, a halving at a time, and one that cubics do not fit stays exact.
 */
export class QuantileTable {
  readonly #of: Distribution
  /** By end and halving: where its cells begin. */
  readonly #from = new Int32Array(2 * (mostHalvings + 1)).fill(unknown)
  #cubics = new Float64Array(0)
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
    // Behind the leading 1: six bits for the cell, the rest for the place in it.
    const behind = (distance << halvings) << 1
    const cubics = this.#cubics
    const cubic = from + (behind >>> 26) * coefficients
    const x = (behind & 0x3ffffff) / 0x4000000
    into[place] =
      cubics[cubic]! + x * (cubics[cubic + 1]! + x * (cubics[cubic + 2]! + x * cubics[cubic + 3]!))
  }

  #exactly(bits: number): number {
    return this.#of.quantile(((bits >>> 0) + 0.5) / 4294967296)
  }

  /** Where the cells of a halving begin, once they are there. */
  #fill(halvings: number, isUpper: number): number {
    const from = this.#cubics.length
    const cubics = new Float64Array(from + cells * coefficients)
    cubics.set(this.#cubics)
    const width = 2 ** (31 - halvings) / cells
    // Half a bit further than the bits say, as everywhere.
    const start = 2 ** (31 - halvings) + 0.5
    const value = (steps: number): number => {
      const p = (start + steps * width) / 4294967296
      return this.#of.quantile(isUpper === 1 ? 1 - p : p)
    }
    let fits = true
    let last = value(0)
    for (let cell = 0; cell < cells && fits; cell++) {
      const cubic = cubics.subarray(from + cell * coefficients, from + (cell + 1) * coefficients)
      const next = value(cell + 1)
      setCubic(cubic, last, value(cell + 1 / 3), value(cell + 2 / 3), next)
      last = next
      // Where a cubic errs most; what is wrong with one cell of a halving is wrong with its neighbours.
      if (cell % 8 === 0) fits = isNear(cubicAt(cubic, 1 / 8), value(cell + 1 / 8))
    }
    if (fits) this.#cubics = cubics
    return (this.#from[2 * halvings + isUpper] = fits ? from : notTabulated)
  }
}

/** The cubic through four values at 0, 1/3, 2/3 and 1 (Lagrange). */
function setCubic(cubic: Float64Array, y0: number, y1: number, y2: number, y3: number): void {
  cubic[0] = y0
  cubic[1] = -5.5 * y0 + 9 * y1 - 4.5 * y2 + y3
  cubic[2] = 9 * y0 - 22.5 * y1 + 18 * y2 - 4.5 * y3
  cubic[3] = -4.5 * y0 + 13.5 * y1 - 13.5 * y2 + 4.5 * y3
}

function isNear(value: number, exact: number): boolean {
  return Math.abs(value - exact) <= mostError * Math.abs(exact)
}

function cubicAt(cubic: Float64Array, x: number): number {
  return cubic[0]! + x * (cubic[1]! + x * (cubic[2]! + x * cubic[3]!))
}
