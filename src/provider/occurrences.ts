import { unknownSession } from '../sessions/turn-key.ts'
import { CountTable } from './count-table.ts'

/** One occurrence of a conversation that names no turn. */
export interface Occurrence {
  readonly session: number
  readonly turn: number
}

const mostFree = 1000

/** Numbers the occurrences of conversations that say the same, so that a repeat is a turn of its own and a retry is not. */
export class Occurrences {
  readonly #counts: CountTable

  constructor(counts = new CountTable()) {
    this.#counts = counts
  }

  begin(conversation: string): Occurrence {
    const session = unknownSession(conversation)
    return { session, turn: this.#counts.atOnce(() => this.#take(session)) }
  }

  /** To be called once: a success uses the number up, a failure gives it back. */
  end({ session, turn }: Occurrence, succeeded: boolean): void {
    if (!succeeded) this.#counts.atOnce(() => this.#giveBack(session, turn))
  }

  /** Numbers of calls that did not succeed come first: the next call, which may be their retry, repeats their draws. */
  #take(session: number): number {
    const counts = this.#counts
    const free = counts.get(freeOf(session)) ?? 0
    if (free > 0) counts.set(freeOf(session), free - 1)
    const turn = free > 0 ? counts.get(freeOf(session, free)) : undefined
    if (turn !== undefined) return turn
    const next = counts.get(nextOf(session)) ?? 0
    counts.set(nextOf(session), next + 1)
    return next
  }

  #giveBack(session: number, turn: number): void {
    const counts = this.#counts
    const free = (counts.get(freeOf(session)) ?? 0) + 1
    if (free > mostFree) return
    counts.set(freeOf(session), free)
    counts.set(freeOf(session, free), turn)
  }
}

const nextOf = (session: number): string => `next ${session}`
/** How many are free, or one of them. */
const freeOf = (session: number, index?: number): string =>
  index === undefined ? `free ${session}` : `free ${session} ${index}`
