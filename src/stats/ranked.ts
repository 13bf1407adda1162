import { bucketOf, lowest, lowestBucket } from './histogram.ts'

/**
 * Values of which some are asked for by rank: spread over buckets in ascending order, of which only those are sorted
 * that somebody asks for. Each answer is that of sorting them all, and the whole costs a tenth.
 */
export class Ranked {
  readonly #values: Float64Array
  /** By bucket: the rank of its first value; behind the last one stands how many values there are. */
  readonly #starts: Uint32Array
  readonly #isSorted: Uint8Array

  constructor(values: Float64Array) {
    const [buckets, count] = bucketsOf(values)
    this.#values = new Float64Array(values.length)
    this.#starts = new Uint32Array(count + 1)
    this.#isSorted = new Uint8Array(count)
    for (let i = 0; i < buckets.length; i++) this.#starts[buckets[i]! + 1]!++
    for (let bucket = 0; bucket < count; bucket++) this.#starts[bucket + 1]! += this.#starts[bucket]!
    const next = this.#starts.slice()
    for (let i = 0; i < buckets.length; i++) this.#values[next[buckets[i]!]!++] = values[i]!
  }

  get count(): number {
    return this.#values.length
  }

  /** The value before which, in ascending order, there are so many. */
  at(rank: number): number {
    const starts = this.#starts
    let bucket = 0
    while (starts[bucket + 1]! <= rank) bucket++
    if (this.#isSorted[bucket] === 0) {
      this.#values.subarray(starts[bucket], starts[bucket + 1]).sort()
      this.#isSorted[bucket] = 1
    }
    return this.#values[rank]!
  }
}

/** By value its bucket, from 0, and how many buckets there are. */
function bucketsOf(values: Float64Array): [buckets: Int32Array, count: number] {
  const buckets = new Int32Array(values.length)
  let [first, last] = [Infinity, -1]
  for (let i = 0; i < values.length; i++) {
    // Whatever lies below, also below zero, is in one.
    const bucket = values[i]! < lowest ? lowestBucket - 1 : bucketOf(values[i]!)
    buckets[i] = bucket
    if (bucket < first) first = bucket
    if (bucket > last) last = bucket
  }
  for (let i = 0; i < buckets.length; i++) buckets[i]! -= first
  return [buckets, values.length > 0 ? last - first + 1 : 0]
}
