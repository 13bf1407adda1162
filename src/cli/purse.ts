import type { LoadResult } from '../load/load-result.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { expectationText, type ExpectedLoad, expectedLoad, requireMaxSpend } from './expected-load.ts'
import type { Io } from './io.ts'
import type { World } from './world.ts'

/** Dollars for several trials together: each may spend what those before it left. */
export class Purse {
  readonly #mostUsd: number
  readonly #turnUsd: number
  readonly #empty = new AbortController()
  #spentUsd = 0

  constructor(mostUsd: number, turnUsd: number) {
    this.#mostUsd = mostUsd
    this.#turnUsd = turnUsd
  }

  /** Aborted when a trial was ended by what was left, or nothing is. */
  get empty(): AbortSignal {
    return this.#empty.signal
  }

  get spentUsd(): number {
    return this.#spentUsd
  }

  /** Of the next trial. */
  limits(): { readonly maxSpendUsd: number; readonly turnUsd: number } {
    return { maxSpendUsd: this.#mostUsd - this.#spentUsd, turnUsd: this.#turnUsd }
  }

  pay({ spend, stopped }: Pick<LoadResult, 'spend' | 'stopped'>): void {
    this.#spentUsd += spend.usd ?? 0
    const isHeld = stopped !== undefined && !stopped.failed
    if (isHeld || this.#spentUsd + this.#turnUsd > this.#mostUsd) this.#empty.abort()
  }
}

/** What a search by trials on a model that may be real is expected to cost is told, and a limit demanded. */
export function purseFor(
  workload: Workload,
  { providerUrl }: World,
  search: {
    readonly guess: Level
    readonly probes: number
    readonly warmupMs: number
    readonly measuredMs: number
    readonly maxSpend?: number | undefined
  },
  io: Io,
): Purse | undefined {
  if (providerUrl !== undefined) return undefined
  const { guess, probes, warmupMs, measuredMs, maxSpend } = search
  const one = expectedLoad(workload, { level: guess, measuredMs }, warmupMs + measuredMs, {})
  const all = times(one, probes)
  io.note(expectationText(all))
  requireMaxSpend(all, maxSpend)
  return maxSpend === undefined ? undefined : new Purse(maxSpend, one.turnUsd ?? 0)
}

function times({ turns, tokens, usd, turnUsd, worst }: ExpectedLoad, trials: number): ExpectedLoad {
  return {
    turns: turns * trials,
    tokens: tokens * trials,
    ...(usd === undefined ? {} : { usd: usd * trials }),
    ...(turnUsd === undefined ? {} : { turnUsd }),
    worst: {
      turns: worst.turns * trials,
      tokens: worst.tokens * trials,
      ...(worst.usd === undefined ? {} : { usd: worst.usd * trials }),
    },
  }
}
