import type { Capacity, ProbeResult } from '../result/capacity.ts'
import type { Summary } from '../result/summary.ts'
import { type Level, levelValue } from '../workload/level.ts'
import { capacityOf } from './capacity-of.ts'
import { nextLoad, type Place, type SearchRange } from './next-load.ts'
import type { Probe } from './runner.ts'

/** How a capacity is searched for by trials. */
export interface FindOptions {
  /** Where to look first; also says whether users or sessions a second are sought. */
  readonly guess: Level
  /** Trials to spend at most; fewer where more would tell nothing new. */
  readonly probes: number
  readonly warmupMs: number
  readonly measuredMs: number
  readonly seed: number
  /** Share of the capacity to run at. */
  readonly headroom?: number
  /** The highest load to try, of either kind. */
  readonly maxUsers?: number
}

/** A search that is told of its trials one by one, by whoever runs them. */
export class CapacitySearch {
  readonly #options: FindOptions
  readonly #range: SearchRange
  readonly #probes: ProbeResult[] = []

  constructor(options: FindOptions) {
    if (!(options.probes >= 1))
      throw new RangeError(`findCapacity: probes is ${options.probes}, and should be at least 1`)
    const open = 'sessionsPerSecond' in options.guess
    const least = open ? 1e-6 : 1
    this.#options = options
    this.#range = {
      guess: Math.max(least, levelValue(options.guess)),
      most: options.maxUsers ?? 1e6,
      open,
    }
  }

  /** Trials told of so far. */
  get trials(): number {
    return this.#probes.length
  }

  /** The trial to run next, alone or beside others; absent when there were enough, or it would tell nothing new. */
  next(place: Place = { ahead: 0, together: 1 }): Probe | undefined {
    const { probes, seed, warmupMs, measuredMs } = this.#options
    const ordinal = this.#probes.length + place.ahead
    if (ordinal >= probes) return undefined
    const load = nextLoad(this.#probes, this.#range, place)
    if (load === undefined) return undefined
    const level = this.#range.open ? { sessionsPerSecond: load } : { users: Math.max(1, Math.round(load)) }
    return { level, seed: seed + ordinal, warmupMs, measuredMs }
  }

  /** What a trial found; `cut` where it was stopped before its time. */
  told({ level, seed }: Probe, summary: Summary, cut: boolean): void {
    this.#probes.push({ level, seed, pass: verdictOf(summary, cut), summary })
  }

  /** What all trials so far say together. */
  capacity(): Capacity {
    const { headroom = 0.75 } = this.#options
    return capacityOf(this.#probes, { open: this.#range.open, headroom })
  }
}

/** A trial cut short may have ended before the queue grew: it can fail, but not hold. */
function verdictOf({ objectives }: Summary, cut: boolean): ProbeResult['pass'] {
  if (objectives.some(({ pass }) => pass === false)) return false
  return !cut && objectives.every(({ pass }) => pass === true) ? true : 'undecided'
}
