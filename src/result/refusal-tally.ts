import type { TurnRecord } from './records.ts'
import type { RefusalSummary } from './summary.ts'

/** What refusals cost the turns that ended within the window, where somebody watched for them. */
export class RefusalTally {
  #watched = false
  #turns = 0
  #refused = 0
  #retries = 0
  #told = 0
  #obeyed = 0
  #lostMs = 0

  add({ usefulAtMs, refusals }: Readonly<TurnRecord>): void {
    if (usefulAtMs !== undefined) this.#watched = true
    if (!refusals) return
    this.#turns++
    this.#refused += refusals.refused
    this.#retries += refusals.retries
    this.#told += refusals.told
    this.#obeyed += refusals.obeyed
    this.#lostMs += refusals.lostMs
  }

  summary(): { refusals?: RefusalSummary } {
    if (!this.#watched) return {}
    return {
      refusals: {
        turns: this.#turns,
        refused: this.#refused,
        retries: this.#retries,
        told: this.#told,
        obeyed: this.#obeyed,
        lostMs: this.#lostMs,
      },
    }
  }
}
