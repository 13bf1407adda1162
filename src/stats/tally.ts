import { countAbove, greatest, longer, sumOf } from './columns.ts'
import { Histogram } from './histogram.ts'
import type { Interval } from './interval.ts'
import { Ranked } from './ranked.ts'
import { studentTQuantile } from './student-t.ts'
import { wilsonInterval } from './wilson.ts'

/** A share of values, its 95 % interval, and the independent observations that the correlated ones are worth. */
export interface Share {
  readonly share: number
  readonly low: number
  readonly high: number
  readonly effectiveCount: number
}

/** Up to here values are kept, and every answer is exact. */
const mostKept = 65_536
/** Batches at most; when they are full, pairs are merged and the batch size doubles. */
const mostBatches = 64
/** Batches behind an interval: few and long, since neighbours in a queue resemble each other. */
export const batchesForIntervals = 20
/** Values that are folded at once; batches are a multiple of them. */
const foldedBlock = 512
const firstBatchSize = mostKept / (mostBatches / 2)
/** With fewer values in a batch its mean says nothing about what neighbours share. */
const fewestInBatch = 5

/** What a batch of neighbouring values adds up to. */
interface Batch {
  readonly count: number
  readonly sum: number
  above(limit: number): number
}

/**
 * Values in the order they came, as mean, percentiles and 95 % intervals by batch means (Law & Kelton; Schmeiser
 * 1982 for the number of batches). Exact for the first 65,536; beyond, percentiles come from histograms of less than
 * 1 % a bucket, so that memory is bounded. Shares above the `limits` named at the start stay exact.
 *
 * `add` only stores: what values come to is worked out a block at a time, where it costs a fraction. As long as all
 * are the same, as times are that nobody waits, they are only counted. A value is noted in a field and read there: `add` is
 * so short that V8 compiles it into every caller, and a number that is not whole is an object where it does not.
 */
export class Tally {
  readonly #limits: readonly number[]
  /** While all values are the same: that value, and how many; NaN from the first other one on. */
  #same = NaN
  #repeats = 0
  /** Values not yet folded: all there are at first, then less than a block. */
  #block: Float64Array = new Float64Array(0)
  #inBlock = 0
  #room = 0
  /** What is added. */
  #value = NaN
  /** Of what was folded. */
  #count = 0
  #folded: FoldedBatch[] = []
  /** Batches that others have taken in: their memory serves those to come. */
  #free: FoldedBatch[] = []
  #batchSize = firstBatchSize
  #leftInBatch = 0
  /** The block by rank, as far as it was full when somebody asked. */
  #ranked: Ranked | undefined
  #whole: Histogram | undefined
  /** What `#batches` answered last, and for how many values. */
  #batched: readonly Batch[] = []
  #batchedCount = 0

  constructor(limits: readonly number[] = []) {
    this.#limits = limits
  }

  add(value: number): void {
    this.#value = value
    this.#take()
  }

  /** As `add` of each. */
  addAll(values: Float64Array): void {
    let from = 0
    // One by one as long as all are the same.
    while (from < values.length && this.#inBlock + this.#count === 0) this.add(values[from++]!)
    while (from < values.length) {
      if (this.#inBlock === this.#room) this.#makeRoom()
      const block = this.#block
      const fitting = Math.min(values.length - from, this.#room - this.#inBlock)
      if (fitting === values.length) block.set(values, this.#inBlock)
      // By a loop: a view of those that fit would be an object.
      else for (let i = 0; i < fitting; i++) block[this.#inBlock + i] = values[from + i]!
      this.#inBlock += fitting
      from += fitting
    }
  }

  /** As `add` of one value so many times. */
  addSame(value: number, times: number): void {
    if (value === this.#same) this.#repeats += times
    else for (let i = 0; i < times; i++) this.add(value)
  }

  /** The same values in the same batches, from now on by themselves. */
  copy(): Tally {
    const copy = new Tally(this.#limits)
    copy.#same = this.#same
    copy.#repeats = this.#repeats
    copy.#block = this.#block.slice()
    copy.#inBlock = this.#inBlock
    copy.#room = this.#room
    copy.#count = this.#count
    copy.#folded = this.#folded.map((batch) => batch.with(new FoldedBatch(this.#limits)))
    copy.#batchSize = this.#batchSize
    copy.#leftInBatch = this.#leftInBatch
    return copy
  }

  get count(): number {
    return this.#repeats + this.#count + this.#inBlock
  }

  get mean(): number {
    if (this.#repeats > 0) return this.#same
    const folded = this.#folded.reduce((sum, batch) => sum + batch.sum, 0)
    return sumOf(this.#unfolded(), folded) / this.count
  }

  get max(): number {
    if (this.#repeats > 0) return this.#same
    return greatest(
      this.#unfolded(),
      this.#folded.reduce((max, { histogram }) => Math.max(max, histogram.max), -Infinity),
    )
  }

  /** Interpolated between neighbours while values are kept; NaN when there are none. */
  quantile(p: number): number {
    if (this.count === 0) return NaN
    if (this.#repeats > 0) return this.#same
    if (this.#folded.length > 0) return Math.min(this.max, this.histogram.quantile(p))
    if (this.#ranked?.count !== this.#inBlock) this.#ranked = new Ranked(this.#unfolded())
    const last = this.#inBlock - 1
    const position = p * last
    const low = Math.floor(position)
    const below = this.#ranked.at(low)
    return below + (position - low) * (this.#ranked.at(Math.min(last, low + 1)) - below)
  }

  /** 95 %, absent with too few values to tell. */
  meanInterval(): Interval | undefined {
    const batches = this.#batches()
    if (batches.length < batchesForIntervals) return undefined
    const { mean } = this
    const sums = batches.map(({ sum }) => sum)
    const half = studentTQuantile(0.975, batches.length - 1) * standardError(batches, mean, sums)
    return [mean - half, mean + half]
  }

  /** 95 %: the quantiles at the ends of the interval of the share that lies above (Wilson, effective count). */
  quantileInterval(p: number): Interval | undefined {
    if (this.#batches().length < batchesForIntervals) return undefined
    const { low, high } = this.shareAbove(this.quantile(p))
    return [this.quantile(Math.max(0, 1 - high)), this.quantile(Math.min(1, 1 - low))]
  }

  shareAbove(limit: number): Share {
    const batches = this.#batches()
    const above = batches.map((batch) => batch.above(limit))
    const { count } = this
    const share = count > 0 ? above.reduce((sum, each) => sum + each, 0) / count : 0
    if (batches.length < batchesForIntervals) {
      const [low, high] = wilsonInterval(share, count)
      return { share, low, high, effectiveCount: count }
    }
    const error = standardError(batches, share, above)
    const variance = share * (1 - share)
    const effectiveCount = error > 0 ? Math.min(count, variance / error ** 2) : count
    // The error is itself estimated from few batches: Student's t, not the normal one.
    const [low, high] = wilsonInterval(share, effectiveCount, studentTQuantile(0.975, batches.length - 1))
    return { share, low, high, effectiveCount }
  }

  #take(): void {
    const value = this.#value
    if (value === this.#same) this.#repeats++
    else if (this.#inBlock < this.#room) this.#block[this.#inBlock++] = value
    else this.#addToFull(value)
  }

  #unfolded(): Float64Array {
    return this.#block.subarray(0, this.#inBlock)
  }

  /** The first value, the first that differs, and each for which the block has no room. */
  #addToFull(value: number): void {
    if (this.count === 0) {
      this.#same = value
      this.#repeats = 1
      return
    }
    const repeats = this.#repeats
    if (repeats > 0) {
      const same = this.#same
      this.#same = NaN
      this.#repeats = 0
      for (let i = 0; i < repeats; i++) this.#append(same)
    }
    this.#append(value)
  }

  #append(value: number): void {
    if (this.#inBlock === this.#room) this.#makeRoom()
    this.#block[this.#inBlock++] = value
  }

  #makeRoom(): void {
    if (this.#inBlock < mostKept && this.#folded.length === 0) {
      this.#room = Math.max(256, this.#inBlock * 2)
      this.#block = longer(this.#block, this.#room)
      return
    }
    if (this.#room === foldedBlock) this.#fold(this.#block)
    else {
      for (let from = 0; from < this.#inBlock; from += foldedBlock)
        this.#fold(this.#block.subarray(from, from + foldedBlock))
      this.#block = new Float64Array(foldedBlock)
    }
    this.#room = foldedBlock
    this.#inBlock = 0
  }

  /** A whole block belongs to one batch: batches are multiples of it. */
  #fold(block: Float64Array): void {
    if (this.#leftInBatch === 0) {
      if (this.#folded.length === mostBatches) {
        for (let i = 0; i < mostBatches; i += 2) this.#folded[i]!.absorb(this.#folded[i + 1]!)
        this.#free = this.#folded.filter((_, i) => i % 2 === 1)
        this.#folded = this.#folded.filter((_, i) => i % 2 === 0)
        this.#batchSize *= 2
      }
      this.#folded.push(this.#free.pop()?.emptied() ?? new FoldedBatch(this.#limits, this.#folded.at(-1)))
      this.#leftInBatch = this.#batchSize
    }
    const batch = this.#folded.at(-1)!
    this.#leftInBatch -= block.length
    this.#count += block.length
    batch.add(block)
    this.#whole = undefined
  }

  /** Of all values, valid until one is added; those of an unfinished block are few and count with the others. */
  get histogram(): Histogram {
    if (this.#whole?.count === this.count) return this.#whole
    this.#whole = new Histogram()
    for (const batch of this.#folded) this.#whole.merge(batch.histogram)
    this.#whole.addAll(this.#unfolded())
    if (this.#repeats > 0) this.#whole.addSame(this.#same, this.#repeats)
    return this.#whole
  }

  /** All values in batches of one size but the last, which may be short. */
  #batches(): readonly Batch[] {
    const count = this.count
    if (this.#repeats > 0) return batchSizes(count).map((size) => new SameBatch(this.#same, size))
    if (this.#folded.length > 0) {
      if (this.#batchedCount === count) return this.#batched
      const folded = this.#inBlock === 0 ? this.#folded : this.#foldedWithBlock()
      this.#batchedCount = count
      return (this.#batched = folded.length >= 2 * batchesForIntervals ? merged(folded) : folded)
    }
    let end = 0
    return batchSizes(count).map((size) => new KeptBatch(this.#block.subarray(end, (end += size))))
  }

  /** The batches as if an unfinished block were folded already. */
  #foldedWithBlock(): FoldedBatch[] {
    const begins = this.#leftInBatch === 0
    const none = new FoldedBatch(this.#limits)
    const last = begins ? none : this.#folded.at(-1)!.with(none)
    last.add(this.#unfolded())
    if (!begins) return [...this.#folded.slice(0, -1), last]
    return [...(this.#folded.length === mostBatches ? merged(this.#folded) : this.#folded), last]
  }
}

class FoldedBatch implements Batch {
  readonly histogram: Histogram
  readonly #limits: readonly number[]
  readonly #above: Float64Array

  /** `before` is the batch before it, whose values are much the same. */
  constructor(limits: readonly number[], before?: FoldedBatch) {
    this.#limits = limits
    this.histogram = new Histogram(before?.histogram)
    this.#above = new Float64Array(limits.length)
  }

  get count(): number {
    return this.histogram.count
  }

  get sum(): number {
    return this.histogram.sum
  }

  add(values: Float64Array): void {
    this.histogram.addAll(values)
    for (let i = 0; i < this.#limits.length; i++) this.#above[i]! += countAbove(values, this.#limits[i]!)
  }

  with(other: FoldedBatch): FoldedBatch {
    const both = new FoldedBatch(this.#limits, this)
    both.absorb(this)
    both.absorb(other)
    return both
  }

  emptied(): this {
    this.histogram.clear()
    this.#above.fill(0)
    return this
  }

  /** Takes the values of another batch in. */
  absorb(other: FoldedBatch): void {
    this.histogram.merge(other.histogram)
    for (let i = 0; i < this.#limits.length; i++) this.#above[i]! += other.#above[i]!
  }

  above(limit: number): number {
    const known = this.#limits.indexOf(limit)
    return known === -1 ? this.histogram.above(limit) : this.#above[known]!
  }
}

class KeptBatch implements Batch {
  readonly #values: Float64Array

  constructor(values: Float64Array) {
    this.#values = values
  }

  get count(): number {
    return this.#values.length
  }

  get sum(): number {
    return sumOf(this.#values, 0)
  }

  above(limit: number): number {
    return countAbove(this.#values, limit)
  }
}

class SameBatch implements Batch {
  readonly #value: number
  readonly count: number

  constructor(value: number, count: number) {
    this.#value = value
    this.count = count
  }

  get sum(): number {
    return this.#value * this.count
  }

  above(limit: number): number {
    return this.#value > limit ? this.count : 0
  }
}

/** How many values each batch holds that an interval of so many rests on. */
function batchSizes(count: number): number[] {
  if (count <= mostKept) {
    const batches = count >= batchesForIntervals * fewestInBatch ? batchesForIntervals : Math.min(1, count)
    const end = (i: number): number => Math.floor((i * count) / batches)
    return Array.from({ length: batches }, (_, i) => end(i + 1) - end(i))
  }
  let size = firstBatchSize
  while (count > mostBatches * size) size *= 2
  if (count > (2 * batchesForIntervals - 1) * size) size *= 2
  const last = count % size
  return [...Array.from({ length: Math.floor(count / size) }, () => size), ...(last > 0 ? [last] : [])]
}

/** Neighbours two by two; a last one without a partner stays. */
function merged(batches: readonly FoldedBatch[]): FoldedBatch[] {
  return batches.flatMap((batch, i) => {
    const next = batches[i + 1]
    return i % 2 === 1 ? [] : [next ? batch.with(next) : batch]
  })
}

/** Of the mean over all values, from how the batches' `totals` differ, each weighing what it holds. */
function standardError(batches: readonly Batch[], mean: number, totals: readonly number[]): number {
  const count = batches.reduce((sum, batch) => sum + batch.count, 0)
  const squares = batches.reduce((sum, batch, i) => sum + (totals[i]! - mean * batch.count) ** 2, 0)
  return Math.sqrt((squares * batches.length) / (batches.length - 1)) / count
}
