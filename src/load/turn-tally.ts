import type { TurnRecord } from '../result/records.ts'

/** Turns by how they ended; `started` is always their sum and what is still in flight. */
export interface TurnAccounting {
  readonly started: number
  readonly completed: number
  readonly failed: number
  readonly abandoned: number
  readonly rejected: number
  /** Cut by the end of the run: nobody gave them up. */
  readonly cut: number
  readonly inFlight: number
}

/** Counts turns as they begin and end. */
export class TurnTally {
  #started = 0
  #inFlight = 0
  #ended = { completed: 0, failed: 0, abandoned: 0, rejected: 0, cut: 0 }

  start(): void {
    this.#started++
    this.#inFlight++
  }

  end(record: Readonly<TurnRecord>): void {
    this.#inFlight--
    this.#ended[record.errorKind === 'cut' ? 'cut' : record.outcome]++
  }

  get started(): number {
    return this.#started
  }

  get inFlight(): number {
    return this.#inFlight
  }

  read(): TurnAccounting {
    return { started: this.#started, ...this.#ended, inFlight: this.#inFlight }
  }
}
