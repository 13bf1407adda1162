import type { Exclusively } from '../service/shared-lock.ts'
import { mix } from '../sessions/uniform.ts'

const buckets = 8192
const slotsPerBucket = 16
const numbersPerSlot = 3
const keyAt = 0
const valueAt = 1
const setAt = 2

/** Numbers that the state of a table takes; the first counts what was set. */
export const countTableLength = 1 + buckets * slotsPerBucket * numbersPerSlot

/**
 * Numbers by name, in memory that threads may share. About 100,000 are kept: where a new one finds its bucket full,
 * the one of it that was set longest ago is forgotten. Names are told apart by 53 bits.
 */
export class CountTable {
  readonly #state: Float64Array
  /** Runs work that reads and sets as one step, with no other thread in between. */
  readonly atOnce: Exclusively

  constructor(
    state: Float64Array = new Float64Array(countTableLength),
    atOnce: Exclusively = (work) => work(),
  ) {
    this.#state = state
    this.atOnce = atOnce
  }

  get(name: string): number | undefined {
    const slot = this.#slotOf(keyOf(name))
    return slot === undefined ? undefined : this.#state[slot + valueAt]
  }

  set(name: string, value: number): void {
    const state = this.#state
    const key = keyOf(name)
    const slot = this.#slotOf(key) ?? this.#oldest(key)
    state[slot + keyAt] = key
    state[slot + valueAt] = value
    state[slot + setAt] = ++state[0]!
  }

  delete(name: string): void {
    const slot = this.#slotOf(keyOf(name))
    if (slot !== undefined) this.#state.fill(0, slot, slot + numbersPerSlot)
  }

  #slotOf(key: number): number | undefined {
    const first = firstSlot(key)
    for (let i = 0; i < slotsPerBucket; i++) {
      const slot = first + i * numbersPerSlot
      if (this.#state[slot + keyAt] === key) return slot
    }
    return undefined
  }

  /** The slot of the bucket that was set longest ago; a free one counts as never set. */
  #oldest(key: number): number {
    const first = firstSlot(key)
    let oldest = first
    for (let i = 1; i < slotsPerBucket; i++) {
      const slot = first + i * numbersPerSlot
      if (this.#state[slot + setAt]! < this.#state[oldest + setAt]!) oldest = slot
    }
    return oldest
  }
}

const firstSlot = (key: number): number => 1 + (key % buckets) * slotsPerBucket * numbersPerSlot

/** From 1: a slot of zeros is free. */
function keyOf(name: string): number {
  let high = 0
  let low = 0x9e3779b9
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i)
    high = mix(high ^ code)
    low = mix(low ^ code)
  }
  return (high >>> 11) * 2 ** 32 + low + 1
}
