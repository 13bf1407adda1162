import { isDirective } from './anthropic-rules.ts'
import { isObject, type JsonObject, listIn, Refusal } from './request-fields.ts'
import { type Check, firstWrong } from './wrong-schema.ts'

/** Whether a model of this name is a Claude, whoever serves it; the same API is spoken for other models that take more. */
const isClaude = (model: string): boolean => /claude/i.test(model)

/** Refuses what Claude refuses of requests that were written for another API, or put together by hand. */
export function requireFitForClaude(body: JsonObject, model: string): void {
  if (!isClaude(model)) return
  requireSchemas(body)
  const messages = listIn(body, 'messages')
  for (const [index, message] of messages.entries()) requireMessage(message, `messages.${index}`)
  const foreign = othersParameters.find((name) => name in body)
  if (foreign !== undefined) throw extra(foreign)
  const { thinking, temperature } = body
  const thinks = isObject(thinking) && (thinking['type'] === 'enabled' || thinking['type'] === 'adaptive')
  if (thinks && typeof temperature === 'number' && temperature !== 1)
    throw new Refusal(
      '`temperature` may only be set to 1 when thinking is enabled or in adaptive mode. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#important-considerations-when-using-extended-thinking',
      'temperature',
    )
  // What a thread begins with was said before.
  if (!isObject(body['thread'])) requireSystemPlaces(messages)
  requireUserAtEnd(messages, model)
}

/** Models from 4.6 on begin their answers themselves. */
export function requireUserAtEnd(messages: readonly JsonObject[], model: string): void {
  const last = messages.at(-1)
  if (last?.['role'] !== 'assistant' || !isSince46(model)) return
  // A turn that the server itself interrupted goes on.
  if (listIn(last, 'content').some(({ type }) => resumable.has(type))) return
  throw new Refusal(
    'This model does not support assistant message prefill. The conversation must end with a user message.',
    'messages',
  )
}

const resumable = new Set<unknown>(['server_tool_use', 'mcp_tool_use', 'compaction'])

/** A date that follows the first number is no second one. */
function isSince46(model: string): boolean {
  const [, major, minor = '0'] = /claude-[a-z]+-(\d{1,2})(?:-(\d{1,2}))?(?!\d)/.exec(model) ?? []
  return Number(major) * 100 + Number(minor) >= 406
}

/** Parameters of other vendors' APIs that Claude's has by no name, in no beta. */
const othersParameters = [
  'response_format',
  'instructions',
  'input',
  'n',
  'user',
  'logprobs',
  'stop',
  'seed',
  'effort',
  'reasoning_effort',
  'max_completion_tokens',
  'parallel_tool_calls',
  'frequency_penalty',
  'presence_penalty',
] as const

const extra = (name: string): Refusal => new Refusal(`${name}: Extra inputs are not permitted`, name)

const ofMessage = new Set(['role', 'content'])
const ofSystemMessage = new Set([...ofMessage, 'clear_at', 'output_config'])

/** What an answer tells beside its content does not go back with it. */
function requireMessage(message: JsonObject, path: string): void {
  const known = message['role'] === 'system' ? ofSystemMessage : ofMessage
  const unknown = Object.keys(message).find((name) => !known.has(name))
  if (unknown !== undefined) throw extra(`${path}.${unknown.slice(0, 100)}`)
  for (const [index, { type }] of listIn(message, 'content').entries())
    if (typeof type === 'string' && othersBlocks.has(type))
      throw new Refusal(
        `${path}.content.${index}: Input tag '${type}' found using 'type' does not match any of the expected tags: 'document', 'image', 'redacted_thinking', 'search_result', 'server_tool_use', 'text', 'thinking', 'tool_result', 'tool_use', 'web_search_tool_result'`,
        `${path}.content.${index}`,
      )
}

/** Blocks of other APIs; those of Claude's own are more with each beta. */
const othersBlocks = new Set([
  'image_url',
  'input_text',
  'output_text',
  'input_image',
  'input_audio',
  'input_file',
  'refusal',
  'function_call',
  'function_call_output',
  'tool-call',
  'tool-result',
])

const wherever = 'the directive-only form (content: [] with output_config) is accepted at any position'

/** The system speaks at the top, and within a conversation before the assistant does or last of all. */
function requireSystemPlaces(messages: readonly JsonObject[]): void {
  for (const [index, message] of messages.entries()) {
    if (message['role'] !== 'system' || isDirective(message)) continue
    if (index === 0)
      throw new Refusal(
        `messages.0: use the top-level 'system' parameter for the initial system prompt; ${wherever}`,
        'messages.0',
      )
    const next = messages[index + 1]?.['role']
    if (next === 'user')
      throw new Refusal(
        `messages.${index}: role 'system' must precede an 'assistant' message or end the array; ${wherever}`,
        `messages.${index}`,
      )
  }
}

const combinators = ['oneOf', 'allOf', 'anyOf']

function requireSchemas(body: JsonObject): void {
  for (const [index, { input_schema: schema, type = 'custom' }] of listIn(body, 'tools').entries()) {
    if (!isObject(schema) || type !== 'custom') continue
    const path = `tools.${index}.custom.input_schema`
    if (schema['type'] === undefined) throw new Refusal(`${path}.type: Field required`, path)
    if (combinators.some((name) => name in schema))
      throw new Refusal(
        `${path}: input_schema does not support oneOf, allOf, or anyOf at the top level`,
        path,
      )
  }
  const config = body['output_config']
  const format = isObject(config) ? config['format'] : undefined
  const path = 'output_config.format.schema'
  const wrong =
    isObject(format) && isObject(format['schema']) ? firstWrong(format['schema'], wrongWhereOpen) : undefined
  if (wrong) throw new Refusal(`${path}: ${wrong.why}`, path)
}

/** What answers are made of names all that it may hold. */
const wrongWhereOpen: Check = ({ type, additionalProperties }) => {
  if (type !== 'object' || additionalProperties === false) return undefined
  return additionalProperties === undefined
    ? { why: "For 'object' type, 'additionalProperties' must be explicitly set to false" }
    : {
        why: `For 'object' type, 'additionalProperties: ${JSON.stringify(additionalProperties)}' is not supported. Please set 'additionalProperties' to false`,
      }
}
