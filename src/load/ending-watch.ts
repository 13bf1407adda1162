import type { SessionEnding } from '../result/session-ending.ts'
import type { Expectation } from '../workload/workload.ts'

/** What an answer says of the conversation. */
export type Said = 'completed' | 'escalated'

/** What the answer says, by the words of the file; undefined where it is neither. Case does not matter. */
export function saidIn({ completes, escalates }: Expectation, answer: string): Said | undefined {
  const text = answer.toLowerCase()
  const holds = (words: string): boolean => text.includes(words.toLowerCase())
  if (escalates?.some(holds)) return 'escalated'
  return completes?.some(holds) ? 'completed' : undefined
}

/** Whether the file tells endings at all. */
export function tellsEnding(expect: Expectation | undefined): expect is Expectation {
  return expect?.completes !== undefined || expect?.escalates !== undefined
}

/** Watches one session for its ending. */
export class EndingWatch {
  readonly #expect: Expectation | undefined
  #completed = false
  #escalated = false

  constructor(expect: Expectation | undefined) {
    this.#expect = expect
  }

  /** A person takes over: the user has nothing more to ask the agent. */
  get isEscalated(): boolean {
    return this.#escalated
  }

  answered(said: Said | undefined): void {
    if (said === 'completed') this.#completed = true
    if (said === 'escalated') this.#escalated = true
  }

  /** Nothing where the file has no words for it. */
  ending(left: boolean): { readonly ending?: SessionEnding } {
    if (!tellsEnding(this.#expect)) return {}
    if (this.#escalated) return { ending: 'escalated' }
    if (this.#completed) return { ending: 'completed' }
    if (left) return { ending: 'abandoned' }
    return { ending: this.#expect.completes ? 'unfinished' : 'completed' }
  }
}
