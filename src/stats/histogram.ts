const bits = new Float64Array(1)
const words = new Uint32Array(bits.buffer)
/** The exponent of a double and the first 7 bits of its fraction: 128 buckets for each power of two. */
const dropped = 13
/** Values below 2^-20 are counted as zero. */
export const lowest = 2 ** -20
export const lowestBucket = bucketOf(lowest)

/**
 * Counts of values in buckets less than 1 % wide, as in HdrHistogram: a quantile is within 0.4 % of the value's own,
 * in memory that grows with the logarithm of the range. For values that are not negative. Their sum and the greatest of
 * them come along: while a sum waits for its last addition, the processor has time for the counts.
 */
export class Histogram {
  #counts = new Float64Array(0)
  /** Bucket of `#counts[0]`. */
  #first = 0
  #zeros = 0
  #count = 0
  #sum = 0
  #max = 0
  /** What is added: see `Tally`. */
  #value = NaN
  /** A block that was added, and its bits: as a rule the next one comes in the same array. */
  #block: Float64Array | undefined
  #words: Uint32Array | undefined

  /** Empty, with room for what `like` has met: its range need not be found again. */
  constructor(like?: Histogram) {
    if (!like) return
    this.#first = like.#first
    this.#counts = new Float64Array(like.#counts.length)
  }

  get count(): number {
    return this.#count
  }

  get sum(): number {
    return this.#sum
  }

  /** 0 when empty. */
  get max(): number {
    return this.#max
  }

  add(value: number): void {
    this.#value = value
    this.#put(1)
  }

  /** As `add` of one value so many times. */
  addSame(value: number, times: number): void {
    this.#value = value
    this.#put(times)
  }

  #put(count: number): void {
    const value = this.#value
    this.#count += count
    this.#sum += value * count
    if (value > this.#max) this.#max = value
    if (!(value >= lowest)) {
      this.#zeros += count
      return
    }
    bits[0] = value
    const bucket = words[1]! >>> dropped
    const place = bucket - this.#first
    if (place >= 0 && place < this.#counts.length) this.#counts[place]! += count
    else {
      this.#reach(bucket, bucket)
      this.#counts[bucket - this.#first]! += count
    }
  }

  /** Each of `values` once, their bits read where they lie. */
  addAll(values: Float64Array): void {
    const { length } = values
    const words = this.#wordsOf(values)
    let counts = this.#counts
    let first = this.#first
    let reached = counts.length
    let zeros = 0
    let sum = this.#sum
    let max = this.#max
    for (let i = 0; i < length; i++) {
      const value = values[i]!
      sum += value
      if (value > max) max = value
      const bucket = words[2 * i + 1]! >>> dropped
      const place = bucket - first
      if (place >= 0 && place < reached) counts[place]!++
      else if (!(value >= lowest)) zeros++
      else {
        this.#reach(bucket, bucket)
        counts = this.#counts
        first = this.#first
        reached = counts.length
        counts[bucket - first]!++
      }
    }
    this.#zeros += zeros
    this.#count += length
    this.#sum = sum
    this.#max = max
  }

  #wordsOf(values: Float64Array): Uint32Array {
    if (values === this.#block) return this.#words!
    const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
    // The memory of a great array is not held for the sake of a part of it.
    if (values.byteLength === values.buffer.byteLength) {
      this.#block = values
      this.#words = words
    }
    return words
  }

  /** Empty again, with its memory. */
  clear(): void {
    this.#count = this.#zeros = this.#sum = this.#max = 0
    this.#counts.fill(0)
  }

  merge(other: Histogram): void {
    this.#count += other.#count
    this.#zeros += other.#zeros
    this.#sum += other.#sum
    this.#max = Math.max(this.#max, other.#max)
    if (other.#counts.length === 0) return
    this.#reach(other.#first, other.#first + other.#counts.length - 1)
    const shift = other.#first - this.#first
    for (let i = 0; i < other.#counts.length; i++) this.#counts[i + shift]! += other.#counts[i]!
  }

  /** The value that a share `p` of all lies at or below; NaN when empty. */
  quantile(p: number): number {
    if (this.#count === 0) return NaN
    let left = p * this.#count - this.#zeros
    if (left <= 0) return 0
    let last = 0
    for (let i = 0; i < this.#counts.length; i++) {
      const inside = this.#counts[i]!
      if (inside === 0) continue
      const low = lowerEdge(this.#first + i)
      const high = lowerEdge(this.#first + i + 1)
      if (left <= inside) return low + (high - low) * (left / inside)
      left -= inside
      last = high
    }
    return last
  }

  /** How many values lie above `limit`; those in its own bucket are taken as evenly spread. */
  above(limit: number): number {
    if (limit < lowest) return this.#count - this.#zeros
    const bucket = bucketOf(limit) - this.#first
    let above = 0
    for (let i = Math.max(0, bucket + 1); i < this.#counts.length; i++) above += this.#counts[i]!
    const inside = this.#counts[bucket] ?? 0
    if (inside === 0) return above
    const low = lowerEdge(bucket + this.#first)
    const high = lowerEdge(bucket + this.#first + 1)
    return above + inside * ((high - limit) / (high - low))
  }

  #reach(first: number, last: number): void {
    const length = this.#counts.length
    if (length > 0 && first >= this.#first && last < this.#first + length) return
    const from = length === 0 ? first : Math.min(first, this.#first)
    const to = length === 0 ? last : Math.max(last, this.#first + length - 1)
    // A power of two to either side, so that growing stays rare.
    const start = first < this.#first || length === 0 ? Math.max(lowestBucket, from - 128) : from
    const counts = new Float64Array(to + 128 - start)
    if (length > 0) counts.set(this.#counts, this.#first - start)
    this.#counts = counts
    this.#first = start
  }
}

/** For values that are not below `lowest`; a greater one's bucket is not less. */
export function bucketOf(value: number): number {
  bits[0] = value
  return words[1]! >>> dropped
}

function lowerEdge(bucket: number): number {
  words[1] = bucket << dropped
  words[0] = 0
  return bits[0]!
}
