import { invalidRequest, type OpenAiError } from './openai-error.ts'
import { integerIn } from './openai-sampling.ts'
import { isObject, type JsonObject, type ReadRequest, readRequest, requireShallow } from './request-fields.ts'

/** Why a response cannot be told again. */
export const responseNotFound = (id: string): OpenAiError => ({
  ...invalidRequest(`Response with id '${id.slice(0, 100)}' not found.`),
  status: 404,
})

/** OpenAI streams again, from `starting_after` on, what was created in the background alone, which is not played. */
export const notInBackground = invalidRequest(
  'This response cannot be streamed because it was not created with background=true.',
  'stream',
  'invalid_request_error',
)

/** What is answered when a response is deleted. */
export const deletedResponse = (id: string): string =>
  JSON.stringify({ id, object: 'response', deleted: true })

const most = 100
const usual = 20

/** A page of what a response was asked, newest first where nobody says otherwise. */
export function inputItemPage(id: string, body: string, query: URLSearchParams): ReadRequest<string> {
  const given = query.get('limit')
  return readRequest(JSON.stringify(given === null ? {} : { limit: Number(given) }), (asked) =>
    page(id, body, query, integerIn(asked, 'limit', 1, most) ?? usual),
  )
}

function page(id: string, body: string, query: URLSearchParams, limit: number): string {
  const { input } = JSON.parse(body) as JsonObject
  requireShallow(input, 'input')
  const items = inputItems(id, input)
  const inOrder = query.get('order') === 'asc' ? items : items.toReversed()
  const from = inOrder.findIndex((item) => item.id === query.get('after')) + 1
  const data = inOrder.slice(from, from + limit)
  const has_more = from + limit < inOrder.length
  return JSON.stringify({
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more,
  })
}

/** Items with a name each: their own, or one by which they stand in this response. */
function inputItems(responseId: string, input: unknown): readonly { readonly id: string }[] {
  const given: readonly unknown[] = Array.isArray(input) ? input : [{ role: 'user', content: input }]
  return given.filter(isObject).map((item, index) => {
    const { type = 'message', content } = item
    const name = `${prefixes[String(type)] ?? 'item'}_in_${responseId}_${index}`
    const said = { ...item, type, id: typeof item['id'] === 'string' ? item['id'] : name }
    if (typeof content !== 'string') return said
    const kind = item['role'] === 'assistant' ? 'output_text' : 'input_text'
    return { ...said, status: 'completed', content: [{ type: kind, text: content }] }
  })
}

const prefixes: Readonly<Record<string, string>> = {
  message: 'msg',
  function_call: 'fc',
  function_call_output: 'fco',
  custom_tool_call: 'ctc',
  custom_tool_call_output: 'ctco',
  reasoning: 'rs',
}
