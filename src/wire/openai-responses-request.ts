import {
  type DeclaredTool,
  modelMessage,
  type ModelMessage,
  type ModelRequest,
  promptCharacters,
  type ResponseFormat,
  type Thinking,
  type ToolChoice,
} from './model-request.ts'
import { conversationNamed, conversationNotFound } from './openai-conversations.ts'
import { typeOf } from './openai-item-list.ts'
import { namedItem } from './openai-responses.ts'
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
import { requireFitItems } from './openai-items.ts'
import { isOpenAiModel, logprobsIncluded, requireFitForResponses } from './openai-model-rules.ts'
import { requireResponsesSchemas } from './openai-schema.ts'
import { integerIn, requireResponsesSampling } from './openai-sampling.ts'
import { requireJsonSaid } from './json-said.ts'
import { checkedChoice, customTool, declaredTool, declaredTools } from './tool-fields.ts'

/** A request for a response, checked and brought to one form. */
export interface ResponsesRequest extends ModelRequest {
  /** What a later request goes on from, with the answer: all messages but the instructions. */
  readonly conversation: readonly ModelMessage[]
  readonly store: boolean
  /** The conversation of the Conversations API that it goes on with. */
  readonly conversationId?: string
  /** What was thought has to come in a form that can be sent back, too. */
  readonly encrypts: boolean
  /** Its tokens are told, with so many alternatives each; not at all where absent. */
  readonly logprobs?: number
  /** What the response repeats of the request. */
  readonly echo: JsonObject
  /** The request as it came. */
  readonly body: string
}

/** The conversation that a stored response ended; undefined where it is not known. */
export type Recall = (responseId: string) => readonly ModelMessage[] | undefined

/** Whether the response of this id told what was thought. */
export type HasThought = (responseId: string) => boolean

/** The items of a conversation of the Conversations API; undefined where it is not known. */
export type ItemsOf = (conversationId: string) => readonly JsonObject[] | undefined

/** Reads the body of `POST /v1/responses`; what is wrong with it is answered, never thrown. */
export function readResponsesRequest(
  body: string,
  recall: Recall,
  hasThought: HasThought = () => false,
  itemsOf: ItemsOf = () => undefined,
): ReadRequest<ResponsesRequest> {
  return readRequest(body, (own) => {
    const conversationId = conversationNamed(own)
    const value = conversationId === undefined ? own : goneOn(own, conversationId, itemsOf)
    const isOpenAis = isOpenAiModel(modelName(value))
    if (isOpenAis) requireOwn(value)
    requireResponsesSampling(value)
    integerIn(value, 'max_output_tokens', leastOutputTokens)
    const request = responsesRequest(value, recall)
    // What stands in a conversation is kept there, whatever `store` says.
    const isKept = (id: string): boolean => conversationId !== undefined || recall(id) !== undefined
    if (isOpenAis) requireFitItems(value, { isKept, hasThought })
    requireAnswers(request.conversation)
    requireFitForResponses(value, request.model)
    if (isOpenAis) requireResponsesSchemas(value)
    return { ...request, body, ...(conversationId === undefined ? {} : { conversationId }) }
  })
}

/** The request as if it had said all of the conversation itself. */
function goneOn(body: JsonObject, conversationId: string, itemsOf: ItemsOf): JsonObject {
  const items = itemsOf(conversationId)
  if (!items) throw new Refusal(conversationNotFound(conversationId).message, null, null, 404)
  const { input } = body
  requireShallow(input, 'input')
  const said: unknown = typeof input === 'string' ? [{ role: 'user', content: input }] : (input ?? [])
  return Array.isArray(said) ? { ...body, input: [...items, ...(said as unknown[])] } : body
}

/** What a response says of its request, which was read before, when it is told again. */
export const readStoredRequest = (body: string): Told => told(JSON.parse(body) as JsonObject)

type Told = Pick<ResponsesRequest, 'store' | 'encrypts' | 'echo'>

function told(body: JsonObject): Told {
  const store = optional(body, 'store', boolean) ?? true
  const id = conversationNamed(body)
  return {
    store,
    encrypts: (optional(body, 'include', array) ?? []).includes('reasoning.encrypted_content'),
    echo: { ...defaults, ...given(body), store, ...(id === undefined ? {} : { conversation: { id } }) },
  }
}

/** Reads what is asked of a Realtime conversation, whose items come and go one by one: calls and results may stand alone. */
export function readResponseOfItems(body: string): ReadRequest<ResponsesRequest> {
  return readRequest(body, (value) => {
    const request = responsesRequest(value, () => undefined)
    // Realtime has no custom tools.
    return { ...request, body, tools: request.tools.filter(({ isCustom }) => !isCustom) }
  })
}

const leastOutputTokens = 16

/** What Chat Completions name otherwise. */
const moved = {
  messages: 'input',
  response_format: 'text.format',
  reasoning_effort: 'reasoning.effort',
  max_completion_tokens: 'max_output_tokens',
} as const

function requireOwn(body: JsonObject): void {
  for (const [name, to] of Object.entries(moved))
    if ((body[name] ?? undefined) !== undefined)
      throw new Refusal(
        `Unsupported parameter: '${name}'. In the Responses API, this parameter has moved to '${to}'. Try again with the new parameter.`,
        name === 'messages' ? null : name,
        'unsupported_parameter',
      )
}

const notPlayed = ['background', 'prompt'] as const

function responsesRequest(body: JsonObject, recall: Recall): Omit<ResponsesRequest, 'body'> {
  const model = modelName(body)
  for (const name of notPlayed)
    if (body[name]) throw new Refusal(`'${name}' is not played here.`, name, 'unsupported_parameter')
  const previous = optional(body, 'previous_response_id', string)
  const conversation = [...recalled(previous, recall), ...inputMessages(body['input'], recall)]
  const instructions = optional(body, 'instructions', string)
  const messages =
    instructions === undefined ? conversation : [modelMessage('system', instructions), ...conversation]
  const declarations = optional(body, 'tools', array)
  const tools = declaredTools(declarations, functionOf)
  const declared = declarations?.length ? JSON.stringify(declarations) : ''
  const text = optional(body, 'text', object)
  const thinking = reasoningOf(optional(body, 'reasoning', object))
  return {
    model,
    messages,
    conversation,
    tools,
    toolChoice: toolChoice(body['tool_choice'], tools),
    parallelToolCalls: optional(body, 'parallel_tool_calls', boolean) ?? true,
    ...((optional(body, 'include', array) ?? []).includes(logprobsIncluded)
      ? { logprobs: optional(body, 'top_logprobs', count) ?? 0 }
      : {}),
    format: textFormat(text && optional(text, 'format', object, 'text.'), messages),
    maxTokens: optional(body, 'max_output_tokens', wholeNumber),
    stream: optional(body, 'stream', boolean) ?? false,
    ...(thinking ? { thinking } : {}),
    ...(body['truncation'] === 'auto' ? { truncates: true } : {}),
    declared,
    characters: promptCharacters(messages, declared),
    ...told(body),
  }
}

/** Echoed fields as they are where the request does not say. */
const defaults = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  service_tier: 'default',
  temperature: 1,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: 'disabled',
  user: null,
} as const

function given(body: JsonObject): JsonObject {
  const echoed = Object.keys(defaults).filter((name) => body[name] !== undefined && body[name] !== null)
  for (const name of echoed) requireShallow(body[name], name)
  return Object.fromEntries(echoed.map((name) => [name, body[name]]))
}

/** Models think where the request says how much, or that it wants to read of it. */
function reasoningOf(asked: JsonObject | undefined): Thinking | undefined {
  const effort = asked && optional(asked, 'effort', string, 'reasoning.')
  const summary = asked && optional(asked, 'summary', string, 'reasoning.')
  if (effort === 'none' || (effort ?? summary) === undefined) return undefined
  return { budgetTokens: Infinity, isShown: summary !== undefined }
}

function recalled(id: string | undefined, recall: Recall): readonly ModelMessage[] {
  if (id === undefined) return []
  const conversation = recall(id)
  if (conversation) return conversation
  const message = `Previous response with id '${id.slice(0, 100)}' not found.`
  throw new Refusal(message, 'previous_response_id', 'previous_response_not_found')
}

/** Each result has its call and each call its result, wherever they stand, as far as all of it is known. */
function requireAnswers(conversation: readonly ModelMessage[]): void {
  if (conversation.some(({ tokens }) => tokens !== undefined)) return
  const called = new Set(conversation.flatMap((message) => message.called?.map(({ id }) => id) ?? []))
  const answered = new Set(conversation.map(({ toolCallId }) => toolCallId))
  for (const id of answered)
    if (id !== undefined && !called.has(id))
      throw new Refusal(
        `No tool call found for function call output with call_id ${id.slice(0, 100)}.`,
        'input',
      )
  for (const id of called)
    if (id !== undefined && !answered.has(id))
      throw new Refusal(`No tool output found for function call ${id.slice(0, 100)}.`, 'input')
}

function inputMessages(input: unknown, recall: Recall): ModelMessage[] {
  if (typeof input === 'string') return [modelMessage('user', input)]
  if (!Array.isArray(input)) throw wrongType('input', 'a string or an array of items', input)
  if (input.length === 0) throw new Refusal(nothingAsked, null, 'missing_required_parameter')
  return input.flatMap((item: unknown, index) => messageOf(item, index, recall))
}

const nothingAsked =
  'One of "input" or "previous_response_id" or \'prompt\' or \'conversation\' must be provided.'

const roles = new Set(['user', 'assistant', 'system', 'developer'])

/** Items of other kinds, such as reasoning, say nothing that an answer depends on. */
function messageOf(item: unknown, index: number, recall: Recall): ModelMessage[] {
  const path = `input[${index}]`
  if (!isObject(item)) throw wrongType(path, 'an object', item)
  optional(item, 'type', string, `${path}.`)
  const type = typeOf(item)
  if (type === 'item_reference') return referredItem(required(item, 'id', string, `${path}.`), recall)
  if (type === 'function_call' || type === 'custom_tool_call') {
    const name = required(item, 'name', string, `${path}.`)
    const json = required(item, type === 'function_call' ? 'arguments' : 'input', string, `${path}.`)
    const id = required(item, 'call_id', string, `${path}.`)
    return [modelMessage('assistant', '', { called: [{ id, name, arguments: json }] })]
  }
  if (type === 'function_call_output' || type === 'custom_tool_call_output') {
    const toolCallId = required(item, 'call_id', string, `${path}.`)
    const text = partsText(item['output'], `${path}.output`)
    return [modelMessage('tool', text, { toolCallId })]
  }
  if (type !== 'message') return []
  const role = required(item, 'role', string, `${path}.`)
  if (!roles.has(role))
    throw new Refusal(
      `Invalid value: '${role.slice(0, 40)}'. Supported values are: ${[...roles].join(', ')}.`,
      `${path}.role`,
      'invalid_value',
    )
  const text = partsText(item['content'], `${path}.content`)
  return [modelMessage(role, text)]
}

/** An item that the model said, told by its name alone; one that is forgotten was said nevertheless. */
function referredItem(id: string, recall: Recall): ModelMessage[] {
  if (id.startsWith('rs_')) return []
  const said = namedItem(id)
  const message = said && recall(said.responseId)?.at(-1)
  if (!said || !message) return [{ ...modelMessage('assistant', ''), tokens: 0 }]
  const call = message.called?.[said.index]
  return [call ? modelMessage('assistant', '', { called: [call] }) : message]
}

function partsText(content: unknown, path: string): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) throw wrongType(path, 'a string or an array of parts', content)
  return content
    .map((part: unknown, index) => {
      if (!isObject(part)) throw wrongType(`${path}[${index}]`, 'an object', part)
      return optional(part, 'text', string, `${path}[${index}].`) ?? ''
    })
    .join('')
}

/** Tools that the provider itself would run are not called, so they are not kept. */
function functionOf(value: unknown, index: number): DeclaredTool[] {
  const path = `tools[${index}]`
  if (!isObject(value)) throw wrongType(path, 'an object', value)
  const type = required(value, 'type', string, `${path}.`)
  if (type === 'custom') return customTool(value, path)
  if (type !== 'function') return []
  const parameters = optional(value, 'parameters', object, `${path}.`)
  return [declaredTool(value, parameters, `${path}.name`)]
}

function toolChoice(value: unknown, tools: readonly DeclaredTool[]): ToolChoice {
  if (value === undefined || value === null) return { mode: 'auto' }
  if (value === 'auto' || value === 'none') return { mode: value }
  if (value === 'required') return checkedChoice({ mode: value }, tools)
  if (!isObject(value)) throw wrongType('tool_choice', "'none', 'auto', 'required' or an object", value)
  if (value['type'] === 'function' || value['type'] === 'custom')
    return checkedChoice(
      { mode: 'required', names: [required(value, 'name', string, 'tool_choice.')] },
      tools,
    )
  if (value['type'] !== 'allowed_tools')
    throw new Refusal(
      "Unsupported 'tool_choice': use 'function', 'custom' or 'allowed_tools'.",
      'tool_choice',
      'unsupported_value',
    )
  const names = required(value, 'tools', array, 'tool_choice.').map((tool) => {
    if (!isObject(tool)) throw wrongType('tool_choice.tools', 'an array of tools', tool)
    return required(tool, 'name', string, 'tool_choice.tools.')
  })
  return checkedChoice({ mode: value['mode'] === 'required' ? 'required' : 'auto', names }, tools)
}

function textFormat(format: JsonObject | undefined, messages: readonly ModelMessage[]): ResponseFormat {
  const type = format?.['type'] ?? 'text'
  if (!format || type === 'text') return { kind: 'text' }
  if (type === 'json_object') {
    requireJsonSaid(messages, 'input', 'text.format')
    return { kind: 'json' }
  }
  if (type !== 'json_schema')
    throw new Refusal(
      "Supported values of 'text.format.type' are: text, json_object, json_schema.",
      'text.format.type',
      'invalid_value',
    )
  required(format, 'name', string, 'text.format.')
  return { kind: 'schema', schema: required(format, 'schema', object, 'text.format.') }
}
