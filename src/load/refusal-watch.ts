import type { Refusals } from '../result/records.ts'
import type { DriverResult } from './driver.ts'

/** Whether the target said that it cannot serve this now: 429 or 503. */
export function isRefusal({ errorKind }: DriverResult): boolean {
  return errorKind === 'rate_limited' || errorKind === 'overloaded'
}

/** Counts the refusals that one message meets over all its tries. */
export class RefusalWatch {
  readonly #sentAtMs: number
  #tryAtMs: number
  #servedFromMs = NaN
  #refused = 0
  #retries = 0
  #told = 0
  #obeyed = 0

  constructor(sentAtMs: number) {
    this.#sentAtMs = this.#tryAtMs = sentAtMs
  }

  /** A try is over. */
  ended(result: DriverResult): void {
    if (!isRefusal(result)) {
      if (Number.isNaN(this.#servedFromMs)) this.#servedFromMs = this.#tryAtMs
      return
    }
    this.#refused++
  }

  /** The user waited after a refusal and tries again; `toldMs` is what the target had asked for. */
  retried(waitedMs: number, toldMs: number | undefined): void {
    this.#retries++
    if (toldMs === undefined) return
    this.#told++
    if (waitedMs >= toldMs) this.#obeyed++
  }

  /** Another try begins. */
  began(atMs: number): void {
    this.#tryAtMs = atMs
  }

  /** Undefined where nothing was refused. */
  read(endedAtMs: number): Refusals | undefined {
    if (this.#refused === 0) return undefined
    const untilMs = Number.isNaN(this.#servedFromMs) ? endedAtMs : this.#servedFromMs
    return {
      refused: this.#refused,
      retries: this.#retries,
      told: this.#told,
      obeyed: this.#obeyed,
      lostMs: Math.max(0, untilMs - this.#sentAtMs),
    }
  }
}
