import { unknownSession } from '../sessions/turn-key.ts'
import { BoundedMap } from './bounded-map.ts'

interface Conversation {
  next: number
  /** Numbers of calls that did not succeed: the next call, which may be their retry, repeats their draws. */
  readonly free: number[]
}

/** One occurrence of a conversation that names no turn. */
export interface Occurrence {
  readonly session: number
  readonly turn: number
  /** To be called once: a success uses the number up, a failure gives it back. */
  end(succeeded: boolean): void
}

const remembered = 10_000
const mostFree = 1000

/** Numbers the occurrences of conversations that say the same, so that a repeat is a turn of its own and a retry is not. */
export class Occurrences {
  readonly #conversations = new BoundedMap<number, Conversation>(remembered)

  begin(conversation: string): Occurrence {
    const session = unknownSession(conversation)
    const known: Conversation = this.#conversations.get(session) ?? { next: 0, free: [] }
    this.#conversations.set(session, known)
    const turn = known.free.pop() ?? known.next++
    return {
      session,
      turn,
      end(succeeded) {
        if (!succeeded && known.free.length < mostFree) known.free.push(turn)
      },
    }
  }
}
