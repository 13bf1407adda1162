import type { ModelUsage } from '../wire/model-answer.ts'
import { usageUsd } from '../result/cost.ts'
import type { TurnRecord } from '../result/records.ts'
import type { Level } from '../workload/level.ts'
import type { Price, Workload } from '../workload/workload.ts'
import type { LoadOptions } from './load-options.ts'
import { ObjectiveWatch } from './objective-watch.ts'
import type { TurnAccounting } from './turn-tally.ts'

/** What the turns so far cost, and how much of that the target itself told in tokens. */
export interface Spend {
  readonly usd?: number
  /** Share of the turns that were priced by the target's own usage; the others by the file. */
  readonly told: number
}

type Limits = Pick<LoadOptions, 'warmupMs' | 'maxTurns' | 'maxSpendUsd' | 'turnUsd' | 'stopOnSaturation'>

interface Sample {
  readonly atMs: number
  readonly started: number
  readonly ended: number
  readonly inFlight: number
}

/** Looks behind a verdict of saturation, and turns in flight below which nothing is said. */
const fewestLooks = 20
const fewestInFlight = 20
const mostSamples = 240
const servedShare = 0.9

/** Why a run should end before its time: limits of the caller, objectives that are missed, turns that pile up. */
export class StopRules {
  reason: string | undefined
  /** The target is to blame, not a limit of the caller's. */
  failed = false
  readonly #limits: Limits
  readonly #isOpen: boolean
  readonly #price: Price | undefined
  readonly #objectives: ObjectiveWatch
  readonly #samples: Sample[] = []
  #usd = 0
  #told = 0
  #ended = 0

  constructor(workload: Workload, limits: Limits, level: Level) {
    this.#limits = limits
    this.#isOpen = 'sessionsPerSecond' in level
    this.#price = workload.models[workload.scenarios[0]!.model]?.price
    this.#objectives = new ObjectiveWatch(workload, ({ abort }) => abort !== undefined)
  }

  /** Asked after each turn that began: whether another may. */
  started({ started, inFlight }: Pick<TurnAccounting, 'started' | 'inFlight'>): void {
    const { maxTurns, maxSpendUsd } = this.#limits
    if (maxTurns !== undefined && started >= maxTurns) this.reason ??= this.#turnsWereSent()
    if (maxSpendUsd === undefined) return
    const committedUsd = this.#usd + (inFlight + 1) * this.#usdOfTurn()
    if (committedUsd > maxSpendUsd) this.reason ??= this.#dollarsWereSpent()
  }

  /** Where several threads begin turns, one of them was refused another. */
  refused(limit: 'turns' | 'dollars'): void {
    this.reason ??= limit === 'turns' ? this.#turnsWereSent() : this.#dollarsWereSpent()
  }

  ended(turn: Readonly<TurnRecord>, usage: ModelUsage | undefined): void {
    this.#ended++
    this.#objectives.ended(turn)
    if (usage && this.#price) {
      this.#told++
      this.#usd += usageUsd(this.#price, usage)
    } else this.#usd += this.#limits.turnUsd ?? 0
  }

  /** Looks now and then; answers why to stop. `missed` is the text of a script's threshold that is missed for good. */
  look(
    atMs: number,
    { started, inFlight }: TurnAccounting,
    missed?: (atMs: number) => string | undefined,
  ): string | undefined {
    const text = missed?.(atMs)
    if (text !== undefined) this.#fail(`${text} is missed (abortOnFail)`)
    for (const { objective, result } of this.#objectives.judge())
      if (atMs >= objective.abort!.afterMs && result.pass === false)
        this.#fail(`${objective.text} is missed (abortOnFail)`)
    // In the warm-up turns in flight grow anyway: the world fills.
    if (this.#limits.stopOnSaturation && this.#isOpen && atMs >= this.#limits.warmupMs) {
      this.#samples.push({ atMs, started, ended: started - inFlight, inFlight })
      if (this.#samples.length > mostSamples) this.#samples.shift()
      if (isSaturated(this.#samples))
        this.#fail(`turns pile up: ${inFlight} in flight and more with every second (--stop-on-saturation)`)
    }
    return this.reason
  }

  spend(): Spend {
    const known = this.#told > 0 || this.#limits.turnUsd !== undefined
    return { ...(known ? { usd: this.#usd } : {}), told: this.#ended === 0 ? 0 : this.#told / this.#ended }
  }

  #turnsWereSent(): string {
    return `${this.#limits.maxTurns} turns were sent (--max-turns)`
  }

  #dollarsWereSpent(): string {
    const spent = `$${this.#usd.toFixed(2)} were spent`
    return `${spent}, and turns in flight may take the rest of $${this.#limits.maxSpendUsd} (--max-spend)`
  }

  #fail(reason: string): void {
    if (this.reason !== undefined) return
    this.reason = reason
    this.failed = true
  }

  #usdOfTurn(): number {
    return this.#told > 0 ? this.#usd / this.#ended : (this.#limits.turnUsd ?? 0)
  }
}

/**
 * Over the later half of what was seen, a tenth of what came was not served, and at its end more turns were in flight
 * with every look, and more than ever before: a queue at its limit comes and goes, one beyond it only grows.
 */
function isSaturated(samples: readonly Sample[]): boolean {
  if (samples.length < fewestLooks) return false
  const half = samples[samples.length >> 1]!
  const end = samples.at(-1)!
  const lately = samples.slice(-(samples.length >> 3))
  const before = samples.slice(0, -lately.length)
  const most = Math.max(...before.map(({ inFlight }) => inFlight))
  const served = end.ended - half.ended
  return (
    end.inFlight >= fewestInFlight &&
    served < servedShare * (end.started - half.started) &&
    lately.every(({ inFlight }, i) => inFlight > (lately[i - 1]?.inFlight ?? most))
  )
}
