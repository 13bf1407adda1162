import type { ModelUsage } from '../wire/model-answer.ts'
import { usageUsd } from '../result/cost.ts'
import type { Price } from '../workload/workload.ts'

/** Limits that hold over all who play users at once. */
export interface TurnLimits {
  readonly maxTurns?: number
  readonly maxSpendUsd?: number
  /** Dollars of a turn of which the target tells no usage. */
  readonly turnUsd?: number
  readonly price?: Price
}

/** Places in the shared memory. */
const places = { started: 0, ended: 1, told: 2, nanoUsd: 3, refused: 4 }
const placeCount = 5
const nanosPerUsd = 1e9

/**
 * Turns and dollars that threads share: a turn begins only where its thread has reserved it, so a limit is never passed,
 * however many ask at the same instant.
 */
export class TurnBudget {
  readonly memory: SharedArrayBuffer
  readonly #limits: TurnLimits
  readonly #cells: BigInt64Array

  constructor(limits: TurnLimits, memory = new SharedArrayBuffer(placeCount * 8)) {
    this.#limits = limits
    this.memory = memory
    this.#cells = new BigInt64Array(memory)
  }

  /** Reserves a turn; false where a limit forbids it. */
  begin(): boolean {
    const { maxTurns = Infinity, maxSpendUsd = Infinity } = this.#limits
    const started = Number(Atomics.add(this.#cells, places.started, 1n)) + 1
    const inFlight = started - this.#read(places.ended)
    const committedUsd = this.#read(places.nanoUsd) / nanosPerUsd + inFlight * this.#usdOfTurn()
    if (started <= maxTurns && committedUsd <= maxSpendUsd) return true
    Atomics.sub(this.#cells, places.started, 1n)
    Atomics.store(this.#cells, places.refused, started > maxTurns ? 1n : 2n)
    return false
  }

  ended(usage: ModelUsage | undefined): void {
    const { price, turnUsd = 0 } = this.#limits
    if (usage && price) {
      this.#spend(usageUsd(price, usage))
      Atomics.add(this.#cells, places.told, 1n)
    } else this.#spend(turnUsd)
    // Last: until then the turn counts as one in flight.
    Atomics.add(this.#cells, places.ended, 1n)
  }

  /** The limit that refused a turn, where one did. */
  get refused(): 'turns' | 'dollars' | undefined {
    const which = this.#read(places.refused)
    return which === 0 ? undefined : which === 1 ? 'turns' : 'dollars'
  }

  #spend(usd: number): void {
    Atomics.add(this.#cells, places.nanoUsd, BigInt(Math.round(usd * nanosPerUsd)))
  }

  #usdOfTurn(): number {
    if (this.#read(places.told) === 0) return this.#limits.turnUsd ?? 0
    return this.#read(places.nanoUsd) / nanosPerUsd / Math.max(1, this.#read(places.ended))
  }

  #read(place: number): number {
    return Number(Atomics.load(this.#cells, place))
  }
}
