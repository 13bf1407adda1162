// For tests of bytes: how each model API is asked, and what its streams and whole answers say, read strictly: the order
// of events is a grammar, places are counted, and what is told twice has to be the same.
import type Anthropic from '@anthropic-ai/sdk'
import type {
  ContentBlockDeltaEvent,
  ContentBlockStartEvent,
  ConverseResponse,
} from '@aws-sdk/client-bedrock-runtime'
import type { GenerateContentResponse } from '@google/genai'
import type OpenAI from 'openai'
import { expect } from 'vitest'
import { events, frames } from './strict-http.ts'

export interface Kind {
  readonly name: string
  readonly tools: readonly string[]
  readonly maxTokens?: number
  readonly thinks?: boolean
}

/** What was said, in no API's words. */
export interface Spoken {
  readonly text: string
  readonly thinking: string
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: unknown }[]
  readonly finish: 'stop' | 'length' | 'calls'
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number }
}

export interface StreamedApi {
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  readonly thinks: boolean
  readonly path: (stream: boolean) => string
  readonly body: (kind: Kind, stream: boolean) => object
  readonly whole: (json: string) => Spoken
  readonly streamed: (bytes: Buffer) => Spoken
}

interface Part {
  readonly type: string
  readonly id: string
  readonly name: string
  said: string
}

const model = 'gpt-4.1'
const say = 'where is my order, 五?'
const parameters = { type: 'object', properties: { order: { type: 'integer' } }, required: ['order'] }
const declared = (name: string) => ({ name, description: 'one of ours', parameters })
const part = (type: string, said = '', id = '', name = ''): Part => ({ type, id, name, said })

const finishes: Readonly<Record<string, Spoken['finish']>> = {
  stop: 'stop',
  end_turn: 'stop',
  STOP: 'stop',
  completed: 'stop',
  length: 'length',
  max_tokens: 'length',
  MAX_TOKENS: 'length',
  incomplete: 'length',
  tool_calls: 'calls',
  tool_use: 'calls',
}

function spoken(parts: readonly Part[], reason: string, inputTokens: number, outputTokens: number): Spoken {
  const of = (kind: string): string =>
    parts
      .filter(({ type }) => type === kind)
      .map(({ said }) => said)
      .join('')
  const calls = parts
    .filter(({ type }) => type === 'call')
    .map(({ id, name, said }) => ({ id, name, arguments: JSON.parse(said) as unknown }))
  const finish = calls.length > 0 && finishes[reason] === 'stop' ? 'calls' : finishes[reason]!
  return { text: of('text'), thinking: of('thinking'), calls, finish, usage: { inputTokens, outputTokens } }
}

type ChatUsage = Pick<OpenAI.CompletionUsage, 'prompt_tokens' | 'completion_tokens'>
const chatUsage = (usage: ChatUsage): [number, number] => [usage.prompt_tokens, usage.completion_tokens]

const chat: StreamedApi = {
  name: 'Chat Completions',
  headers: {},
  thinks: false,
  path: () => '/v1/chat/completions',
  body: ({ tools, maxTokens }, stream) => ({
    model,
    messages: [{ role: 'user', content: say }],
    max_completion_tokens: maxTokens,
    ...(tools.length > 0
      ? { tools: tools.map((name) => ({ type: 'function', function: declared(name) })) }
      : {}),
    ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
  }),
  whole(json) {
    const { choices, usage } = JSON.parse(json) as OpenAI.ChatCompletion
    const { message, finish_reason: reason } = choices[0]!
    const calls = (message.tool_calls ?? []).map((call) => {
      const { name, arguments: said } = (call as OpenAI.ChatCompletionMessageFunctionToolCall).function
      return part('call', said, call.id, name)
    })
    return spoken([part('text', message.content ?? ''), ...calls], reason, ...chatUsage(usage!))
  },
  streamed(bytes) {
    const read = events(bytes)
    expect(read.pop()).toEqual({ type: '', data: '[DONE]' })
    const chunks = read.map(({ data }) => JSON.parse(data) as OpenAI.ChatCompletionChunk)
    const parts: Part[] = []
    let reason = ''
    const order = chunks.map(({ id, choices, usage }) => {
      expect(id).toBe(chunks[0]!.id)
      if (!choices[0]) return 'usage'
      expect(usage).toBeNull()
      const { delta, finish_reason: finish } = choices[0]
      const call = delta.tool_calls?.[0]
      if (finish !== null) reason = finish
      else if (call?.id) {
        expect(call.index).toBe(parts.length)
        parts.push(part('call', '', call.id, call.function!.name))
      } else if (call) parts.at(-1)!.said += call.function!.arguments!
      else if (!delta.role) parts.push(part('text', delta.content!))
      if (finish !== null) return 'finish'
      return call ? (call.id ? 'call' : 'arguments') : delta.role ? 'role' : 'text'
    })
    expect(order.join(' ')).toMatch(/^role( text)*( call( arguments)*)* finish usage$/)
    return spoken(parts, reason, ...chatUsage(chunks.at(-1)!.usage!))
  },
}

function responseSaid({ output, usage, status }: OpenAI.Responses.Response): Spoken {
  const parts = output.flatMap((item) => {
    if (item.type === 'function_call') return [part('call', item.arguments, item.call_id, item.name)]
    return item.type === 'message'
      ? item.content.map((said) => part('text', said.type === 'output_text' ? said.text : ''))
      : []
  })
  return spoken(parts, status!, usage!.input_tokens, usage!.output_tokens)
}

/** What an event of a response may have. */
interface ResponseEvent {
  readonly type: string
  readonly sequence_number: number
  readonly output_index?: number
  readonly item_id?: string
  readonly delta?: string
  readonly text?: string
  readonly arguments?: string
  readonly item?: OpenAI.Responses.ResponseOutputItem
  readonly response?: OpenAI.Responses.Response
}

const responses: StreamedApi = {
  name: 'Responses',
  headers: {},
  thinks: false,
  path: () => '/v1/responses',
  body: ({ tools, maxTokens }, stream) => ({
    model,
    input: say,
    stream,
    // OpenAI takes no fewer than 16 here.
    max_output_tokens: maxTokens && Math.max(16, maxTokens),
    tools: tools.map((name) => ({ type: 'function', ...declared(name) })),
  }),
  whole: (json) => responseSaid(JSON.parse(json) as OpenAI.Responses.Response),
  streamed(bytes) {
    const read = events(bytes).map(({ type, data }, number) => {
      const event = JSON.parse(data) as ResponseEvent
      expect([event.type, event.sequence_number]).toEqual([type, number])
      return event
    })
    const order = read.map(({ type }) => type.replace('response.', '')).join(' ')
    const text = 'content_part.added( output_text.delta)* output_text.done content_part.done'
    const call = '(function_call_arguments.delta )*function_call_arguments.done'
    const item = `( output_item.added (${text}|${call}) output_item.done)`
    expect(order).toMatch(new RegExp(`^created in_progress${item}+ (completed|incomplete)$`))
    const response = read.at(-1)!.response!
    let [index, said] = [0, '']
    for (const event of read.slice(2, -1)) {
      const done = response.output[index]!
      expect(event.output_index).toBe(index)
      expect(event.item_id ?? event.item!.id).toBe(done.id)
      said += event.delta ?? ''
      if (/(text|arguments)\.done$/.test(event.type)) {
        expect(event.text ?? event.arguments).toBe(said)
        said = ''
      }
      if (event.type !== 'response.output_item.done') continue
      expect(event.item).toEqual(done)
      index++
    }
    expect(response.output.length).toBe(index)
    return responseSaid(response)
  },
}

const claudeThinking = { type: 'enabled', budget_tokens: 1024 }
const claudeBody = ({ tools, maxTokens, thinks }: Kind) => ({
  max_tokens: maxTokens ?? 2000,
  messages: [{ role: 'user', content: say }],
  tools: tools.map((name) => ({ name, input_schema: parameters })),
  thinking: thinks ? claudeThinking : undefined,
})

type ClaudeUsage = Pick<Anthropic.Usage, 'input_tokens' | 'cache_read_input_tokens' | 'output_tokens'>
const claudeUsage = (usage: ClaudeUsage): [number, number] => [
  usage.input_tokens + usage.cache_read_input_tokens!,
  usage.output_tokens,
]

function claudeWhole(json: string): Spoken {
  const { content, stop_reason: reason, usage } = JSON.parse(json) as Anthropic.Message
  const parts = content.map((block) => {
    if (block.type === 'tool_use') return part('call', JSON.stringify(block.input), block.id, block.name)
    if (block.type === 'text') return part('text', block.text)
    return part(block.type, block.type === 'thinking' ? block.thinking : '')
  })
  return spoken(parts, reason!, ...claudeUsage(usage))
}

function claudeStreamed(json: readonly string[]): Spoken {
  const read = json.map((each) => JSON.parse(each) as Anthropic.RawMessageStreamEvent)
  const block = '( content_block_start( ping)?( content_block_delta)* content_block_stop)'
  const order = read.map(({ type }) => type).join(' ')
  expect(order).toMatch(new RegExp(`^message_start${block}+ message_delta message_stop$`))
  const parts: Part[] = []
  const seen = { reason: '', usage: {} }
  for (const event of read) {
    if (event.type === 'message_start') seen.usage = event.message.usage
    if (event.type === 'message_delta') {
      seen.reason = event.delta.stop_reason!
      seen.usage = { ...seen.usage, ...event.usage }
    }
    if (event.type === 'content_block_start') {
      const { content_block: begun } = event
      parts.push(begun.type === 'tool_use' ? part('call', '', begun.id, begun.name) : part(begun.type))
    }
    if ('index' in event) expect(event.index).toBe(parts.length - 1)
    if (event.type !== 'content_block_delta') continue
    const { delta } = event
    if (delta.type === 'text_delta') parts.at(-1)!.said += delta.text
    if (delta.type === 'thinking_delta') parts.at(-1)!.said += delta.thinking
    if (delta.type === 'input_json_delta') parts.at(-1)!.said += delta.partial_json
  }
  return spoken(parts, seen.reason, ...claudeUsage(seen.usage as ClaudeUsage))
}

const messages: StreamedApi = {
  name: 'Messages',
  headers: { 'anthropic-version': '2023-06-01' },
  thinks: true,
  path: () => '/v1/messages',
  body: (kind, stream) => ({ model, stream, ...claudeBody(kind) }),
  whole: claudeWhole,
  streamed: (bytes) =>
    claudeStreamed(
      events(bytes).map(({ type, data }) => {
        expect(JSON.parse(data)).toMatchObject({ type })
        return data
      }),
    ),
}

const invoke: StreamedApi = {
  ...messages,
  name: 'InvokeModel',
  headers: {},
  path: (stream) => `/model/${model}/invoke${stream ? '-with-response-stream' : ''}`,
  body: (kind) => ({ anthropic_version: 'bedrock-2023-05-31', ...claudeBody(kind) }),
  streamed: (bytes) =>
    claudeStreamed(
      frames(bytes).map(({ json }) =>
        Buffer.from((JSON.parse(json) as { bytes: string }).bytes, 'base64').toString(),
      ),
    ),
}

function geminiSaid(read: readonly GenerateContentResponse[]): Spoken {
  const reasons = read.map(({ candidates }) => candidates![0]!.finishReason)
  expect(reasons.findIndex((reason) => reason !== undefined)).toBe(read.length - 1)
  const parts = read.flatMap(({ candidates }) =>
    candidates![0]!.content!.parts!.map(({ functionCall: call, thought, text }) =>
      call
        ? part('call', JSON.stringify(call.args), call.id, call.name)
        : part(thought ? 'thinking' : 'text', text),
    ),
  )
  const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount = 0 } = read.at(-1)!.usageMetadata!
  return spoken(parts, reasons.at(-1)!, promptTokenCount!, candidatesTokenCount! + thoughtsTokenCount)
}

const gemini: StreamedApi = {
  name: 'Gemini, events',
  headers: {},
  thinks: true,
  path: (stream) => `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  body: ({ tools, maxTokens, thinks }) => ({
    contents: [{ role: 'user', parts: [{ text: say }] }],
    tools: [{ functionDeclarations: tools.map((name) => ({ name, parametersJsonSchema: parameters })) }],
    generationConfig: {
      maxOutputTokens: maxTokens,
      thinkingConfig: thinks ? { includeThoughts: true } : undefined,
    },
  }),
  whole: (json) => geminiSaid([JSON.parse(json) as GenerateContentResponse]),
  streamed: (bytes) =>
    geminiSaid(events(bytes, '\r\n').map(({ data }) => JSON.parse(data) as GenerateContentResponse)),
}

const geminiArray: StreamedApi = {
  ...gemini,
  name: 'Gemini, one array',
  path: (stream) => `/v1beta/models/${model}:${stream ? 'streamGenerateContent' : 'generateContent'}`,
  streamed: (bytes) => geminiSaid(JSON.parse(bytes.toString()) as GenerateContentResponse[]),
}

const converseUsage = (usage: ConverseResponse['usage']): [number, number] => [
  usage!.inputTokens! + usage!.cacheReadInputTokens!,
  usage!.outputTokens!,
]

const converse: StreamedApi = {
  name: 'Converse',
  headers: {},
  thinks: true,
  path: (stream) => `/model/${model}/converse${stream ? '-stream' : ''}`,
  body: ({ tools, maxTokens, thinks }) => ({
    messages: [{ role: 'user', content: [{ text: say }] }],
    inferenceConfig: { maxTokens },
    toolConfig: { tools: tools.map((name) => ({ toolSpec: { name, inputSchema: { json: parameters } } })) },
    additionalModelRequestFields: thinks ? { thinking: claudeThinking } : undefined,
  }),
  whole(json) {
    const { output, stopReason, usage } = JSON.parse(json) as ConverseResponse
    const parts = output!.message!.content!.map(({ text, toolUse: use, reasoningContent: thought }) => {
      if (use) return part('call', JSON.stringify(use.input), use.toolUseId, use.name)
      return thought ? part('thinking', thought.reasoningText!.text) : part('text', text)
    })
    return spoken(parts, stopReason!, ...converseUsage(usage))
  },
  streamed(bytes) {
    const read = frames(bytes)
    const block = '(( contentBlockStart)?( contentBlockDelta)* contentBlockStop)'
    const order = read.map(({ type }) => type).join(' ')
    expect(order).toMatch(new RegExp(`^messageStart${block}+ messageStop metadata$`))
    const parts: Part[] = []
    let isOpen = false
    for (const { type, json } of read.slice(1, -2)) {
      const event = JSON.parse(json) as Partial<ContentBlockStartEvent & ContentBlockDeltaEvent>
      const { contentBlockIndex, start, delta } = event
      const use = start?.toolUse
      const said = delta?.text ?? delta?.toolUse?.input ?? delta?.reasoningContent?.text ?? ''
      if (use) parts.push(part('call', '', use.toolUseId, use.name))
      else if (!isOpen) parts.push(part(delta?.reasoningContent ? 'thinking' : 'text'))
      isOpen = type !== 'contentBlockStop'
      expect(contentBlockIndex).toBe(parts.length - 1)
      parts.at(-1)!.said += said
    }
    const { stopReason } = JSON.parse(read.at(-2)!.json) as { stopReason: string }
    const { usage } = JSON.parse(read.at(-1)!.json) as ConverseResponse
    return spoken(parts, stopReason, ...converseUsage(usage))
  },
}

export const streamedApis: readonly StreamedApi[] = [
  chat,
  responses,
  messages,
  invoke,
  gemini,
  geminiArray,
  converse,
]
