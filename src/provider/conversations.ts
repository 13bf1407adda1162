import type { AnswerHead, ModelAnswer, ModelUsage } from '../wire/model-answer.ts'
import { type DeclaredTool, modelMessage, type ModelMessage } from '../wire/model-request.ts'
import type { ItemConversation } from '../wire/openai-conversations.ts'
import { BoundedMap } from './bounded-map.ts'
import { longestConversation } from './loop-state.ts'
import type { Tokenizer } from './tokens/tokenizer.ts'

/** An answer as the message that it is in its conversation. */
export function saidMessage({ text, toolCalls }: ModelAnswer): ModelMessage {
  return modelMessage('assistant', text, { called: toolCalls })
}

/** What later requests go on from. */
export interface Conversation {
  readonly messages: readonly ModelMessage[]
  /** Those that later requests need not declare again. */
  readonly tools?: readonly DeclaredTool[]
}

/** A response that can be told again: all of it but what its request says. */
export interface StoredResponse {
  /** The request as it came. */
  readonly body: string
  readonly head: AnswerHead
  readonly answer: ModelAnswer
  readonly usage: ModelUsage
}

export interface Kept {
  readonly conversation?: Conversation
  readonly response?: StoredResponse | undefined
  /** Of the Conversations API. */
  readonly listed?: ItemConversation
}

/** Other threads that play the same epoch; a conversation that is told as undefined is to be forgotten. */
export interface OtherConversations {
  tell(id: string, kept: Kept | undefined): void
  /** What others have told and nobody has heard yet. */
  hear(): Iterable<readonly [id: string, kept: Kept | undefined]>
}

/**
 * Conversations that later requests go on from by name, remembered before the answer that ends them is said: whoever
 * has read its end may go on at once. The oldest are forgotten when they grow too much, and so are responses that can be
 * told again, which are longer and seldom asked for.
 */
export class Conversations {
  readonly #conversations: BoundedMap<Conversation>
  readonly #responses: BoundedMap<StoredResponse>
  readonly #listed: BoundedMap<ItemConversation>
  readonly #others: OtherConversations | undefined

  constructor(mostCharacters: number, others?: OtherConversations) {
    this.#conversations = new BoundedMap(mostCharacters)
    this.#responses = new BoundedMap(mostCharacters / 4)
    this.#listed = new BoundedMap(mostCharacters)
    this.#others = others
  }

  recall(id: string): Conversation | undefined {
    if (!this.#conversations.has(id)) this.#hear()
    return this.#conversations.get(id)
  }

  response(id: string): StoredResponse | undefined {
    // Another may have deleted it.
    this.#hear()
    return this.#responses.get(id)
  }

  /** One of the Conversations API. */
  listed(id: string): ItemConversation | undefined {
    // Another may have gone on with it.
    this.#hear()
    return this.#listed.get(id)
  }

  /** As it is from here on. */
  list(id: string, listed: ItemConversation): void {
    this.#others?.tell(id, { listed })
    this.keep(id, { listed })
  }

  /** A name is given once. */
  remember(
    id: string,
    { messages, ...more }: Conversation,
    tokenizer: Tokenizer,
    response?: StoredResponse,
  ): void {
    const kept = { conversation: { messages: shortened(messages, tokenizer), ...more }, response }
    this.#others?.tell(id, kept)
    this.keep(id, kept)
  }

  forget(id: string): void {
    this.#others?.tell(id, undefined)
    this.keep(id, undefined)
  }

  /** As `remember` and `forget`, of what another has told. */
  keep(id: string, kept: Kept | undefined): void {
    if (!kept) {
      this.#conversations.delete(id)
      this.#responses.delete(id)
      this.#listed.delete(id)
      return
    }
    const { conversation, response, listed } = kept
    if (listed) this.#listed.set(id, listed, listed.characters + JSON.stringify(listed.metadata).length)
    if (conversation) this.#conversations.set(id, conversation, charactersOf(conversation))
    if (response) this.#responses.set(id, response, response.body.length + lengthOf(response.answer))
  }

  #hear(): void {
    for (const [heard, kept] of this.#others?.hear() ?? []) this.keep(heard, kept)
  }
}

function charactersOf({ messages, tools = [] }: Conversation): number {
  const declared = tools.length > 0 ? JSON.stringify(tools).length : 0
  return messages.reduce((sum, { text }) => sum + text.length, declared)
}

const lengthOf = ({ text, toolCalls, thinking = '' }: ModelAnswer): number =>
  toolCalls.reduce((sum, call) => sum + call.arguments.length, text.length + thinking.length)

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
