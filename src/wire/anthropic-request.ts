import { type CacheMark, cacheMarks, upToMarks } from './anthropic-cache.ts'
import { requireAccepted } from './anthropic-rules.ts'
import { requireFitForClaude } from './claude-rules.ts'
import { exchangesOf, unanswered, unasked } from './exchanges.ts'
import {
  type Called,
  type DeclaredTool,
  modelMessage,
  type ModelMessage,
  type ModelRequest,
  type Prompt,
  promptCharacters,
  type PromptParts,
  type ResponseFormat,
  type Thinking,
  type ToolChoice,
} from './model-request.ts'
import {
  array,
  boolean,
  count,
  isObject,
  type JsonObject,
  modelName,
  object,
  optional,
  type ReadRequest,
  readRequest,
  Refusal,
  required,
  requireShallow,
  string,
  wholeNumber,
  wrongType,
} from './request-fields.ts'
import { stopSequences } from './stop-sequences.ts'
import { checkedChoice, declaredTool, declaredTools, requireUnique } from './tool-fields.ts'

/** A request for a message, checked and brought to one form. */
export interface MessagesRequest extends ModelRequest {
  /** The conversation is kept under the id of the answer. */
  readonly isThread: boolean
}

/** What an earlier answer ended, and the tools that were declared then. */
export interface Thread {
  readonly messages: readonly ModelMessage[]
  readonly tools?: readonly DeclaredTool[]
}

/** The thread that a message ended; undefined where it is not known. */
export type RecallThread = (messageId: string) => Thread | undefined

const nothing: Thread = { messages: [] }

/** Reads the body of `POST /v1/messages`; what is wrong with it is answered, never thrown. */
export function readMessagesRequest(
  body: string,
  recall: RecallThread = () => nothing,
): ReadRequest<MessagesRequest> {
  return readRequest(body, (value) => {
    const most = required(value, 'max_tokens', count)
    const request = messagesRequest(value, recall)
    requireFitForClaude(value, request.model)
    const budget = request.thinking?.budgetTokens ?? Infinity
    if (budget < Infinity && budget >= most)
      throw new Refusal('`max_tokens` must be greater than `thinking.budget_tokens`', 'max_tokens')
    return request
  })
}

/** Reads what Claude is asked through Bedrock's `InvokeModel`: the same, but for the model and the version. */
export function readInvokeRequest(
  body: string,
  path: { readonly model: string; readonly stream: boolean },
): ReadRequest<MessagesRequest> {
  return readRequest(body, (value) => {
    required(value, 'anthropic_version', string)
    required(value, 'max_tokens', wholeNumber)
    const { model, stream } = path
    const request = messagesRequest({ ...value, model }, () => nothing)
    requireFitForClaude(value, model)
    return { ...request, stream }
  })
}

/** Reads the body of `POST /v1/messages/count_tokens`, which names no `max_tokens`. */
export function readCountTokensRequest(body: string): ReadRequest<ModelRequest> {
  return readRequest(body, (value) => messagesRequest(value, () => nothing))
}

const roles = new Set(['user', 'assistant', 'system'])
const longestToolName = 128
/** Anthropic tells no limit: as many as Converse takes, by which the same models are asked. */
const mostStops = 2500

function messagesRequest(body: JsonObject, recall: RecallThread): MessagesRequest {
  const model = modelName(body)
  const entries = required(body, 'messages', array)
  const thread = optional(body, 'thread', object)
  const earlier = thread && threadBefore(thread, recall)
  if (entries.length === 0 && !earlier)
    throw new Refusal('messages: at least one message is required', 'messages')
  const system = systemMessages(body['system'])
  const turns = entries.map(messagesOf)
  const own = [...system, ...turns.flat()]
  const messages = earlier ? [...earlier.messages, ...own] : own
  requireAnswers(messages, turns)
  requireAccepted(body)
  const declarations = optional(body, 'tools', array)
  const tools = declarations || !earlier ? declaredTools(declarations, toolOf) : (earlier.tools ?? [])
  requireUnique(tools, () => 'tools: Tool names must be unique.')
  const choice = optional(body, 'tool_choice', object)
  const thinking = thinkingOf(optional(body, 'thinking', object))
  const counted = declarations ?? tools
  const declared = counted.length > 0 ? JSON.stringify(counted) : ''
  const prompt = { messages, tools, declared, characters: promptCharacters(messages, declared) }
  const marks = cacheMarks(body)
  // A thread is kept as a whole, whatever is marked in what is new of it.
  const upTo = (some: readonly CacheMark[]): Prompt =>
    thread ? prompt : upToMarks(some, prompt, { system, turns, tools, declared })
  const hourly = marks.filter(({ isForAnHour }) => isForAnHour)
  return {
    ...prompt,
    model,
    toolChoice: toolChoice(choice, tools),
    parallelToolCalls: !(choice && optional(choice, 'disable_parallel_tool_use', boolean, 'tool_choice.')),
    format: outputFormat(optional(body, 'output_config', object)),
    maxTokens: optional(body, 'max_tokens', count),
    ...stopSequences(body, 'stop_sequences', mostStops),
    stream: optional(body, 'stream', boolean) ?? false,
    ...(thinking ? { thinking } : {}),
    cacheable: upTo(marks),
    ...(hourly.length > 0 ? { hourly: upTo(hourly) } : {}),
    isThread: thread !== undefined,
  }
}

/** What the request goes on from; undefined where a thread begins. */
function threadBefore(thread: JsonObject, recall: RecallThread): Thread | undefined {
  const type = required(thread, 'type', string, 'thread.')
  if (type === 'create') return undefined
  if (type !== 'continue')
    throw new Refusal("thread.type: Input should be 'create' or 'continue'", 'thread.type')
  const id = required(thread, 'previous_message_id', string, 'thread.')
  const known = recall(id)
  if (known) return known
  // Its clients begin anew by themselves where the error says so.
  const message = `No thread state was found for previous_message_id '${id.slice(0, 100)}'.`
  throw new Refusal(message, 'thread.previous_message_id', 'thread_not_found')
}

function systemMessages(system: unknown): ModelMessage[] {
  if (system === undefined || system === null) return []
  return [modelMessage('system', blocksText(system, 'system'))]
}

/** Results of tools stand among the blocks of a user's message; each becomes a message of its own. */
function messagesOf(value: unknown, index: number): ModelMessage[] {
  const path = `messages[${index}]`
  if (!isObject(value)) throw wrongType(path, 'an object', value)
  const role = required(value, 'role', string, `${path}.`)
  if (!roles.has(role))
    throw new Refusal(`${path}.role: Input should be 'user' or 'assistant'`, `${path}.role`, 'invalid_value')
  const { content } = value
  if (!Array.isArray(content)) {
    return [modelMessage(role, blocksText(content, `${path}.content`))]
  }
  const results: ModelMessage[] = []
  const called: Called[] = []
  let text = ''
  let thought = ''
  for (const [at, block] of content.entries() as ArrayIterator<[number, unknown]>) {
    const blockPath = `${path}.content[${at}]`
    if (!isObject(block)) throw wrongType(blockPath, 'an object', block)
    const type = required(block, 'type', string, `${blockPath}.`)
    if (type === 'text') text += required(block, 'text', string, `${blockPath}.`)
    else if (type === 'tool_use') called.push(calledTool(block, blockPath))
    else if (type === 'thinking') thought += required(block, 'thinking', string, `${blockPath}.`)
    else if (type === 'tool_result') results.push(toolResult(block, blockPath))
  }
  const own = modelMessage(role, text, { called, thought })
  return results.length > 0 && text === '' ? results : [...results, own]
}

/** Results stand in the message after the one that called for them, one for each call. */
function requireAnswers(messages: readonly ModelMessage[], turns: PromptParts['turns']): void {
  const placeOf = (message: ModelMessage): string =>
    `messages.${turns.findIndex((turn) => turn.includes(message))}`
  for (const exchange of exchangesOf(messages)) {
    const stray = unasked(exchange)
    if (stray) {
      const place = `${placeOf(stray)}.content.0`
      throw new Refusal(
        `${place}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray.toolCallId!.slice(0, 100)}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
        place,
      )
    }
    const missing = unanswered(exchange).join(', ').slice(0, 400)
    const place = placeOf(messages[exchange.at]!)
    if (missing !== '')
      throw new Refusal(
        `${place}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
        place,
      )
  }
}

function calledTool(block: JsonObject, path: string): Called {
  const input = required(block, 'input', object, `${path}.`)
  requireShallow(input, `${path}.input`)
  const id = required(block, 'id', string, `${path}.`)
  return { id, name: required(block, 'name', string, `${path}.`), arguments: JSON.stringify(input) }
}

function toolResult(block: JsonObject, path: string): ModelMessage {
  const toolCallId = required(block, 'tool_use_id', string, `${path}.`)
  const { content } = block
  const text = content === undefined || content === null ? '' : blocksText(content, `${path}.content`)
  return modelMessage('tool', text, { toolCallId })
}

/** Text, or the text of those blocks that have any. */
function blocksText(content: unknown, path: string): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) throw wrongType(path, 'a string or an array of blocks', content)
  return content
    .map((block: unknown, index) => {
      if (!isObject(block)) throw wrongType(`${path}[${index}]`, 'an object', block)
      return optional(block, 'text', string, `${path}[${index}].`) ?? ''
    })
    .join('')
}

/** Tools that the provider itself would run have a type; they are not called, so they are not kept. */
function toolOf(value: unknown, index: number): DeclaredTool[] {
  const path = `tools[${index}]`
  if (!isObject(value)) throw wrongType(path, 'an object', value)
  if ((optional(value, 'type', string, `${path}.`) ?? 'custom') !== 'custom') return []
  const parameters = required(value, 'input_schema', object, `${path}.`)
  return [declaredTool(value, parameters, `${path}.name`, longestToolName)]
}

function toolChoice(choice: JsonObject | undefined, tools: readonly DeclaredTool[]): ToolChoice {
  if (!choice) return { mode: 'auto' }
  const type = required(choice, 'type', string, 'tool_choice.')
  if (type === 'auto' || type === 'none') return { mode: type }
  if (type === 'any') return checkedChoice({ mode: 'required' }, tools)
  if (type === 'tool')
    return checkedChoice(
      { mode: 'required', names: [required(choice, 'name', string, 'tool_choice.')] },
      tools,
    )
  throw new Refusal(
    "tool_choice.type: Input should be 'auto', 'any', 'tool' or 'none'",
    'tool_choice.type',
    'invalid_value',
  )
}

const leastBudget = 1024

/** What models think between tools alone is not played. */
function thinkingOf(config: JsonObject | undefined): Thinking | undefined {
  if (!config) return undefined
  const type = required(config, 'type', string, 'thinking.')
  if (type === 'disabled' || type === 'between_tools') return undefined
  const isShown = optional(config, 'display', string, 'thinking.') !== 'omitted'
  if (type === 'adaptive') return { budgetTokens: Infinity, isShown }
  if (type !== 'enabled')
    throw new Refusal("thinking.type: Input should be 'enabled', 'disabled' or 'adaptive'", 'thinking.type')
  const budgetTokens = required(config, 'budget_tokens', wholeNumber, 'thinking.')
  if (budgetTokens < leastBudget)
    throw new Refusal(
      `thinking.enabled.budget_tokens: Input should be greater than or equal to ${leastBudget}`,
      'thinking.budget_tokens',
    )
  return { budgetTokens, isShown }
}

function outputFormat(config: JsonObject | undefined): ResponseFormat {
  const format = config && optional(config, 'format', object, 'output_config.')
  if (!format) return { kind: 'text' }
  const schema = required(format, 'schema', object, 'output_config.format.')
  requireShallow(schema, 'output_config.format.schema')
  return { kind: 'schema', schema }
}
