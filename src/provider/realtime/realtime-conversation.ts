import { invalidRequest, type OpenAiError } from '../../wire/openai-error.ts'
import type { RealtimeEvent, RealtimeItem } from '../../wire/openai-realtime.ts'
import { isObject, type JsonObject } from '../../wire/request-fields.ts'
import { spokenMs } from '../../workload/utterances.ts'

const mostItems = 10_000
/** As much as a request of the other APIs may hold. */
const mostCharacters = 10 * 1024 * 1024

/** The items of a session, and what was heard in those that are sound. */
export class RealtimeConversation {
  readonly #tell: (event: RealtimeEvent) => void
  readonly #nextId: () => number | string
  #items: RealtimeItem[] = []
  #characters = 0
  /** What a caller said in an item, by its id; the client sees it only where it asks for transcripts. */
  readonly #heard = new Map<string, string>()

  constructor(nextId: () => number | string, tell: (event: RealtimeEvent) => void) {
    this.#nextId = nextId
    this.#tell = tell
  }

  get lastId(): string | null {
    return this.#items.at(-1)?.id ?? null
  }

  /** Takes an item of the client's, unless `refusalOf` it says why not. */
  create(
    given: unknown,
    previousId: unknown,
    refusalOf: (item: RealtimeItem) => OpenAiError | undefined,
  ): OpenAiError | undefined {
    if (!isObject(given)) return invalidRequest("'item' is missing or no object.", 'item')
    if (this.#items.length >= mostItems) return invalidRequest('The conversation has too many items.', 'item')
    const id = typeof given['id'] === 'string' ? given['id'] : `item_${this.#nextId()}`
    if (this.#find(id))
      return invalidRequest(
        `An item with id '${id}' exists already.`,
        'item.id',
        'item_create_duplicate_item_id',
      )
    const type = String(given['type'])
    const item: RealtimeItem = { object: 'realtime.item', status: 'completed', ...given, id, type }
    const refusal = refusalOf(item)
    if (refusal) return refusal
    const at = this.#after(previousId)
    if (at === undefined) return notFound(previousId, 'previous_item_id')
    const characters = lengthOf(item)
    if (this.#characters + characters > mostCharacters)
      return invalidRequest('The conversation is too long.', 'item')
    this.#characters += characters
    this.#items.splice(at, 0, item)
    this.#tellOf(item, this.#items[at - 1]?.id ?? null)
    return undefined
  }

  /** Whoever has spoken said this: an item of sound. */
  hear(id: string, text: string, transcribes: boolean): void {
    const content = [{ type: 'input_audio', transcript: transcribes ? text : null }]
    const item = { id, object: 'realtime.item', type: 'message', status: 'completed', role: 'user', content }
    const previousId = this.lastId
    this.add([item])
    this.#heard.set(id, text)
    this.#tellOf(item, previousId)
    if (!transcribes) return
    this.#tell({
      type: 'conversation.item.input_audio_transcription.completed',
      item_id: id,
      content_index: 0,
      transcript: text,
      usage: { type: 'duration', seconds: spokenMs(text.length) / 1000 },
    })
  }

  /** What the model has said; its own messages tell of it. Whoever talks for long loses the beginning. */
  add(items: readonly RealtimeItem[]): void {
    this.#items.push(...items)
    for (const item of items) this.#characters += lengthOf(item)
    while (this.#items.length > mostItems || this.#characters > mostCharacters) this.#forget(this.#items[0]!)
  }

  retrieve(id: unknown): OpenAiError | undefined {
    const item = this.#find(id)
    if (!item) return notFound(id, 'item_id')
    this.#tell({ type: 'conversation.item.retrieved', item })
    return undefined
  }

  delete(id: unknown): OpenAiError | undefined {
    const item = this.#find(id)
    if (!item) return notFound(id, 'item_id')
    this.#forget(item)
    this.#tell({ type: 'conversation.item.deleted', item_id: item.id })
    return undefined
  }

  /** The caller has heard only so much of an answer: what was not heard was not said. */
  truncate({ item_id: id, content_index, audio_end_ms: heardMs }: JsonObject): OpenAiError | undefined {
    const item = this.#find(id)
    if (!item) return notFound(id, 'item_id')
    const transcript = spokenTextOf(item)
    if (transcript === undefined)
      return invalidRequest('Only spoken messages of the assistant can be truncated.', 'item_id')
    const spokenForMs = spokenMs(transcript.length)
    if (typeof heardMs !== 'number' || !(heardMs >= 0) || heardMs > spokenForMs)
      return invalidRequest(
        `Audio content of ${spokenForMs}ms is already shorter than ${String(heardMs)}ms`,
        'audio_end_ms',
        'invalid_value',
      )
    const heard = transcript.slice(0, Math.floor((transcript.length * heardMs) / spokenForMs))
    const content = [{ type: 'output_audio', transcript: heard }]
    const left = { ...item, content }
    this.#items = this.#items.map((each) => (each === item ? left : each))
    this.#characters += lengthOf(left) - lengthOf(item)
    const audio_end_ms = heardMs
    this.#tell({ type: 'conversation.item.truncated', item_id: item.id, content_index, audio_end_ms })
    return undefined
  }

  /** The conversation as one of text, as the Responses API has it. */
  asText(items: readonly unknown[] = this.#items): readonly unknown[] {
    return items.map((item) => this.#textOf(item))
  }

  #textOf(item: unknown): unknown {
    if (!isObject(item) || !Array.isArray(item['content'])) return item
    const heard = this.#heard.get(String(item['id']))
    const content = item['content'].map((part: unknown) => {
      if (!isObject(part) || part['text'] !== undefined) return part
      if (part['type'] === 'input_audio')
        return { type: 'input_text', text: heard ?? part['transcript'] ?? '' }
      if (part['type'] === 'output_audio') return { type: 'output_text', text: part['transcript'] ?? '' }
      return part
    })
    return { ...item, content }
  }

  #find(id: unknown): RealtimeItem | undefined {
    return this.#items.find((item) => item.id === id)
  }

  #forget(item: RealtimeItem): void {
    this.#items = this.#items.filter((each) => each !== item)
    this.#characters -= lengthOf(item)
    this.#heard.delete(item.id)
  }

  /** Where an item goes: after the one that is named, at the end where none is. */
  #after(previousId: unknown): number | undefined {
    if (previousId === undefined || previousId === null) return this.#items.length
    if (previousId === 'root') return 0
    const index = this.#items.findIndex(({ id }) => id === previousId)
    return index < 0 ? undefined : index + 1
  }

  #tellOf(item: RealtimeItem, previous_item_id: string | null): void {
    for (const what of ['added', 'done'])
      this.#tell({ type: `conversation.item.${what}`, previous_item_id, item })
  }
}

const lengthOf = (item: RealtimeItem): number => JSON.stringify(item).length

const notFound = (id: unknown, param: string): OpenAiError =>
  invalidRequest(`No item has the id '${String(id)}'.`, param, 'item_not_found')

function spokenTextOf({ role, content }: RealtimeItem): string | undefined {
  const part: unknown = role === 'assistant' && Array.isArray(content) ? content[0] : undefined
  return isObject(part) && typeof part['transcript'] === 'string' ? part['transcript'] : undefined
}
