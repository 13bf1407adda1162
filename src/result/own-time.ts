import { Tally } from '../stats/tally.ts'
import { distsOf } from './dist.ts'
import type { TurnRecord } from './records.ts'
import type { Summary } from './summary.ts'
import type { TurnCalls } from './turn-calls.ts'

/** The agent's own time in turns, and how long they waited to try again. */
export class OwnTime {
  readonly #before = new Tally()
  readonly #between = new Tally()
  readonly #after = new Tally()
  readonly #retryWait = new Tally()
  readonly #isOfCalls: boolean

  constructor(isOfCalls: boolean) {
    this.#isOfCalls = isOfCalls
  }

  add(turn: Readonly<TurnRecord>, calls: TurnCalls): void {
    calls.end(turn)
    // On the telephone these are mostly speech: heard before, and said after.
    if (!this.#isOfCalls) {
      this.#before.add(calls.beforeMs)
      this.#after.add(calls.afterMs)
    }
    this.#between.add(calls.betweenMs)
    this.#retryWait.add(calls.retryWaitMs)
  }

  /** Of turns whose one call ended with them. */
  addAnswered(beforeMs: Float64Array): void {
    this.#before.addAll(beforeMs)
    this.#between.addSame(0, beforeMs.length)
    this.#after.addSame(0, beforeMs.length)
    this.#retryWait.addSame(0, beforeMs.length)
  }

  summary(): NonNullable<Summary['ownTime']> {
    return distsOf({
      beforeMs: this.#before,
      betweenMs: this.#between,
      afterMs: this.#after,
      retryWaitMs: this.#retryWait,
    })
  }
}
