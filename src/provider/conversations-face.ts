import { wallClockMs } from '../clock/now.ts'
import {
  conversationBody,
  conversationNotFound,
  conversationPrefix,
  type ConversationSaid,
  deletedConversation,
  type ItemConversation,
  itemNotFound,
  readConversation,
  withItems,
  withoutItem,
} from '../wire/openai-conversations.ts'
import { itemList, itemPage, type NamedItem } from '../wire/openai-item-list.ts'
import type { ReadRequest } from '../wire/request-fields.ts'
import type { Conversations } from './conversations.ts'
import type { Face } from './face.ts'
import { answerRead, refuseMethod } from './http-answer.ts'
import type { Incoming } from './incoming.ts'

/** What a path of the Conversations API names. */
export interface ConversationPath {
  /** Absent where one is to begin. */
  readonly id?: string | undefined
  readonly isItems: boolean
  readonly itemId?: string | undefined
  readonly query: URLSearchParams
}

/** `/v1/conversations` and what is below: conversations that responses go on with, and the items in them. */
export function answerConversations(
  face: Face,
  incoming: Incoming,
  body: string,
  path: ConversationPath,
): void {
  const method = incoming.request.method ?? ''
  const actions = actionsOf(face.epoch.conversations, () => face.nextId(), body, path)
  const action = Object.hasOwn(actions, method) ? actions[method] : undefined
  if (action) answerRead(face, incoming, action())
  else refuseMethod(face, incoming, Object.keys(actions).join(', '))
}

/** What can be done at a path, by its method. */
type Actions = Readonly<Record<string, () => ReadRequest<string>>>

function actionsOf(
  conversations: Conversations,
  nextId: () => string,
  body: string,
  { id, isItems, itemId, query }: ConversationPath,
): Actions {
  const keep = (name: string, conversation: ItemConversation): ItemConversation => {
    conversations.list(name, conversation)
    return conversation
  }
  const saying = (
    field: 'items' | 'metadata' | undefined,
    then: (said: ConversationSaid) => string,
  ): ReadRequest<string> => {
    const read = readConversation(body, field)
    return 'error' in read ? read : { request: then(read.request) }
  }
  const begin = ({ items, metadata = {} }: ConversationSaid): string => {
    const name = conversationPrefix + nextId()
    const createdSeconds = Math.floor(wallClockMs() / 1000)
    const begun = { createdSeconds, metadata, items: [], characters: 0, added: 0 }
    return conversationBody(name, keep(name, withItems(name, begun, items)))
  }
  if (id === undefined) return { POST: () => saying(undefined, begin) }

  const found = (
    then: (conversation: ItemConversation) => ReadRequest<string>,
  ): (() => ReadRequest<string>) => {
    return () => {
      const conversation = conversations.listed(id)
      return conversation ? then(conversation) : { error: conversationNotFound(id) }
    }
  }
  if (itemId !== undefined) {
    const foundItem = (then: (item: NamedItem, conversation: ItemConversation) => string) =>
      found((conversation) => {
        const item = conversation.items.find((each) => each.id === itemId)
        return item ? { request: then(item, conversation) } : { error: itemNotFound(itemId, id) }
      })
    return {
      GET: foundItem((item) => JSON.stringify(item)),
      DELETE: foundItem((item, conversation) =>
        conversationBody(id, keep(id, withoutItem(conversation, item))),
      ),
    }
  }
  if (isItems)
    return {
      GET: found(({ items }) => itemPage(() => items, query)),
      POST: found((conversation) =>
        saying('items', ({ items }) => {
          const longer = keep(id, withItems(id, conversation, items))
          return itemList(longer.items.slice(conversation.items.length))
        }),
      ),
    }
  return {
    GET: found((conversation) => ({ request: conversationBody(id, conversation) })),
    POST: found((conversation) =>
      saying('metadata', ({ metadata = {} }) =>
        conversationBody(id, keep(id, { ...conversation, metadata })),
      ),
    ),
    DELETE: found(() => {
      conversations.forget(id)
      return { request: deletedConversation(id) }
    }),
  }
}
