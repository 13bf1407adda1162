import { exchangesOf, unanswered, unasked } from './exchanges.ts'
import {
  type Called,
  type DeclaredTool,
  modelMessage,
  type ModelMessage,
  type ModelRequest,
  promptCharacters,
  type ResponseFormat,
  type Thinking,
  type ToolChoice,
} from './model-request.ts'
import {
  array,
  boolean,
  isObject,
  type JsonObject,
  listIn,
  modelName,
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
import { isOpenAiModel, mayBeOpenAis, requireFitForChat } from './openai-model-rules.ts'
import { requireChatSchemas } from './openai-schema.ts'
import { chatStops, integerIn, requireChatSampling } from './openai-sampling.ts'
import { requireJsonSaid } from './json-said.ts'
import { checkedChoice, customTool, declaredTool, declaredTools } from './tool-fields.ts'

/** A chat completion request, checked and brought to one form. */
export interface ChatRequest extends ModelRequest {
  readonly includeUsage: boolean
  /** It demands a tool by its name. */
  readonly namesTool: boolean
  /** Its tokens are told, with so many alternatives each; not at all where absent. */
  readonly logprobs?: number
}

/** Chat completions tell of what was thought in what was used alone. */
const silentThinking: Thinking = { budgetTokens: Infinity, isShown: false, isSilent: true }

const mostTools = 128
const mostChoices = 128

const roles = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function'])

/**
 * Reads the body of `POST /v1/chat/completions`; what is wrong with it is answered, never thrown. A deployment is
 * the model that the path names.
 */
export function readChatRequest(body: string, deployment?: string): ReadRequest<ChatRequest> {
  return readRequest(body, (value) => chatRequest(value, deployment))
}

function chatRequest(body: JsonObject, deployment: string | undefined): ChatRequest {
  const model = modelName(body, deployment)
  requirePlayed(body)
  requireChatSampling(body)
  requireFitForChat(body, model)
  if (!Array.isArray(body['messages'])) throw wrongType('messages', 'an array of messages', body['messages'])
  const isOpenAis = deployment === undefined ? isOpenAiModel(model) : mayBeOpenAis(deployment)
  if (isOpenAis) requireSaid(listIn(body, 'messages'))
  const messages = body['messages'].map(chatMessage)
  if (messages.length === 0) throw new Refusal("'messages' is empty; at least one is needed.", 'messages')
  requireAnswers(messages)
  const choices = integerIn(body, 'n', 1, mostChoices) ?? 1
  const stream = optional(body, 'stream', boolean) ?? false
  const streamOptions = optional(body, 'stream_options', object)
  if (streamOptions && !stream)
    throw new Refusal(
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      'stream_options',
    )
  const entries = optional(body, 'tools', array)
  if (entries?.length === 0)
    throw new Refusal("Invalid 'tools': empty array. Expected at least 1 tool.", 'tools', 'empty_array')
  requireFew(entries ?? [], 'tools', mostTools)
  const tools = declaredTools(entries, declaredFunction)
  const declared = tools.length === 0 ? '' : JSON.stringify(entries)
  const parallel = optional(body, 'parallel_tool_calls', boolean)
  if (isOpenAis && parallel !== undefined && !entries)
    throw new Refusal(
      "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.",
      'parallel_tool_calls',
    )
  const effort = optional(body, 'reasoning_effort', string)
  const format = responseFormat(optional(body, 'response_format', object), messages)
  // Tools and format are known to be shallow by now.
  if (isOpenAis) requireChatSchemas(body)
  return {
    model,
    messages,
    tools,
    toolChoice: toolChoice(body['tool_choice'], tools),
    namesTool: namesTool(body['tool_choice']),
    parallelToolCalls: parallel ?? true,
    format,
    maxTokens: integerIn(body, 'max_completion_tokens', 1) ?? integerIn(body, 'max_tokens', 1),
    ...chatStops(body),
    choices,
    stream,
    ...(body['logprobs'] === true ? { logprobs: integerIn(body, 'top_logprobs', 0) ?? 0 } : {}),
    ...(effort === undefined || effort === 'none' ? {} : { thinking: silentThinking }),
    includeUsage: streamOptions ? (optional(streamOptions, 'include_usage', boolean) ?? false) : false,
    declared,
    characters: promptCharacters(messages, declared),
  }
}

/** What is not played is refused: an agent that waits for it would be answered as if it had not asked. */
function requirePlayed(body: JsonObject): void {
  for (const name of ['functions', 'function_call', 'audio'])
    if (body[name] !== undefined && body[name] !== null)
      throw new Refusal(`'${name}' is not played here.`, name, 'unsupported_parameter')
}

function chatMessage(value: unknown, index: number): ModelMessage {
  const param = `messages[${index}]`
  if (!isObject(value)) throw wrongType(param, 'an object', value)
  const role = value['role']
  if (typeof role !== 'string') throw wrongType(`${param}.role`, 'a string', role)
  if (!roles.has(role))
    throw new Refusal(
      `Invalid value: '${role.slice(0, 40)}'. Supported values are: ${[...roles].join(', ')}.`,
      `${param}.role`,
      'invalid_value',
    )
  const text = contentText(value['content'], role, `${param}.content`)
  const toolCallId = value['tool_call_id']
  if (role === 'tool' && typeof toolCallId !== 'string')
    throw wrongType(`${param}.tool_call_id`, 'a string', toolCallId)
  return modelMessage(role, text, {
    toolCallId: typeof toolCallId === 'string' ? toolCallId : undefined,
    called: calledTools(value['tool_calls'], `${param}.tool_calls`),
  })
}

/** What stands in the place of an assistant's words. */
const insteadOfContent = ['tool_calls', 'function_call', 'refusal', 'audio'] as const

/** Histories that are put together by hand hold assistants who neither speak nor call. */
function requireSaid(messages: readonly JsonObject[]): void {
  for (const [index, message] of messages.entries()) {
    const { role, content, tool_calls: calls } = message
    if (role !== 'assistant') continue
    const param = `messages[${index}].tool_calls`
    if (Array.isArray(calls) && calls.length === 0)
      throw new Refusal(
        `Invalid '${param}': empty array. Expected an array with minimum length 1, but got an empty array instead.`,
        param,
        'empty_array',
      )
    const isSilent = insteadOfContent.every((name) => (message[name] ?? undefined) === undefined)
    if ((content ?? undefined) === undefined && isSilent)
      throw new Refusal(
        "Invalid value for 'content': expected a string, got null.",
        `messages.[${index}].content`,
      )
  }
}

/** Results stand right behind the message that called for them, one for each call. */
function requireAnswers(messages: readonly ModelMessage[]): void {
  for (const exchange of exchangesOf(messages)) {
    const stray = unasked(exchange)
    const at = stray ? messages.indexOf(stray) : exchange.at
    if (stray && exchange.called.length === 0)
      throw new Refusal(
        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
        `messages.[${at}].role`,
      )
    if (stray)
      throw new Refusal(
        `Invalid parameter: 'tool_call_id' of '${stray.toolCallId!.slice(0, 100)}' not found in 'tool_calls' of previous message.`,
        `messages.[${at}].tool_call_id`,
      )
    const missing = unanswered(exchange)
    if (missing.length > 0)
      throw new Refusal(
        `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${missing.join(', ').slice(0, 400)}`,
        `messages.[${at}].role`,
      )
  }
}

function contentText(content: unknown, role: string, param: string): string {
  if (typeof content === 'string') return content
  if ((content === null || content === undefined) && (role === 'assistant' || role === 'function')) return ''
  if (!Array.isArray(content)) throw wrongType(param, 'a string or an array of parts', content)
  return content
    .map((part: unknown, index) => {
      if (!isObject(part)) throw wrongType(`${param}[${index}]`, 'an object', part)
      const type = part['type']
      if (typeof type !== 'string') throw wrongType(`${param}[${index}].type`, 'a string', type)
      const text = part['text'] ?? part['refusal'] ?? (type === 'text' ? undefined : '')
      if (typeof text !== 'string') throw wrongType(`${param}[${index}].text`, 'a string', text)
      return text
    })
    .join('')
}

function calledTools(calls: unknown, param: string): readonly Called[] {
  if (calls === undefined || calls === null) return []
  if (!Array.isArray(calls)) throw wrongType(param, 'an array', calls)
  return calls.flatMap((call: unknown) => {
    const called = isObject(call) ? (call['function'] ?? call['custom']) : undefined
    if (!isObject(called)) return []
    const text = (value: unknown): string => (typeof value === 'string' ? value : '')
    const given = text(called['arguments'] ?? called['input'])
    return [{ id: text((call as JsonObject)['id']), name: text(called['name']), arguments: given }]
  })
}

/** Tools of other kinds are not called, so they are not kept. */
function declaredFunction(value: unknown, index: number): DeclaredTool[] {
  const param = `tools[${index}]`
  if (!isObject(value)) throw wrongType(param, 'an object', value)
  if (typeof value['type'] !== 'string') throw wrongType(`${param}.type`, 'a string', value['type'])
  if (value['type'] === 'custom')
    return customTool(required(value, 'custom', object, `${param}.`), `${param}.custom`)
  if (value['type'] !== 'function') return []
  const declared = value['function']
  if (!isObject(declared)) throw wrongType(`${param}.function`, 'an object', declared)
  const parameters = optional(declared, 'parameters', object)
  return [declaredTool(declared, parameters, `${param}.function.name`)]
}

function toolChoice(value: unknown, tools: readonly DeclaredTool[]): ToolChoice {
  if (value === undefined || value === null) return { mode: 'auto' }
  if (value === 'auto' || value === 'none' || value === 'required')
    return checkedChoice({ mode: value }, tools)
  if (!isObject(value)) throw wrongType('tool_choice', "'none', 'auto', 'required' or an object", value)
  if (namesTool(value)) return checkedChoice({ mode: 'required', names: [toolName(value)] }, tools)
  const allowed = value['allowed_tools']
  if (value['type'] !== 'allowed_tools' || !isObject(allowed) || !Array.isArray(allowed['tools']))
    throw new Refusal(
      "Unsupported 'tool_choice': use 'function', 'custom' or 'allowed_tools'.",
      'tool_choice',
      'unsupported_value',
    )
  const mode = allowed['mode'] === 'required' ? 'required' : 'auto'
  return checkedChoice({ mode, names: allowed['tools'].map(toolName) }, tools)
}

const namesTool = (choice: unknown): boolean =>
  isObject(choice) && (choice['type'] === 'function' || choice['type'] === 'custom')

function toolName(value: unknown): string {
  const called = isObject(value) ? (value['function'] ?? value['custom']) : undefined
  const name = isObject(called) ? called['name'] : undefined
  if (typeof name !== 'string') throw wrongType('tool_choice', 'an object with the name of a tool', value)
  return name
}

function responseFormat(value: JsonObject | undefined, messages: readonly ModelMessage[]): ResponseFormat {
  const type = value?.['type'] ?? 'text'
  if (type === 'text') return { kind: 'text' }
  if (type === 'json_object') {
    requireJsonSaid(messages, 'messages', 'response_format')
    return { kind: 'json' }
  }
  if (type !== 'json_schema')
    throw new Refusal(
      "Supported values of 'response_format.type' are: text, json_object, json_schema.",
      'response_format.type',
      'invalid_value',
    )
  const named = value?.['json_schema']
  if (!isObject(named)) throw wrongType('response_format.json_schema', 'an object', named)
  required(named, 'name', string, 'response_format.json_schema.')
  const schema = optional(named, 'schema', object) ?? {}
  requireShallow(schema, 'response_format.json_schema.schema')
  return { kind: 'schema', schema }
}
