import type { Dist, Interval } from './summary.ts'

/** Student's t at 97.5 % for 9 to 29 degrees of freedom is close to this; batches are few on purpose. */
const t975 = 2.09
const batches = 20

/** Values in the order they came, for a Dist with batch-means intervals. */
export class Samples {
  #values = new Float64Array(1024)
  #count = 0
  censored = 0

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const more = new Float64Array(this.#count * 2)
      more.set(this.#values)
      this.#values = more
    }
    this.#values[this.#count++] = value
  }

  get count(): number {
    return this.#count
  }

  get mean(): number {
    let sum = 0
    for (let i = 0; i < this.#count; i++) sum += this.#values[i]!
    return sum / this.#count
  }

  quantile(p: number): number {
    const sorted = this.#values.slice(0, this.#count).sort()
    return at(sorted, p)
  }

  /** Share above a limit, its batch-means interval and the independent observations it is worth. */
  exceedance(limit: number): { share: number; low: number; high: number; effectiveCount: number } {
    const share = this.#batchMeans((value) => (value > limit ? 1 : 0))
    const variance = share.mean * (1 - share.mean)
    const se = share.se
    const effectiveCount = se > 0 && variance > 0 ? Math.min(this.#count, variance / (se * se)) : this.#count
    const z = 1.96
    const n = Math.max(1, effectiveCount)
    const centre = (share.mean + (z * z) / (2 * n)) / (1 + (z * z) / n)
    const half = (z * Math.sqrt(variance / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n)
    return {
      share: share.mean,
      low: Math.max(0, centre - half),
      high: Math.min(1, centre + half),
      effectiveCount,
    }
  }

  dist(): Dist | undefined {
    if (this.#count === 0) return undefined
    const sorted = this.#values.slice(0, this.#count).sort()
    const { mean, se } = this.#batchMeans((value) => value)
    const p95 = at(sorted, 0.95)
    const tail = this.exceedance(p95)
    const spread = Math.max(tail.high - tail.share, tail.share - tail.low)
    const enough = this.#count >= 2 * batches
    const ci: { mean?: Interval; p95?: Interval } = enough
      ? {
          mean: [mean - t975 * se, mean + t975 * se],
          p95: [at(sorted, Math.max(0, 0.95 - spread)), at(sorted, Math.min(1, 0.95 + spread))],
        }
      : {}
    return {
      mean,
      p50: at(sorted, 0.5),
      p90: at(sorted, 0.9),
      p95,
      p99: at(sorted, 0.99),
      max: sorted.at(-1)!,
      count: this.#count,
      censored: this.censored,
      ...(enough ? { ci95: ci } : {}),
    }
  }

  #batchMeans(of: (value: number) => number): { mean: number; se: number } {
    const size = Math.floor(this.#count / batches)
    let total = 0
    for (let i = 0; i < this.#count; i++) total += of(this.#values[i]!)
    const mean = total / Math.max(1, this.#count)
    if (size < 2) return { mean, se: 0 }
    let squares = 0
    for (let batch = 0; batch < batches; batch++) {
      let sum = 0
      for (let i = batch * size; i < (batch + 1) * size; i++) sum += of(this.#values[i]!)
      squares += (sum / size - mean) ** 2
    }
    return { mean, se: Math.sqrt(squares / (batches - 1) / batches) }
  }
}

function at(sorted: Float64Array, p: number): number {
  const position = p * (sorted.length - 1)
  const low = Math.floor(position)
  const high = Math.min(sorted.length - 1, low + 1)
  return sorted[low]! + (position - low) * (sorted[high]! - sorted[low]!)
}
