import { invalidRequest, type OpenAiError } from './openai-error.ts'
import { type NamedItem, namedItems } from './openai-item-list.ts'
import {
  array,
  isObject,
  type JsonObject,
  object,
  optional,
  type ReadRequest,
  readRequest,
  Refusal,
  required,
  requireFew,
  requireShallow,
  string,
  wrongType,
} from './request-fields.ts'

/** A conversation of the Conversations API: what responses that name it go on from, and add to. */
export interface ItemConversation {
  readonly createdSeconds: number
  readonly metadata: JsonObject
  readonly items: readonly NamedItem[]
  /** Of its items, as they are told. */
  readonly characters: number
  /** Items that were ever added: names are made of it. */
  readonly added: number
}

/** What precedes the name of a conversation. */
export const conversationPrefix = 'conv_'

/** The conversation that a response goes on with; undefined where it names none. */
export function conversationNamed(body: JsonObject): string | undefined {
  const { conversation } = body
  if (conversation === undefined || conversation === null) return undefined
  const id = isObject(conversation) ? required(conversation, 'id', string, 'conversation.') : conversation
  if (typeof id !== 'string') throw wrongType('conversation', 'a string or an object', conversation)
  if (!id.startsWith(conversationPrefix))
    throw new Refusal(
      `Invalid 'conversation': '${id.slice(0, 100)}'. Expected an ID that begins with 'conv_'.`,
      'conversation',
      'invalid_value',
    )
  if ((body['previous_response_id'] ?? undefined) !== undefined)
    throw new Refusal(
      "Mutually exclusive parameters. Ensure you are only providing one of: 'previous_response_id' or 'conversation'.",
      null,
      'mutually_exclusive_parameters',
    )
  return id
}

/** Why a conversation cannot be gone on with, or told. */
export const conversationNotFound = (id: string): OpenAiError => ({
  ...invalidRequest(`Conversation with id '${id.slice(0, 100)}' not found.`),
  status: 404,
})

/** Why an item cannot be told. */
export const itemNotFound = (id: string, conversationId: string): OpenAiError => ({
  ...invalidRequest(
    `Item with id '${id.slice(0, 100)}' not found in conversation '${conversationId.slice(0, 100)}'.`,
  ),
  status: 404,
})

/** What a body says of a conversation: the items that it adds and what it is to be remembered by. */
export interface ConversationSaid {
  readonly items: readonly unknown[]
  readonly metadata: JsonObject | undefined
}

const mostItems = 20

/** Reads a body of the Conversations API; `field` is what it has to say. */
export function readConversation(body: string, field?: 'items' | 'metadata'): ReadRequest<ConversationSaid> {
  return readRequest(body === '' ? '{}' : body, (value) => {
    if (field !== undefined && value[field] === undefined) throw wrongType(field, 'a value', undefined)
    const items = optional(value, 'items', array) ?? []
    const metadata = optional(value, 'metadata', object)
    requireFew(items, 'items', mostItems)
    for (const [index, item] of items.entries()) {
      if (!isObject(item)) throw wrongType(`items[${index}]`, 'an object', item)
      optional(item, 'type', string, `items[${index}].`)
    }
    requireShallow(items, 'items')
    requireShallow(metadata, 'metadata')
    return { items, metadata }
  })
}

/** The conversation with what is said in it and is not there already; what the model says has its names. */
export function withItems(
  id: string,
  conversation: ItemConversation,
  input: unknown,
  output: readonly NamedItem[] = [],
): ItemConversation {
  const said = [...namedItems(`${id}_${conversation.added}`, input), ...output]
  const items = new Map(conversation.items.map((item) => [item.id, item]))
  let { characters } = conversation
  for (const item of said) {
    if (items.has(item.id)) continue
    items.set(item.id, item)
    characters += charactersOf(item)
  }
  return { ...conversation, items: [...items.values()], characters, added: conversation.added + said.length }
}

/** The conversation without this item. */
export const withoutItem = (conversation: ItemConversation, item: NamedItem): ItemConversation => ({
  ...conversation,
  items: conversation.items.filter((each) => each !== item),
  characters: conversation.characters - charactersOf(item),
})

const charactersOf = (item: NamedItem): number => JSON.stringify(item).length

/** A conversation as it is told. */
export const conversationBody = (id: string, { createdSeconds, metadata }: ItemConversation): string =>
  JSON.stringify({ id, object: 'conversation', created_at: createdSeconds, metadata })

/** What is answered when a conversation is deleted. */
export const deletedConversation = (id: string): string =>
  JSON.stringify({ id, object: 'conversation.deleted', deleted: true })
