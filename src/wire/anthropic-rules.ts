import { isObject, type JsonObject, Refusal } from './request-fields.ts'

/** What Claude refuses of a request that is well formed: what an agent's history grows into, above all. */
export function requireAccepted(body: JsonObject): void {
  const messages = listIn(body, 'messages')
  for (const [index, message] of messages.entries()) {
    const { role, content } = message
    const isLastWord = role === 'assistant' && index === messages.length - 1
    if (!isLastWord && (content === '' || (Array.isArray(content) && content.length === 0)))
      throw new Refusal(
        `messages.${index}: all messages must have non-empty content except for the optional final assistant message`,
        `messages.${index}`,
      )
    if (listIn(message, 'content').some(({ type, text }) => type === 'text' && text === ''))
      throw new Refusal('messages: text content blocks must be non-empty', `messages.${index}`)
  }
  requireFewMarks(body)
  requireThoughts(body, messages)
}

const mostMarks = 4

function requireFewMarks(body: JsonObject): void {
  const found = marksIn(body).length
  if (found > mostMarks)
    throw new Refusal(
      `A maximum of ${mostMarks} blocks with cache_control may be provided. Found ${found}.`,
      'cache_control',
    )
}

/** Whether all that a request asks to be cached is to be kept for an hour, and not for five minutes. */
export function isKeptForAnHour(body: JsonObject): boolean {
  const marks = marksIn(body)
  return marks.length > 0 && marks.every(({ cache_control: mark }) => isObject(mark) && mark['ttl'] === '1h')
}

function marksIn(body: JsonObject): readonly JsonObject[] {
  const blocks = listIn(body, 'messages').flatMap((message) => listIn(message, 'content'))
  const results = blocks.flatMap((block) => (block['type'] === 'tool_result' ? listIn(block, 'content') : []))
  return [body, ...listIn(body, 'tools'), ...listIn(body, 'system'), ...blocks, ...results].filter(isMarked)
}

/** Asks for what stands up to here to be cached. */
export const isMarked = (value: unknown): boolean => isObject(value) && isObject(value['cache_control'])

/** A loop of tools goes on with what was thought at its beginning. */
function requireThoughts(body: JsonObject, messages: readonly JsonObject[]): void {
  const { thinking, tool_choice: choice } = body
  const kind = isObject(thinking) ? thinking['type'] : undefined
  if (kind !== 'enabled' && kind !== 'adaptive') return
  if (isObject(choice) && (choice['type'] === 'any' || choice['type'] === 'tool'))
    throw new Refusal('Thinking may not be enabled when tool_choice forces tool use.', 'tool_choice')
  const last = messages.at(-1)
  const goesOn = last && listIn(last, 'content').some(({ type }) => type === 'tool_result')
  const before = messages.at(-2)
  const first = before?.['role'] === 'assistant' ? listIn(before, 'content')[0]?.['type'] : undefined
  if (kind !== 'enabled' || !goesOn || typeof first !== 'string' || first.endsWith('thinking')) return
  const place = `messages.${messages.length - 2}.content.0.type`
  throw new Refusal(
    `${place}: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first.slice(0, 40)}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks).`,
    place,
  )
}

/** The objects of a list; none where there is no list. */
function listIn(from: JsonObject, name: string): readonly JsonObject[] {
  const list = from[name]
  return Array.isArray(list) ? list.filter(isObject) : []
}
