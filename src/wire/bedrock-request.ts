import { requireUserAtEnd } from './claude-rules.ts'
import { exchangesOf, unanswered, unasked } from './exchanges.ts'
import {
  type Called,
  type DeclaredTool,
  modelMessage,
  type ModelMessage,
  type ModelRequest,
  markedPrompt,
  promptCharacters,
  type PromptParts,
  type ResponseFormat,
  type Thinking,
  type ToolChoice,
} from './model-request.ts'
import { jsonObject } from './parsed-json.ts'
import {
  array,
  isObject,
  type JsonObject,
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
import { checkedChoice, declaredTool, declaredTools } from './tool-fields.ts'

/** Reads the body of Bedrock's `Converse`; what is wrong with it is answered, never thrown. */
export function readConverseRequest(
  body: string,
  path: { readonly model: string; readonly stream: boolean },
): ReadRequest<ModelRequest> {
  return readRequest(body === '' ? '{}' : body, (value) => converseRequest(value, path.model, path.stream))
}

function converseRequest(body: JsonObject, model: string, stream: boolean): ModelRequest {
  const entries = required(body, 'messages', array)
  if (entries.length === 0)
    throw new Refusal('A conversation must start with a user message. Try again.', 'messages')
  const said = optional(body, 'system', array) ?? []
  const system = systemMessages(said)
  const turns = entries.map(messagesOf)
  const messages = [...system, ...turns.flat()]
  requireTurns(entries)
  requireUserAtEnd(entries as readonly JsonObject[], model)
  requireAnswers(messages, turns)
  const config = optional(body, 'toolConfig', object) ?? {}
  const declarations = optional(config, 'tools', array, 'toolConfig.')
  const tools = declaredTools(declarations, toolOf)
  const declared = declarations?.length ? JSON.stringify(declarations) : ''
  const inference = optional(body, 'inferenceConfig', object) ?? {}
  const thinking = thinkingOf(optional(body, 'additionalModelRequestFields', object))
  if (!declarations && messages.some(({ called, toolCallId }) => called ?? toolCallId))
    throw new Refusal(
      'The toolConfig field must be defined when using toolUse and toolResult content blocks.',
      'toolConfig',
    )
  return {
    model,
    messages,
    tools,
    toolChoice: toolChoice(optional(config, 'toolChoice', object, 'toolConfig.'), tools),
    parallelToolCalls: true,
    format: outputFormat(optional(body, 'outputConfig', object)),
    maxTokens: optional(inference, 'maxTokens', wholeNumber, 'inferenceConfig.'),
    ...stopSequences(inference, 'stopSequences', mostStops, 'inferenceConfig.'),
    stream,
    ...(thinking ? { thinking } : {}),
    declared,
    characters: promptCharacters(messages, declared),
    cacheable: markedPrompt(
      { system, turns, tools, declared },
      {
        tools: declarations?.some(isMark) ?? false,
        system: said.some(isMark),
        last: entries.findLastIndex((entry) =>
          (entry as { content: readonly unknown[] }).content.some(isMark),
        ),
      },
    ),
  }
}

const mostStops = 2500

/** A block of its own asks for what stands before it to be cached. */
const isMark = (block: unknown): boolean => isObject(block) && isObject(block['cachePoint'])

function systemMessages(system: readonly unknown[]): ModelMessage[] {
  if (system.length === 0) return []
  const text = system
    .map((block, index) => {
      if (!isObject(block)) throw wrongType(`system[${index}]`, 'an object', block)
      return optional(block, 'text', string, `system[${index}].`) ?? ''
    })
    .join('')
  return [modelMessage('system', text)]
}

/** Results of tools stand among the blocks of a user's message; each becomes a message of its own. */
function messagesOf(value: unknown, index: number): ModelMessage[] {
  const path = `messages[${index}]`
  if (!isObject(value)) throw wrongType(path, 'an object', value)
  const role = required(value, 'role', string, `${path}.`)
  if (role !== 'user' && role !== 'assistant')
    throw new Refusal(`${path}.role must be one of: user, assistant`, `${path}.role`, 'invalid_value')
  const results: ModelMessage[] = []
  const called: Called[] = []
  let text = ''
  for (const [at, block] of required(value, 'content', array, `${path}.`).entries()) {
    const blockPath = `${path}.content[${at}]`
    if (!isObject(block)) throw wrongType(blockPath, 'an object', block)
    text += optional(block, 'text', string, `${blockPath}.`) ?? ''
    const use = optional(block, 'toolUse', object, `${blockPath}.`)
    if (use) called.push(calledTool(use, `${blockPath}.toolUse`))
    const result = optional(block, 'toolResult', object, `${blockPath}.`)
    if (result) results.push(toolResult(result, `${blockPath}.toolResult`))
  }
  const own = modelMessage(role, text, { called })
  return results.length > 0 && text === '' ? results : [...results, own]
}

/** Users and assistants speak in turn, and say something: a turn that was given up leaves a history in which they do not. */
function requireTurns(entries: readonly unknown[]): void {
  for (const [index, entry] of entries.entries()) {
    const { role, content } = entry as { readonly role: string; readonly content: readonly JsonObject[] }
    const path = `messages.${index}`
    if (index === 0 && role !== 'user')
      throw new Refusal(
        'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
        path,
      )
    if (index > 0 && role === (entries[index - 1] as JsonObject)['role'])
      throw new Refusal(
        'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.',
        path,
      )
    if (content.length === 0)
      throw new Refusal(
        `The content field in the Message object at ${path} is empty. Add a ContentBlock object to the content field and try again.`,
        `${path}.content`,
      )
    const blank = content.findIndex(({ text }) => typeof text === 'string' && text.trim() === '')
    if (blank >= 0)
      throw new Refusal(
        `The text field in the ContentBlock object at ${path}.content.${blank} is blank. Add text to the text field, and try again.`,
        `${path}.content.${blank}.text`,
      )
  }
}

/** Results stand in the message after the one that called for them, one for each call. */
function requireAnswers(messages: readonly ModelMessage[], turns: PromptParts['turns']): void {
  const placeOf = (message: ModelMessage, after = 0): string =>
    `messages.${turns.findIndex((turn) => turn.includes(message)) + after}.content`
  for (const exchange of exchangesOf(messages)) {
    const stray = unasked(exchange)
    if (stray) {
      const place = placeOf(stray)
      throw new Refusal(
        `The number of toolResult blocks at ${place} exceeds the number of toolUse blocks of previous turn.`,
        place,
      )
    }
    const missing = unanswered(exchange).join(', ').slice(0, 400)
    const place = placeOf(messages[exchange.at]!, 1)
    if (missing !== '')
      throw new Refusal(`Expected toolResult blocks at ${place} for the following Ids: ${missing}`, place)
  }
}

function calledTool(use: JsonObject, path: string): Called {
  const { input } = use
  requireShallow(input, `${path}.input`)
  const id = required(use, 'toolUseId', string, `${path}.`)
  return { id, name: required(use, 'name', string, `${path}.`), arguments: JSON.stringify(input ?? {}) }
}

function toolResult(result: JsonObject, path: string): ModelMessage {
  const toolCallId = required(result, 'toolUseId', string, `${path}.`)
  const text = required(result, 'content', array, `${path}.`)
    .map((block, at) => {
      if (!isObject(block)) throw wrongType(`${path}.content[${at}]`, 'an object', block)
      requireShallow(block['json'], `${path}.content[${at}].json`)
      return optional(block, 'text', string, `${path}.content[${at}].`) ?? JSON.stringify(block['json'] ?? '')
    })
    .join('')
  return modelMessage('tool', text, { toolCallId })
}

/** Cache points and tools of the system's own stand among the declared ones; they are not called. */
function toolOf(value: unknown, index: number): DeclaredTool[] {
  const path = `toolConfig.tools[${index}]`
  if (!isObject(value)) throw wrongType(path, 'an object', value)
  const declared = optional(value, 'toolSpec', object, `${path}.`)
  if (!declared) return []
  const schema = required(declared, 'inputSchema', object, `${path}.toolSpec.`)
  const parameters = required(schema, 'json', object, `${path}.toolSpec.inputSchema.`)
  return [declaredTool(declared, parameters, `${path}.toolSpec.name`)]
}

function toolChoice(choice: JsonObject | undefined, tools: readonly DeclaredTool[]): ToolChoice {
  if (!choice || choice['auto'] !== undefined) return { mode: 'auto' }
  if (choice['any'] !== undefined) return checkedChoice({ mode: 'required' }, tools)
  const path = 'toolConfig.toolChoice.tool'
  const tool = required(choice, 'tool', object, 'toolConfig.toolChoice.')
  return checkedChoice({ mode: 'required', names: [required(tool, 'name', string, `${path}.`)] }, tools)
}

/** A schema travels as text. */
function outputFormat(config: JsonObject | undefined): ResponseFormat {
  const format = config && optional(config, 'textFormat', object, 'outputConfig.')
  if (!format) return { kind: 'text' }
  const path = 'outputConfig.textFormat.structure.'
  const structure = required(format, 'structure', object, 'outputConfig.textFormat.')
  const text = required(
    required(structure, 'jsonSchema', object, path),
    'schema',
    string,
    `${path}jsonSchema.`,
  )
  const schema = jsonObject(text)
  if (!schema) throw new Refusal('The schema of the output is not valid JSON.', `${path}jsonSchema`)
  requireShallow(schema, `${path}jsonSchema`)
  return { kind: 'schema', schema }
}

/** Claude's own field; other models have others, which are left alone. */
function thinkingOf(fields: JsonObject | undefined): Thinking | undefined {
  const thinking = fields?.['thinking']
  if (!isObject(thinking) || (thinking['type'] !== 'enabled' && thinking['type'] !== 'adaptive'))
    return undefined
  const budget = optional(thinking, 'budget_tokens', wholeNumber, 'additionalModelRequestFields.thinking.')
  return { budgetTokens: budget ?? Infinity, isShown: true }
}
