import { isObject, type JsonObject, listIn, Refusal } from './request-fields.ts'

/** What Claude refuses of a request that is well formed: what an agent's history grows into, above all. */
export function requireAccepted(body: JsonObject): void {
  const messages = listIn(body, 'messages')
  for (const [index, message] of messages.entries()) {
    const { role, content } = message
    const isLastWord = role === 'assistant' && index === messages.length - 1
    if (
      !isLastWord &&
      !isDirective(message) &&
      (content === '' || (Array.isArray(content) && content.length === 0))
    )
      throw new Refusal(
        `messages.${index}: all messages must have non-empty content except for the optional final assistant message`,
        `messages.${index}`,
      )
    if (listIn(message, 'content').some(({ type, text }) => type === 'text' && text === ''))
      throw new Refusal('messages: text content blocks must be non-empty', `messages.${index}`)
  }
  requireSampling(body)
  requireThoughts(body, messages)
}

/** Whether a message says nothing, and only how the model is to answer from there on. */
export const isDirective = ({ role, content, output_config: config }: JsonObject): boolean =>
  role === 'system' && Array.isArray(content) && content.length === 0 && isObject(config)

/** What later models ignore or refuse as a whole is in its range wherever it is taken. */
function requireSampling(body: JsonObject): void {
  for (const name of ['temperature', 'top_p']) {
    const value = body[name] ?? 0
    if (typeof value !== 'number') throw new Refusal(`${name}: Input should be a valid number`, name)
    if (value < 0 || value > 1) throw new Refusal(`${name}: range: 0..1`, name)
  }
  const stops = body['stop_sequences'] ?? []
  const name = 'stop_sequences'
  if (!Array.isArray(stops)) throw new Refusal(`${name}: Input should be a valid array`, name)
  for (const [index, stop] of stops.entries() as ArrayIterator<[number, unknown]>) {
    if (typeof stop !== 'string')
      throw new Refusal(`${name}.${index}: Input should be a valid string`, `${name}.${index}`)
    if (stop === '') throw new Refusal(`${name}: each stop sequence must be non-empty`, name)
    if (stop.trim() === '') throw new Refusal(`${name}: each stop sequence must contain non-whitespace`, name)
  }
}

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
