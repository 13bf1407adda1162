import { longer } from '../stats/columns.ts'
import type { AdmissionRule } from '../workload/agent-rules.ts'

const nobody = -1

/**
 * Those who wait for a slot, in classes of urgency (0 goes first under `priority`). Jobs are small whole numbers, one
 * place in the line each; coming, going and giving up take the same time however many wait.
 */
export class AdmissionLine {
  length = 0
  readonly #order: AdmissionRule['order']
  readonly #first: Int32Array
  readonly #last: Int32Array
  // By job.
  #next = new Int32Array(64)
  #before = new Int32Array(64)
  #level = new Int32Array(64).fill(nobody)
  #ordinal = new Float64Array(64)
  #arrived = 0

  constructor(order: AdmissionRule['order'], levels: number) {
    this.#order = order
    this.#first = new Int32Array(levels).fill(nobody)
    this.#last = new Int32Array(levels).fill(nobody)
  }

  push(job: number, level: number): void {
    while (job >= this.#next.length) this.#grow()
    const last = this.#last[level]!
    this.#before[job] = last
    this.#next[job] = nobody
    this.#level[job] = level
    this.#ordinal[job] = this.#arrived++
    if (last === nobody) this.#first[level] = job
    else this.#next[last] = job
    this.#last[level] = job
    this.length++
  }

  /** Who goes next; -1 when nobody waits. */
  get first(): number {
    const ends = this.#order === 'lifo' ? this.#last : this.#first
    let best = nobody
    for (let level = 0; level < ends.length; level++) {
      const job = ends[level]!
      if (job === nobody) continue
      if (best === nobody || this.#goesBefore(job, best)) best = job
      if (this.#order === 'priority') break
    }
    return best
  }

  /** Takes out who goes next; -1 when nobody waits. */
  take(): number {
    const { first } = this
    if (first !== nobody) this.remove(first)
    return first
  }

  /** Who came last among those of the lowest urgency, where that is lower than `level`; -1 where nobody is. */
  lowestBelow(level: number): number {
    for (let lowest = this.#last.length - 1; lowest > level; lowest--)
      if (this.#last[lowest] !== nobody) return this.#last[lowest]!
    return nobody
  }

  /** Somebody leaves the line; who is not in it changes nothing. */
  remove(job: number): void {
    const level = this.#level[job] ?? nobody
    if (level === nobody) return
    const before = this.#before[job]!
    const next = this.#next[job]!
    if (before === nobody) this.#first[level] = next
    else this.#next[before] = next
    if (next === nobody) this.#last[level] = before
    else this.#before[next] = before
    this.#level[job] = nobody
    this.length--
  }

  #goesBefore(job: number, other: number): boolean {
    const earlier = this.#ordinal[job]! < this.#ordinal[other]!
    return this.#order === 'lifo' ? !earlier : earlier
  }

  #grow(): void {
    const length = this.#next.length
    const twice = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(length * 2).fill(nobody)
      grown.set(old)
      return grown
    }
    this.#next = twice(this.#next)
    this.#before = twice(this.#before)
    this.#level = twice(this.#level)
    this.#ordinal = longer(this.#ordinal, length * 2)
  }
}
