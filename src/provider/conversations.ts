import type { ModelMessage } from '../wire/model-request.ts'
import { longestConversation } from './loop-state.ts'

interface Kept {
  readonly messages: readonly ModelMessage[]
  readonly characters: number
}

/** What an entry takes beside its text. */
const entryCharacters = 1000

/** Conversations that later requests go on from by name; the oldest are forgotten when they grow too much. */
export class Conversations {
  readonly #kept = new Map<string, Kept>()
  readonly #mostCharacters: number
  #characters = 0

  constructor(mostCharacters: number) {
    this.#mostCharacters = mostCharacters
  }

  recall(id: string): readonly ModelMessage[] | undefined {
    return this.#kept.get(id)?.messages
  }

  /** A name is given once. */
  remember(id: string, whole: readonly ModelMessage[]): void {
    const messages = shortened(whole)
    const characters = messages.reduce((sum, { text }) => sum + text.length, entryCharacters)
    this.#kept.set(id, { messages, characters })
    this.#characters += characters
    for (const [oldest, { characters }] of this.#kept) {
      if (this.#characters <= this.#mostCharacters) break
      this.#kept.delete(oldest)
      this.#characters -= characters
    }
  }
}

/** Of what lies further back than a conversation is told apart by, the length alone counts. */
function shortened(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  let room = longestConversation
  const from = messages.findLastIndex((message) => (room -= message.text.length) < 0)
  if (from < 0) return messages
  const characters = messages.slice(0, from + 1).reduce((sum, message) => sum + message.characters, 0)
  return [{ role: 'system', text: '', characters }, ...messages.slice(from + 1)]
}
