import type { RequestSizes } from '../result/recording.ts'
import { readMessagesRequest } from '../wire/anthropic-request.ts'
import { readGeminiRequest } from '../wire/gemini-request.ts'
import { type ModelMessage, type ModelRequest, mostTokensOf } from '../wire/model-request.ts'
import { readChatRequest } from '../wire/openai-chat-request.ts'
import { readResponsesRequest } from '../wire/openai-responses-request.ts'
import { jsonObject } from '../wire/parsed-json.ts'
import type { ReadRequest } from '../wire/request-fields.ts'
import type { ReadableApi } from '../wire/seen-answer.ts'
import { plainName, withoutVersion } from './model-paths.ts'
import type { Terms } from './spend-guard.ts'
import { tokensOfCharacters } from '../workload/tokenizer.ts'

/** What a request that is passed on asks, as far as it is understood. */
export interface PassedRequest extends Required<Terms> {
  readonly api: ReadableApi
  readonly model: string
  readonly stream: boolean
  readonly maxTokens: number | undefined
  readonly inputTokens: number
  readonly sizes: RequestSizes
  /** Ids of the tool calls whose results it brings. */
  readonly answers: readonly string[]
}

/** Stands for whatever the provider keeps under a name. */
const stored: ModelMessage = { role: 'assistant', text: '', characters: 0, tokens: 0 }
const isStored = ({ tokens }: ModelMessage): boolean => tokens !== undefined

type Reader = (body: string) => ReadRequest<ModelRequest>

const geminiPath =
  /^(?:\/v1(?:alpha|beta)?\d?)?\/(?:.+\/)?models\/([^/:]+):(generateContent|streamGenerateContent)$/
const deploymentPath = /^(?:\/openai)?\/deployments\/([^/]+)\/chat\/completions$/

/** The API of a path whose answers can be read and priced; undefined for every other. */
export function passedApi(
  path: string,
): { readonly api: ReadableApi; readonly read: Reader; readonly model?: string } | undefined {
  const deployment = deploymentPath.exec(path)?.[1]
  if (deployment !== undefined) {
    const model = plainName(deployment)
    return { api: 'chat', read: (body) => readChatRequest(body, model), model }
  }
  const [, name, method] = geminiPath.exec(path) ?? []
  if (name !== undefined) {
    const at = { model: plainName(name), stream: method === 'streamGenerateContent' }
    return { api: 'gemini', read: (body) => readGeminiRequest(body, at), model: at.model }
  }
  const plain = withoutVersion(path)
  if (plain === '/chat/completions') return { api: 'chat', read: (body) => readChatRequest(body) }
  if (plain === '/responses')
    return { api: 'responses', read: (body) => readResponsesRequest(body, () => [stored]) }
  if (plain === '/messages') {
    const thread = { messages: [stored], tools: [] }
    return { api: 'messages', read: (body) => readMessagesRequest(body, () => thread) }
  }
  return undefined
}

/** As Claude's requests ask for what stands before it to be cached for an hour. */
const hourlyMark = /"ttl"\s*:\s*"1h"/

/** What is not understood is passed on all the same, since the real provider may understand it. */
export function readPassed(path: string, body: string): PassedRequest | undefined {
  const known = passedApi(path)
  if (!known) return undefined
  const { api } = known
  const isHourly = hourlyMark.test(body)
  const result = known.read(body)
  if ('error' in result) return { api, isHourly, ...fromRaw(body, known.model) }
  const { request } = result
  const afterAnswer = request.messages.slice(request.messages.findLastIndex(isAnswer) + 1)
  const results = afterAnswer.filter(({ role }) => role === 'tool')
  return {
    api,
    isHourly,
    model: request.model,
    stream: request.stream,
    maxTokens: mostTokensOf(request),
    choices: request.choices ?? 1,
    inputTokens: tokensOfCharacters(request.characters),
    isStored: request.messages.some(isStored),
    sizes: sizesOf(
      request,
      results.map(({ characters }) => characters),
    ),
    answers: results.flatMap(({ toolCallId }) => (toolCallId === undefined ? [] : [toolCallId])),
  }
}

const isAnswer = ({ role }: { readonly role: string }): boolean => role === 'assistant'

function sizesOf({ messages, characters }: ModelRequest, toolResults: readonly number[]): RequestSizes {
  const sum = (of: ModelRequest['messages']): number => of.reduce((total, each) => total + each.characters, 0)
  const isSystem = ({ role }: { readonly role: string }): boolean => role === 'system' || role === 'developer'
  const user = messages.findLastIndex(({ role }) => role === 'user')
  const spoken = (user < 0 ? messages : messages.slice(0, user)).filter(
    (each) => !isSystem(each) && each.role !== 'tool' && !isStored(each),
  )
  return {
    system: sum(messages.filter(isSystem)) + characters - sum(messages),
    message: messages[user]?.characters ?? 0,
    toolResults,
    whole: characters,
    earlierMessages: spoken.length,
  }
}

/** By these, APIs name what they keep of earlier requests. */
const keptNames = ['previous_response_id', 'conversation', 'prompt', 'thread', 'cachedContent']

function fromRaw(body: string, named: string | undefined): Omit<PassedRequest, 'api' | 'isHourly'> {
  const fields = jsonObject(body) ?? {}
  const most = fields['max_completion_tokens'] ?? fields['max_output_tokens'] ?? fields['max_tokens']
  const choices = typeof fields['n'] === 'number' && fields['n'] > 1 ? fields['n'] : 1
  return {
    model: named ?? (typeof fields['model'] === 'string' ? fields['model'] : ''),
    stream: fields['stream'] === true,
    maxTokens: typeof most === 'number' && most > 0 ? most * choices : undefined,
    choices,
    inputTokens: tokensOfCharacters(body.length),
    isStored: keptNames.some((name) => fields[name] !== undefined && fields[name] !== null),
    sizes: { system: 0, message: 0, toolResults: [], whole: body.length, earlierMessages: 0 },
    answers: [],
  }
}
