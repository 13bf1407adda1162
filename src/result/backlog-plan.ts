/** Work that waits: how fast it must go, how fast it goes as the file is, and what it takes. */
export interface BacklogPlan {
  readonly items: number
  readonly withinMs: number
  readonly neededPerHour: number
  /** Of the file as it is, at the load to run at. */
  readonly perHour: number
  /** Items in work at once then. */
  readonly inWork: number
  /** Until the last is done; absent where nothing gets done. */
  readonly finishMs?: number
  /** Servers for the deadline, were there quota enough; absent where one met no limit of its own. */
  readonly servers?: number
  /** What the deadline's pace asks of each limit of a provider, with the headroom. */
  readonly quotas: readonly {
    readonly name: string
    readonly needed: number
    readonly limit: number
    readonly unit: string
  }[]
  /** All items, tokens at list price. */
  readonly costUsd?: number
}
