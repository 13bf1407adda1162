import type { ModelAnswer } from '../wire/model-answer.ts'
import { type DeclaredTool, modelMessage, type ModelMessage } from '../wire/model-request.ts'
import { longestConversation } from './loop-state.ts'
import type { Tokenizer } from './tokens/tokenizer.ts'

/** An answer as the message that it is in its conversation. */
export function saidMessage({ text, toolCalls }: ModelAnswer): ModelMessage {
  return modelMessage('assistant', text, { called: toolCalls })
}

export interface Kept {
  readonly messages: readonly ModelMessage[]
  /** Those that later requests need not declare again. */
  readonly tools: readonly DeclaredTool[]
  readonly characters: number
}

/** Others who play the same epoch, and remember what is told them. */
export interface OtherConversations {
  tell(id: string, kept: Kept): void
  /** What others have told and nobody has heard yet. */
  hear(): Iterable<readonly [id: string, kept: Kept]>
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
  readonly #others: OtherConversations | undefined
  #characters = 0

  constructor(mostCharacters: number, others?: OtherConversations) {
    this.#mostCharacters = mostCharacters
    this.#others = others
  }

  recall(id: string): Omit<Kept, 'characters'> | undefined {
    if (this.#others && !this.#kept.has(id))
      for (const [heard, kept] of this.#others.hear()) this.keep(heard, kept)
    return this.#kept.get(id)
  }

  /** A name is given once. */
  remember(
    id: string,
    whole: readonly ModelMessage[],
    tokenizer: Tokenizer,
    tools: readonly DeclaredTool[] = [],
  ): void {
    const messages = shortened(whole, tokenizer)
    const declared = tools.length > 0 ? JSON.stringify(tools).length : 0
    const characters = messages.reduce((sum, { text }) => sum + text.length, entryCharacters + declared)
    const kept = { messages, tools, characters }
    this.#others?.tell(id, kept)
    this.keep(id, kept)
  }

  /** As `remember`, of what another has told. */
  keep(id: string, kept: Kept): void {
    this.#kept.set(id, kept)
    this.#characters += kept.characters
    for (const [oldest, { characters }] of this.#kept) {
      if (this.#characters <= this.#mostCharacters) break
      this.#kept.delete(oldest)
      this.#characters -= characters
    }
  }
}

/** Of what lies further back than a conversation is told apart by, it alone counts how much it was. */
function shortened(messages: readonly ModelMessage[], tokenizer: Tokenizer): readonly ModelMessage[] {
  let room = longestConversation
  const from = messages.findLastIndex((message) => (room -= message.text.length) < 0)
  if (from < 0) return messages
  const earlier = messages.slice(0, from + 1)
  const characters = earlier.reduce((sum, message) => sum + message.characters, 0)
  const tokens = tokenizer.countMessages(earlier)
  return [{ role: 'system', text: '', characters, tokens }, ...messages.slice(from + 1)]
}
