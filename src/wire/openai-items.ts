import { namedItem } from './openai-responses.ts'
import { type JsonObject, listIn, optional, Refusal, string } from './request-fields.ts'

/** What is kept of earlier responses. */
export interface KnownResponses {
  /** Whether the response of this id can still be gone on from. */
  isKept(responseId: string): boolean
  /** Whether it told what was thought. */
  hasThought(responseId: string): boolean
}

/** Refuses what OpenAI refuses of items that are well formed: histories that were cut, or written for another API. */
export function requireFitItems(body: JsonObject, known: KnownResponses): void {
  const items = listIn(body, 'input')
  items.forEach((item, index) => requireParts(item, `input[${index}].content`))
  for (const [index, item] of items.entries()) {
    const id = thoughtId(item)
    if (id === undefined) continue
    requireFound(body, item, id, known)
    const next = items[index + 1]
    if (next && thoughtId(next) !== undefined) continue
    if (!next || !isSaidByModel(next))
      throw new Refusal(
        `Item '${shown(id)}' of type 'reasoning' was provided without its required following item.`,
        'input',
      )
  }
  // What goes on from an earlier response need not tell again what was thought there.
  if (optional(body, 'previous_response_id', string) === undefined) requireThoughts(items, known)
}

/** The types of parts, as errors list them. */
const anyPart =
  "'input_text', 'input_image', 'input_audio', 'output_text', 'refusal', 'input_file', 'computer_screenshot', 'summary_text', and 'encrypted_content'"
const partTypes = new Set(anyPart.match(/\w+(?=')/g))
const assistantsParts = new Set(['output_text', 'refusal'])

/** Parts of Chat Completions, and a user's in the mouth of the assistant, are the mistakes of those who come from there. */
function requireParts(item: JsonObject, param: string): void {
  if ((item['type'] ?? 'message') !== 'message') return
  for (const [index, { type }] of listIn(item, 'content').entries()) {
    if (typeof type !== 'string') continue
    const at = `${param}[${index}]`
    if (!partTypes.has(type)) throw invalidType(type, anyPart, `${at}.type`)
    if (item['role'] === 'assistant' && !assistantsParts.has(type))
      throw invalidType(type, "'output_text' and 'refusal'", at)
  }
}

const invalidType = (type: string, supported: string, param: string): Refusal =>
  new Refusal(
    `Invalid value: '${type.slice(0, 40)}'. Supported values are: ${supported}.`,
    param,
    'invalid_value',
  )

/** Of an item that is a thought, or stands for one. */
function thoughtId({ type = 'item_reference', id }: JsonObject): string | undefined {
  if (typeof id !== 'string' || !id.startsWith('rs_')) return undefined
  return type === 'reasoning' || type === 'item_reference' ? id : undefined
}

/** What is told by its name alone has to be kept; whoever asks to keep nothing has to send it whole, encrypted. */
function requireFound(body: JsonObject, item: JsonObject, id: string, known: KnownResponses): void {
  if (body['store'] !== false || typeof item['encrypted_content'] === 'string') return
  if (known.isKept(`resp_${id.slice('rs_'.length)}`)) return
  throw new Refusal(
    `Item with id '${shown(id)}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`,
    'input',
    null,
    404,
  )
}

/** Words, a call, or whatever else the model may say behind a thought; items of other kinds are not known well enough. */
const isSaidByModel = ({ type = 'message', role }: JsonObject): boolean =>
  type === 'message' ? role === 'assistant' || role === undefined : !String(type).endsWith('_output')

/** A call or a message that came with a thought comes back with it. */
function requireThoughts(items: readonly JsonObject[], known: KnownResponses): void {
  const thoughts = new Set(items.map(thoughtId))
  for (const { id } of items) {
    const said = typeof id === 'string' ? namedItem(id) : undefined
    if (!said || !known.hasThought(said.responseId)) continue
    const thought = said.responseId.replace(/^resp_/, 'rs_')
    if (!thoughts.has(thought))
      throw new Refusal(
        `Item '${shown(id as string)}' of type '${typesByPrefix[(id as string).split('_', 1)[0]!]!}' was provided without its required 'reasoning' item: '${thought}'.`,
        'input',
      )
  }
}

const typesByPrefix: Readonly<Record<string, string>> = {
  msg: 'message',
  fc: 'function_call',
  ctc: 'custom_tool_call',
}

const shown = (id: string): string => id.slice(0, 100)
