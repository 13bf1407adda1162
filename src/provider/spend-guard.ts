import { tokensUsd, usageUsd } from '../result/cost.ts'
import type { ModelUsage } from '../wire/model-answer.ts'
import type { Price } from '../workload/workload.ts'

/** A call whose cost may still come. */
export interface Reservation {
  /** What it cost; a call that was not served costs nothing. */
  settle(usage: ModelUsage | undefined): void
  /** Nobody said what it cost: all that was put by counts as spent. */
  forfeit(): void
}

/** What the price of a request hangs on beside its length and its cap. */
export interface Terms {
  /** It goes on from what the provider keeps, which is read and paid again. */
  readonly isStored?: boolean
  /** Some of it is to be cached for an hour. */
  readonly isHourly?: boolean
  /** How many answers it asks for; one where absent. */
  readonly choices?: number
}

/** What a request without a cap is held to: above it, the next calls pay for what this one took more. */
const uncappedTokens = 4096

/** Before the provider has counted them, tokens of the input are a guess from its characters. */
const unsure = 1.5

/** Lets no call begin that could take the dollars spent beyond a limit. */
export class SpendGuard {
  readonly #maxUsd: number
  readonly #priceOf: (model: string) => Price | undefined
  #spentUsd = 0
  #reservedUsd = 0
  #longest = uncappedTokens
  /** Tokens of the call that had most of them, in and out: no later one goes on from more. */
  #largest = 0

  constructor(maxUsd: number, priceOf: (model: string) => Price | undefined) {
    this.#maxUsd = maxUsd
    this.#priceOf = priceOf
  }

  get spentUsd(): number {
    return this.#spentUsd
  }

  /** A reservation, or in a sentence why there is none. */
  reserve(
    model: string,
    inputTokens: number,
    maxTokens: number | undefined,
    { isStored = false, isHourly = false, choices = 1 }: Terms = {},
  ): Reservation | string {
    const price = this.#priceOf(model)
    if (!price) return `no price is known for the model '${model.slice(0, 100)}', so its cost cannot be held`
    const output = maxTokens ?? this.#longest * choices
    const input = inputTokens * unsure + (isStored ? this.#largest : 0)
    // Some providers write all input to their cache without being asked, which may cost more than input.
    const kept = { written: input, hourly: isHourly ? input : 0 }
    const mostUsd = tokensUsd(price, { input, cachedInput: 0, ...kept, output })
    if (this.#spentUsd + this.#reservedUsd + mostUsd > this.#maxUsd)
      return `$${this.#spentUsd.toFixed(4)} of $${this.#maxUsd} are spent, and this call could take the rest`
    this.#reservedUsd += mostUsd
    let open = true
    const spend = (usd: number): void => {
      if (!open) return
      open = false
      this.#reservedUsd -= mostUsd
      this.#spentUsd += usd
    }
    return {
      settle: (usage) => {
        if (!usage) {
          spend(0)
          return
        }
        spend(usageUsd(price, usage))
        this.#longest = Math.max(this.#longest, usage.outputTokens / choices)
        this.#largest = Math.max(this.#largest, usage.inputTokens + usage.outputTokens)
      },
      forfeit: () => spend(mostUsd),
    }
  }
}
