import type { ModelAnswer } from '../wire/model-answer.ts'
import type { DeclaredTool, ModelMessage } from '../wire/model-request.ts'
import { longestConversation } from './loop-state.ts'

/** An answer as the message that it is in its conversation. */
export function saidMessage({ text, toolCalls }: ModelAnswer): ModelMessage {
  const called = toolCalls.reduce((sum, call) => sum + call.name.length + call.arguments.length, 0)
  return { role: 'assistant', text, characters: text.length + called }
}

interface Kept {
  readonly messages: readonly ModelMessage[]
  /** Those that later requests need not declare again. */
  readonly tools: readonly DeclaredTool[]
  readonly characters: number
}

/** What an entry takes beside its text. */
const entryCharacters = 1000

/**
 * Conversations that later requests go on from by name, remembered before the answer that ends them is said: whoever
 * has read its end may go on at once. The oldest are forgotten when they grow too much.
 */
export class Conversations {
  readonly #kept = new Map<string, Kept>()
  readonly #mostCharacters: number
  #characters = 0

  constructor(mostCharacters: number) {
    this.#mostCharacters = mostCharacters
  }

  recall(id: string): Omit<Kept, 'characters'> | undefined {
    return this.#kept.get(id)
  }

  /** A name is given once. */
  remember(id: string, whole: readonly ModelMessage[], tools: readonly DeclaredTool[] = []): void {
    const messages = shortened(whole)
    const declared = tools.length > 0 ? JSON.stringify(tools).length : 0
    const characters = messages.reduce((sum, { text }) => sum + text.length, entryCharacters + declared)
    this.#kept.set(id, { messages, tools, characters })
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
