import { integerIn } from './openai-sampling.ts'
import { isObject, type JsonObject, type ReadRequest, readRequest, requireShallow } from './request-fields.ts'

/** An item that can be asked for by its name. */
export type NamedItem = JsonObject & { readonly id: string }

const most = 100
const usual = 20

/** A page of items, newest first where nobody says otherwise. */
export function itemPage(listed: () => readonly NamedItem[], query: URLSearchParams): ReadRequest<string> {
  const given = query.get('limit')
  return readRequest(JSON.stringify(given === null ? {} : { limit: Number(given) }), (asked) => {
    const limit = integerIn(asked, 'limit', 1, most) ?? usual
    const items = listed()
    const inOrder = query.get('order') === 'asc' ? items : items.toReversed()
    const from = inOrder.findIndex((item) => item.id === query.get('after')) + 1
    return itemList(inOrder.slice(from, from + limit), from + limit < inOrder.length)
  })
}

/** Items as they are told. */
export function itemList(data: readonly NamedItem[], hasMore = false): string {
  const [first_id, last_id] = [data[0]?.id ?? null, data.at(-1)?.id ?? null]
  return JSON.stringify({ object: 'list', data, first_id, last_id, has_more: hasMore })
}

/** A reference need not say that it is one. */
export const typeOf = ({ type, role, id }: JsonObject): unknown =>
  type ?? (role === undefined && id !== undefined ? 'item_reference' : 'message')

/** What a request says as items with a name each: their own, or one by which they stand in `place`. */
export function namedItems(place: string, input: unknown): readonly NamedItem[] {
  requireShallow(input, 'input')
  const given: readonly unknown[] = Array.isArray(input) ? input : [{ role: 'user', content: input }]
  return given.filter(isObject).map((item, index) => {
    const { content } = item
    const type = typeOf(item)
    const name = `${prefixes.get(type) ?? 'item'}_${place}_${index}`
    const said = { ...item, type, id: typeof item['id'] === 'string' ? item['id'] : name }
    if (typeof content !== 'string') return said
    const kind = item['role'] === 'assistant' ? 'output_text' : 'input_text'
    return { ...said, status: 'completed', content: [{ type: kind, text: content }] }
  })
}

const prefixes: ReadonlyMap<unknown, string> = new Map([
  ['message', 'msg'],
  ['function_call', 'fc'],
  ['function_call_output', 'fco'],
  ['custom_tool_call', 'ctc'],
  ['custom_tool_call_output', 'ctco'],
  ['reasoning', 'rs'],
])
