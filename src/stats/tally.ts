import { Histogram } from './histogram.ts'
import { studentTQuantile } from './student-t.ts'
import { wilsonInterval } from './wilson.ts'

type Interval = readonly [low: number, high: number]

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
const batchesForIntervals = 20
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
 */
export class Tally {
  readonly #limits: readonly number[]
  #kept: Float64Array = new Float64Array(256)
  #count = 0
  #sum = 0
  #max = -Infinity
  #sorted: Float64Array | undefined
  /** Empty while values are kept. */
  #folded: FoldedBatch[] = []
  #batchSize = mostKept / (mostBatches / 2)
  #last: FoldedBatch | undefined
  #leftInBatch = 0

  constructor(limits: readonly number[] = []) {
    this.#limits = limits
  }

  add(value: number): void {
    this.#sum += value
    if (value > this.#max) this.#max = value
    if (this.#folded.length > 0) this.#addFolded(value)
    else this.#keep(value)
    this.#count++
  }

  get count(): number {
    return this.#count
  }

  get mean(): number {
    return this.#sum / this.#count
  }

  get max(): number {
    return this.#max
  }

  /** Interpolated between neighbours while values are kept; NaN when there are none. */
  quantile(p: number): number {
    if (this.#count === 0) return NaN
    if (this.#folded.length > 0) return Math.min(this.#max, this.#whole().quantile(p))
    this.#sorted ??= this.#kept.slice(0, this.#count).sort()
    const position = p * (this.#count - 1)
    const low = Math.floor(position)
    const below = this.#sorted[low]!
    return below + (position - low) * (this.#sorted[Math.min(this.#count - 1, low + 1)]! - below)
  }

  /** 95 %, absent with too few values to tell. */
  meanInterval(): Interval | undefined {
    const batches = this.#batches()
    if (batches.length < batchesForIntervals) return undefined
    const half =
      studentTQuantile(0.975, batches.length - 1) * standardError(batches, this.mean, ({ sum }) => sum)
    return [this.mean - half, this.mean + half]
  }

  /** 95 %: the quantiles at the ends of the interval of the share that lies above (Wilson, effective count). */
  quantileInterval(p: number): Interval | undefined {
    if (this.#batches().length < batchesForIntervals) return undefined
    const { low, high } = this.shareAbove(this.quantile(p))
    return [this.quantile(Math.max(0, 1 - high)), this.quantile(Math.min(1, 1 - low))]
  }

  shareAbove(limit: number): Share {
    const batches = this.#batches()
    const above = batches.reduce((sum, batch) => sum + batch.above(limit), 0)
    const count = batches.reduce((sum, batch) => sum + batch.count, 0)
    const share = count > 0 ? above / count : 0
    if (batches.length < batchesForIntervals) {
      const [low, high] = wilsonInterval(share, count)
      return { share, low, high, effectiveCount: count }
    }
    const error = standardError(batches, share, (batch) => batch.above(limit))
    const variance = share * (1 - share)
    const effectiveCount = error > 0 ? Math.min(count, variance / error ** 2) : count
    // The error is itself estimated from few batches: Student's t, not the normal one.
    const [low, high] = wilsonInterval(share, effectiveCount, studentTQuantile(0.975, batches.length - 1))
    return { share, low, high, effectiveCount }
  }

  #keep(value: number): void {
    if (this.#count === mostKept) {
      this.#fold()
      this.#addFolded(value)
      return
    }
    if (this.#count === this.#kept.length) {
      const more = new Float64Array(Math.min(mostKept, this.#count * 2))
      more.set(this.#kept)
      this.#kept = more
    }
    this.#sorted = undefined
    this.#kept[this.#count] = value
  }

  #fold(): void {
    const kept = this.#kept
    this.#kept = new Float64Array(0)
    for (const value of kept) this.#addFolded(value)
  }

  #addFolded(value: number): void {
    if (this.#leftInBatch === 0) this.#beginBatch()
    this.#leftInBatch--
    this.#last!.add(value)
  }

  #beginBatch(): void {
    if (this.#folded.length === mostBatches) {
      this.#folded = merged(this.#folded)
      this.#batchSize *= 2
    }
    this.#last = new FoldedBatch(this.#limits)
    this.#folded.push(this.#last)
    this.#leftInBatch = this.#batchSize
  }

  #whole(): Histogram {
    const whole = new Histogram()
    for (const batch of this.#folded) whole.merge(batch.histogram)
    return whole
  }

  /** All values in batches of one size but the last, which may be short. */
  #batches(): readonly Batch[] {
    if (this.#folded.length > 0) {
      const enough = this.#folded.length >= 2 * batchesForIntervals
      return enough ? merged(this.#folded) : this.#folded
    }
    const count = this.#count
    const batches = count >= batchesForIntervals * fewestInBatch ? batchesForIntervals : Math.min(1, count)
    return Array.from(
      { length: batches },
      (_, i) =>
        new KeptBatch(
          this.#kept.subarray(Math.floor((i * count) / batches), Math.floor(((i + 1) * count) / batches)),
        ),
    )
  }
}

class FoldedBatch implements Batch {
  readonly histogram = new Histogram()
  readonly #limits: readonly number[]
  readonly #above: Float64Array
  sum = 0

  constructor(limits: readonly number[]) {
    this.#limits = limits
    this.#above = new Float64Array(limits.length)
  }

  get count(): number {
    return this.histogram.count
  }

  add(value: number): void {
    this.sum += value
    this.histogram.add(value)
    for (let i = 0; i < this.#limits.length; i++) if (value > this.#limits[i]!) this.#above[i]!++
  }

  with(other: FoldedBatch): FoldedBatch {
    const both = new FoldedBatch(this.#limits)
    for (const part of [this, other]) {
      both.sum += part.sum
      both.histogram.merge(part.histogram)
      for (let i = 0; i < this.#limits.length; i++) both.#above[i]! += part.#above[i]!
    }
    return both
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
    return this.#values.reduce((sum, value) => sum + value, 0)
  }

  above(limit: number): number {
    let above = 0
    for (const value of this.#values) if (value > limit) above++
    return above
  }
}

/** Neighbours two by two; a last one without a partner stays. */
function merged(batches: readonly FoldedBatch[]): FoldedBatch[] {
  return batches.flatMap((batch, i) => {
    const next = batches[i + 1]
    return i % 2 === 1 ? [] : [next ? batch.with(next) : batch]
  })
}

/** Of the mean over all values, from how the batches' own differ, each weighing what it holds. */
function standardError(batches: readonly Batch[], mean: number, total: (batch: Batch) => number): number {
  const count = batches.reduce((sum, batch) => sum + batch.count, 0)
  const squares = batches.reduce((sum, batch) => sum + (total(batch) - mean * batch.count) ** 2, 0)
  return Math.sqrt((squares * batches.length) / (batches.length - 1)) / count
}
