import { exchangesOf } from './exchanges.ts'
import { requireFitForGemini } from './gemini-rules.ts'
import { plainSchema } from './gemini-schema.ts'
import { callOfSignature } from './gemini-signature.ts'
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
  number,
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

/** What the path of a Gemini request says. */
export interface GeminiPath {
  readonly model: string
  readonly stream: boolean
  readonly isVertex?: boolean
}

/** Reads the body of `generateContent` and its kin; what is wrong with it is answered, never thrown. */
export function readGeminiRequest(body: string, path: GeminiPath): ReadRequest<ModelRequest> {
  return readRequest(body, (value) => {
    const asked = camelCased(value)
    const request = geminiRequest(asked, path)
    requireFitForGemini({
      model: path.model,
      isVertex: path.isVertex ?? false,
      contents: listIn(asked, 'contents'),
      tools: listIn(asked, 'tools').map(camelCased),
      config: camelCased(optional(asked, 'generationConfig', object) ?? {}),
    })
    if (signingModels.test(path.model)) requireSignatures(value['contents'] as readonly JsonObject[])
    return request
  })
}

/** Reads the body of `countTokens`: contents, or the whole request that they are of. */
export function readGeminiCount(body: string, path: GeminiPath): ReadRequest<ModelRequest> {
  return readRequest(body, (value) => {
    const whole = optional(camelCased(value), 'generateContentRequest', object)
    return geminiRequest(camelCased(whole ?? value), path)
  })
}

/** Gemini 3 and later. */
const signingModels = /^gemini-(?:[3-9]|\d{2})/

/**
 * In the turn that is on, the first call of each step has the signature with which it came
 * (https://ai.google.dev/gemini-api/docs/thought-signatures).
 */
function requireSignatures(contents: readonly JsonObject[]): void {
  const partsIn = (content: JsonObject): readonly JsonObject[] => listIn(content, 'parts').map(camelCased)
  const asked = contents.findLastIndex(
    (content) => content['role'] !== 'model' && partsIn(content).some(({ text }) => text !== undefined),
  )
  // A step may stand in several contents.
  let hasCalled = false
  for (const [index, content] of contents.entries()) {
    hasCalled &&= content['role'] === 'model'
    const call: JsonObject | undefined =
      index > asked && !hasCalled
        ? partsIn(content).find(({ functionCall }) => isObject(functionCall))
        : undefined
    hasCalled ||= call !== undefined
    if (!call || call['thoughtSignature']) continue
    const { name } = call['functionCall'] as { readonly name: string }
    throw new Refusal(
      `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${name.slice(0, longestToolName)}\` , position ${index + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.`,
      'contents',
    )
  }
}

const longestToolName = 128
const mostStops = 5

function geminiRequest(body: JsonObject, { model, stream }: GeminiPath): ModelRequest {
  const contents = required(body, 'contents', array)
  if (contents.length === 0)
    throw new Refusal('* GenerateContentRequest.contents: contents is not specified', 'contents')
  const messages = [...systemMessages(body['systemInstruction']), ...messagesOf(contents)]
  requireAnswers(messages)
  const declarations = optional(body, 'tools', array)
  const tools = declaredTools(declarations, toolsOf)
  requireUnique(tools, (name) => `Duplicate function declaration found: ${name}`)
  const declared = declarations?.length ? JSON.stringify(declarations) : ''
  const config = camelCased(optional(body, 'generationConfig', object) ?? {})
  if ((optional(config, 'candidateCount', wholeNumber) ?? 1) !== 1)
    throw new Refusal('Only one candidate can be specified', 'generationConfig.candidateCount')
  const thinking = thinkingOf(
    camelCased(optional(config, 'thinkingConfig', object, 'generationConfig.') ?? {}),
  )
  return {
    model,
    messages,
    tools,
    toolChoice: toolChoice(optional(body, 'toolConfig', object), tools),
    parallelToolCalls: true,
    format: outputFormat(config),
    maxTokens: optional(config, 'maxOutputTokens', wholeNumber, 'generationConfig.'),
    ...stopSequences(config, 'stopSequences', mostStops, 'generationConfig.'),
    stream,
    ...(thinking ? { thinking } : {}),
    declared,
    characters: promptCharacters(messages, declared),
  }
}

/** A budget of 0 is none, and one of -1 is as much as the model likes. What is not shown is thought and billed all the same. */
function thinkingOf(config: JsonObject): Thinking | undefined {
  const path = 'generationConfig.thinkingConfig.'
  const isShown = optional(config, 'includeThoughts', boolean, path) ?? false
  const budget = optional(config, 'thinkingBudget', number, path)
  const level = optional(config, 'thinkingLevel', string, path)
  if (budget === 0 || !(isShown || budget !== undefined || level !== undefined)) return undefined
  return { budgetTokens: budget === undefined || budget < 0 ? Infinity : budget, isShown }
}

function systemMessages(value: unknown): ModelMessage[] {
  if (value === undefined || value === null) return []
  const { text } = partsOf(
    typeof value === 'string' ? { parts: [{ text: value }] } : value,
    'systemInstruction',
  )
  return [modelMessage('system', text)]
}

interface Parts {
  text: string
  readonly called: Called[]
  /** What clients echo of the calls, in order; undefined where it is not ours. */
  readonly calls: { readonly name: string; readonly id: string | undefined }[]
  readonly results: { readonly name: string; readonly id: string | undefined; readonly text: string }[]
}

/** Answers of functions stand among the parts of the user's content; each becomes a message of its own. */
function messagesOf(contents: readonly unknown[]): ModelMessage[] {
  let lastCalls: Parts['calls'] = []
  let goesOn = false
  return contents.flatMap((content, index): ModelMessage[] => {
    const path = `contents[${index}]`
    const role = roleOf(content, path)
    const { text, called, calls, results } = partsOf(content, path)
    if (role === 'assistant') {
      lastCalls = goesOn ? [...lastCalls, ...calls] : calls
      goesOn = true
      return [modelMessage(role, text, { called })]
    }
    goesOn = false
    const answered = results.map((result, at): ModelMessage => {
      const toolCallId = result.id ?? callAnswered(lastCalls, result.name, at)
      return modelMessage('tool', result.text, { toolCallId })
    })
    return answered.length > 0 && text === '' ? answered : [...answered, modelMessage(role, text)]
  })
}

/** Calls need no ids here, so they are counted. */
function requireAnswers(messages: readonly ModelMessage[]): void {
  for (const { called, results } of exchangesOf(messages)) {
    if (called.length === results.length) continue
    const message =
      called.length === 0
        ? 'Please ensure that function response turn comes immediately after a function call turn.'
        : 'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.'
    throw new Refusal(message, 'contents')
  }
}

/** Clients that echo no ids answer in the order of the calls, and name them. */
function callAnswered(calls: Parts['calls'], name: string, at: number): string | undefined {
  const inOrder = calls[at]
  return (inOrder?.name === name ? inOrder : calls.find((call) => call.name === name))?.id
}

const roles: Readonly<Record<string, string>> = { user: 'user', function: 'user', model: 'assistant' }

function roleOf(content: unknown, path: string): string {
  if (!isObject(content)) throw wrongType(path, 'an object', content)
  const written = optional(content, 'role', string, `${path}.`) ?? 'user'
  const role = Object.hasOwn(roles, written) ? roles[written] : undefined
  if (role === undefined)
    throw new Refusal('Please use a valid role: user, model.', `${path}.role`, 'invalid_value')
  return role
}

function partsOf(content: unknown, path: string): Parts {
  if (!isObject(content)) throw wrongType(path, 'an object', content)
  const read: Parts = { text: '', called: [], calls: [], results: [] }
  const parts = optional(content, 'parts', array, `${path}.`) ?? []
  if (parts.length === 0)
    throw new Refusal(`* GenerateContentRequest.${path}.parts: contents.parts must not be empty.`, path)
  for (const [index, value] of parts.entries()) {
    const at = `${path}.parts[${index}]`
    if (!isObject(value)) throw wrongType(at, 'an object', value)
    const part = camelCased(value)
    read.text += optional(part, 'text', string, `${at}.`) ?? ''
    const call = optional(part, 'functionCall', object, `${at}.`)
    const result = optional(part, 'functionResponse', object, `${at}.`)
    if (call) addCall(read, call, optional(part, 'thoughtSignature', string, `${at}.`), `${at}.functionCall.`)
    if (result) addResult(read, result, `${at}.functionResponse.`)
  }
  return read
}

function addCall(read: Parts, call: JsonObject, signature: string | undefined, path: string): void {
  const name = required(call, 'name', string, path)
  const given = optional(call, 'args', object, path) ?? {}
  requireShallow(given, `${path}args`)
  read.called.push({ name, arguments: JSON.stringify(given) })
  const id = optional(call, 'id', string, path)
  read.calls.push({ name, id: id ?? (signature === undefined ? undefined : callOfSignature(signature)) })
}

function addResult(read: Parts, result: JsonObject, path: string): void {
  const response = optional(result, 'response', object, path) ?? {}
  requireShallow(response, `${path}response`)
  read.results.push({
    name: required(result, 'name', string, path),
    id: optional(result, 'id', string, path),
    text: JSON.stringify(response),
  })
}

/** Tools that Google runs itself are not called, so they are not kept. */
function toolsOf(value: unknown, index: number): DeclaredTool[] {
  const path = `tools[${index}]`
  if (!isObject(value)) throw wrongType(path, 'an object', value)
  const functions = optional(camelCased(value), 'functionDeclarations', array, `${path}.`) ?? []
  return functions.map((entry, at) => {
    const param = `${path}.functionDeclarations[${at}]`
    if (!isObject(entry)) throw wrongType(param, 'an object', entry)
    const declared = camelCased(entry)
    const schema =
      optional(declared, 'parametersJsonSchema', object, `${param}.`) ??
      plainSchema(optional(declared, 'parameters', object, `${param}.`) ?? {})
    return declaredTool(declared, schema, `${param}.name`, longestToolName)
  })
}

function toolChoice(config: JsonObject | undefined, tools: readonly DeclaredTool[]): ToolChoice {
  const calling = config && optional(camelCased(config), 'functionCallingConfig', object, 'toolConfig.')
  if (!calling) return { mode: 'auto' }
  const path = 'toolConfig.functionCallingConfig.'
  const mode = optional(camelCased(calling), 'mode', string, path) ?? 'AUTO'
  const allowed = optional(camelCased(calling), 'allowedFunctionNames', array, path)
  const names = allowed?.map((name) => {
    if (typeof name !== 'string') throw wrongType(`${path}allowedFunctionNames`, 'an array of strings', name)
    return name
  })
  const named = names && names.length > 0 ? { names } : {}
  if (mode === 'AUTO' || mode === 'VALIDATED' || mode === 'MODE_UNSPECIFIED')
    return { mode: 'auto', ...named }
  if (mode === 'NONE') return { mode: 'none' }
  if (mode === 'ANY') return checkedChoice({ mode: 'required', ...named }, tools)
  throw new Refusal(`Invalid value at '${path}mode': "${mode.slice(0, 40)}"`, `${path}mode`, 'invalid_value')
}

function outputFormat(config: JsonObject): ResponseFormat {
  const type = optional(config, 'responseMimeType', string, 'generationConfig.')
  if (type !== 'application/json' && type !== 'text/x.enum') return { kind: 'text' }
  const given = optional(config, 'responseJsonSchema', object, 'generationConfig.')
  const schema = given ?? optional(config, 'responseSchema', object, 'generationConfig.')
  if (type === 'text/x.enum') {
    const values = (optional(schema ?? {}, 'enum', array) ?? []).filter((value) => string.is(value))
    return values.length > 0 ? { kind: 'enum', values } : { kind: 'text' }
  }
  if (!schema) return { kind: 'json' }
  requireShallow(schema, 'generationConfig.responseSchema')
  return { kind: 'schema', schema: given ?? plainSchema(schema) }
}

/** Fields are taken in both spellings, as the real API does: `systemInstruction` and `system_instruction`. */
function camelCased(value: JsonObject): JsonObject {
  if (!Object.keys(value).some((key) => key.includes('_'))) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      each,
    ]),
  )
}
