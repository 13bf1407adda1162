import { invalidRequest, type OpenAiError } from './openai-error.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** A message, as far as the answer depends on it. */
export interface ChatMessage {
  readonly role: string
  /** Text of the content, its parts joined. */
  readonly text: string
  /** Of a tool's result: the call that it answers. */
  readonly toolCallId?: string
  /** Characters that count as input: the text, and names and arguments of tool calls. */
  readonly characters: number
}

export interface DeclaredTool {
  readonly name: string
  /** JSON Schema of the arguments. */
  readonly parameters: JsonObject
}

export interface ToolChoice {
  readonly mode: 'auto' | 'none' | 'required'
  /** When present, only these may be called. */
  readonly names?: readonly string[]
}

export type ResponseFormat =
  | { readonly kind: 'text' }
  | { readonly kind: 'json' }
  | { readonly kind: 'schema'; readonly schema: JsonObject }

/** A chat completion request, checked and brought to one form. */
export interface ChatRequest {
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly DeclaredTool[]
  readonly toolChoice: ToolChoice
  readonly parallelToolCalls: boolean
  readonly format: ResponseFormat
  readonly maxTokens: number | undefined
  readonly stream: boolean
  readonly includeUsage: boolean
  /** Characters of messages and tool declarations. */
  readonly characters: number
}

const functionNames = /^[a-zA-Z0-9_-]{1,64}$/
/** Levels of arrays and objects in what is read level by level: schemas. */
const deepestLevel = 100
const roles = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function'])

class Refusal extends Error {
  readonly error: OpenAiError

  constructor(message: string, param: string, code: string | null = null) {
    super(message)
    this.error = invalidRequest(message, param, code)
  }
}

/** Reads the body of `POST /v1/chat/completions`; what is wrong with it is answered, never thrown. */
export function readChatRequest(
  body: string,
): { readonly request: ChatRequest } | { readonly error: OpenAiError } {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return {
      error: invalidRequest('The JSON body of the request could not be parsed. It is not valid JSON.'),
    }
  }
  if (!isObject(value)) return { error: invalidRequest('The body of the request has to be a JSON object.') }
  try {
    return { request: chatRequest(value) }
  } catch (error) {
    if (error instanceof Refusal) return { error: error.error }
    throw error
  }
}

function chatRequest(body: JsonObject): ChatRequest {
  const model = body['model']
  if (model === undefined || model === null) throw new Refusal('you must provide a model parameter', 'model')
  if (typeof model !== 'string') throw wrongType('model', 'a string', model)
  if (!Array.isArray(body['messages'])) throw wrongType('messages', 'an array of messages', body['messages'])
  const messages = body['messages'].map(chatMessage)
  if (messages.length === 0) throw new Refusal("'messages' is empty; at least one is needed.", 'messages')
  const n = optional(body, 'n', wholeNumber) ?? 1
  if (n !== 1)
    throw new Refusal(
      `One choice a request is played, so 'n' has to be 1 and not ${n}.`,
      'n',
      'unsupported_value',
    )
  const stream = optional(body, 'stream', boolean) ?? false
  const streamOptions = optional(body, 'stream_options', object)
  if (streamOptions && !stream)
    throw new Refusal(
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      'stream_options',
    )
  const tools = declaredTools(optional(body, 'tools', array))
  const declared = tools.length === 0 ? 0 : JSON.stringify(body['tools']).length
  return {
    model,
    messages,
    tools,
    toolChoice: toolChoice(body['tool_choice'], tools),
    parallelToolCalls: optional(body, 'parallel_tool_calls', boolean) ?? true,
    format: responseFormat(optional(body, 'response_format', object)),
    maxTokens:
      optional(body, 'max_completion_tokens', wholeNumber) ?? optional(body, 'max_tokens', wholeNumber),
    stream,
    includeUsage: streamOptions ? (optional(streamOptions, 'include_usage', boolean) ?? false) : false,
    characters: messages.reduce((sum, message) => sum + message.characters, declared),
  }
}

function chatMessage(value: unknown, index: number): ChatMessage {
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
  const characters = text.length + toolCallCharacters(value['tool_calls'], `${param}.tool_calls`)
  return { role, text, characters, ...(typeof toolCallId === 'string' ? { toolCallId } : {}) }
}

function contentText(content: unknown, role: string, param: string): string {
  if (typeof content === 'string') return content
  if ((content === null || content === undefined) && (role === 'assistant' || role === 'function')) return ''
  if (!Array.isArray(content)) throw wrongType(param, 'a string or an array of parts', content)
  return content
    .map((part: unknown, index) => {
      if (!isObject(part)) throw wrongType(`${param}[${index}]`, 'an object', part)
      const text = part['text'] ?? part['refusal'] ?? ''
      if (typeof text !== 'string') throw wrongType(`${param}[${index}].text`, 'a string', text)
      return text
    })
    .join('')
}

function toolCallCharacters(calls: unknown, param: string): number {
  if (calls === undefined || calls === null) return 0
  if (!Array.isArray(calls)) throw wrongType(param, 'an array', calls)
  return calls.reduce<number>((sum, call: unknown) => {
    const called = isObject(call) ? (call['function'] ?? call['custom']) : undefined
    if (!isObject(called)) return sum
    const length = (value: unknown): number => (typeof value === 'string' ? value.length : 0)
    return sum + length(called['name']) + length(called['arguments'] ?? called['input'])
  }, 0)
}

function declaredTools(entries: readonly unknown[] | undefined): DeclaredTool[] {
  if (entries === undefined) return []
  if (entries.length === 0)
    throw new Refusal("Invalid 'tools': empty array. Expected at least 1 tool.", 'tools', 'empty_array')
  requireShallow(entries, 'tools')
  return entries.flatMap(declaredTool)
}

/** Tools of another kind than functions are not called, so they are not kept. */
function declaredTool(value: unknown, index: number): DeclaredTool[] {
  const param = `tools[${index}]`
  if (!isObject(value)) throw wrongType(param, 'an object', value)
  if (typeof value['type'] !== 'string') throw wrongType(`${param}.type`, 'a string', value['type'])
  if (value['type'] !== 'function') return []
  const declared = value['function']
  if (!isObject(declared)) throw wrongType(`${param}.function`, 'an object', declared)
  const name = declared['name']
  if (typeof name !== 'string') throw wrongType(`${param}.function.name`, 'a string', name)
  if (!functionNames.test(name))
    throw new Refusal(
      `Invalid '${param}.function.name': expected 1 to 64 letters, digits, '_' or '-'.`,
      `${param}.function.name`,
      'invalid_value',
    )
  return [{ name, parameters: optional(declared, 'parameters', object) ?? {} }]
}

function toolChoice(value: unknown, tools: readonly DeclaredTool[]): ToolChoice {
  if (value === undefined || value === null) return { mode: 'auto' }
  if (value === 'auto' || value === 'none' || value === 'required') return chosen({ mode: value }, tools)
  if (!isObject(value)) throw wrongType('tool_choice', "'none', 'auto', 'required' or an object", value)
  if (value['type'] === 'function') return chosen({ mode: 'required', names: [functionName(value)] }, tools)
  const allowed = value['allowed_tools']
  if (value['type'] !== 'allowed_tools' || !isObject(allowed) || !Array.isArray(allowed['tools']))
    throw new Refusal(
      "Unsupported 'tool_choice': use 'function' or 'allowed_tools'.",
      'tool_choice',
      'unsupported_value',
    )
  const mode = allowed['mode'] === 'required' ? 'required' : 'auto'
  return chosen({ mode, names: allowed['tools'].map(functionName) }, tools)
}

function functionName(value: unknown): string {
  const called = isObject(value) ? value['function'] : undefined
  const name = isObject(called) ? called['name'] : undefined
  if (typeof name !== 'string') throw wrongType('tool_choice', 'an object with a function name', value)
  return name
}

function chosen(choice: ToolChoice, tools: readonly DeclaredTool[]): ToolChoice {
  if (choice.mode === 'required' && tools.length === 0)
    throw new Refusal("'tool_choice' is only allowed when 'tools' are specified.", 'tool_choice')
  const unknown = choice.names?.find((name) => !tools.some((tool) => tool.name === name))
  if (unknown !== undefined)
    throw new Refusal(`Tool choice '${unknown.slice(0, 64)}' not found in 'tools' parameter.`, 'tool_choice')
  return choice
}

function responseFormat(value: JsonObject | undefined): ResponseFormat {
  const type = value?.['type'] ?? 'text'
  if (type === 'text') return { kind: 'text' }
  if (type === 'json_object') return { kind: 'json' }
  if (type !== 'json_schema')
    throw new Refusal(
      "Supported values of 'response_format.type' are: text, json_object, json_schema.",
      'response_format.type',
      'invalid_value',
    )
  const named = value?.['json_schema']
  if (!isObject(named)) throw wrongType('response_format.json_schema', 'an object', named)
  const schema = optional(named, 'schema', object) ?? {}
  requireShallow(schema, 'response_format.json_schema.schema')
  return { kind: 'schema', schema }
}

/** Refuses what would nest deeper than the stack of whoever reads it. */
function requireShallow(value: unknown, param: string, level = 0): void {
  if (typeof value !== 'object' || value === null) return
  if (level > deepestLevel)
    throw new Refusal(
      `Invalid '${param}': nested deeper than ${deepestLevel} levels.`,
      param,
      'invalid_value',
    )
  for (const inner of Object.values(value)) requireShallow(inner, param, level + 1)
}

interface Kind<T> {
  readonly words: string
  is(value: unknown): value is T
}

const boolean: Kind<boolean> = { words: 'a boolean', is: (value) => typeof value === 'boolean' }
const object: Kind<JsonObject> = { words: 'an object', is: isObject }
const array: Kind<readonly unknown[]> = { words: 'an array', is: (value) => Array.isArray(value) }
const wholeNumber: Kind<number> = {
  words: 'a whole number of at least 1',
  is: (value): value is number => Number.isSafeInteger(value) && (value as number) >= 1,
}

function optional<T>(from: JsonObject, name: string, kind: Kind<T>): T | undefined {
  const value = from[name]
  if (value === undefined || value === null) return undefined
  if (!kind.is(value)) throw wrongType(name, kind.words, value)
  return value
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrongType(param: string, expected: string, value: unknown): Refusal {
  if (value === undefined)
    return new Refusal(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter')
  const got =
    value === null
      ? 'null'
      : Array.isArray(value)
        ? 'an array'
        : typeof value === 'object'
          ? 'an object'
          : `${typeof value === 'number' ? 'the number' : 'a'} ${typeof value === 'number' ? value : typeof value}`
  return new Refusal(
    `Invalid type for '${param}': expected ${expected}, but got ${got} instead.`,
    param,
    'invalid_type',
  )
}
