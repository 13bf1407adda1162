import { type Cut, AnswerCutter } from './cut-answer.ts'
import {
  type AnswerHead,
  type AnswerPart,
  answerParts,
  type AnswerStream,
  type ModelAnswer,
  type ModelToolCall,
  type ModelUsage,
  partOf,
} from './model-answer.ts'
import { sseEvent } from './sse.ts'
import { streamFailures } from './stream-failure.ts'

/** The body of an answer in one piece. */
export function anthropicMessage(head: AnswerHead, answer: ModelAnswer, usage: ModelUsage): string {
  const { text, toolCalls, thinking } = answer
  const thought =
    thinking === undefined ? [] : [{ type: 'thinking', thinking, signature: thinkingSignature(head) }]
  const spoken = text === '' ? [] : [{ type: 'text', text, citations: null }]
  const said = toolCalls.length > 0 ? toolCalls.map(toolUse) : spoken
  return JSON.stringify(message(head, [...thought, ...said], ended(answer), usage))
}

/** Why an answer ended, as Claude's APIs say it. */
export const stopReason = ({ finish, stoppedBy }: ModelAnswer): string =>
  stoppedBy === undefined ? stopReasons[finish] : 'stop_sequence'

const stopReasons = { stop: 'end_turn', length: 'max_tokens', tool_calls: 'tool_use' } as const

/** The events of a streamed answer; every one names its type, without which clients drop it. */
export class AnthropicStream implements AnswerStream {
  readonly #head: AnswerHead
  readonly #answer: ModelAnswer
  readonly #usage: ModelUsage
  readonly #cutter: AnswerCutter

  constructor(head: AnswerHead, answer: ModelAnswer, usage: ModelUsage) {
    this.#head = head
    this.#answer = answer
    this.#usage = usage
    this.#cutter = new AnswerCutter(answerParts(answer))
  }

  /** What was read is told here, what was written at the end. */
  opening(): string {
    return event('message_start', {
      message: message(this.#head, [], notEnded, { ...this.#usage, outputTokens: 1, thinkingTokens: 0 }),
    })
  }

  piece(to: number): string {
    return this.#cutter
      .upTo(to)
      .map((cut) => this.#blockEvents(cut))
      .join('')
  }

  closing(): string {
    const delta = ended(this.#answer)
    return event('message_delta', { delta, usage: tokensUsed(this.#usage) }) + event('message_stop', {})
  }

  failure(text: string): string {
    return streamFailures.messages(text, '')
  }

  #blockEvents({ index, text, begins, ends }: Cut): string {
    const part = partOf(this.#answer, index)
    const delta = (of: object): string => event('content_block_delta', { index, delta: of })
    let events = ''
    if (begins) {
      events += event('content_block_start', { index, content_block: blockStart(part) })
      if (index === 0) events += event('ping', {})
    }
    if (text) events += delta(blockDelta(part, text))
    if (ends && part.kind === 'thinking')
      events += delta({ type: 'signature_delta', signature: thinkingSignature(this.#head) })
    return ends ? events + event('content_block_stop', { index }) : events
  }
}

/** What the message of this answer is named. */
export const anthropicMessageId = ({ id }: AnswerHead): string => `msg_${id}`

const event = (type: string, fields: object): string => sseEvent(JSON.stringify({ type, ...fields }), type)

const notEnded = { stop_reason: null, stop_sequence: null, stop_details: null, container: null }

const ended = (answer: ModelAnswer) => ({
  ...notEnded,
  stop_reason: stopReason(answer),
  stop_sequence: answer.stoppedBy ?? null,
})

function message(head: AnswerHead, content: readonly object[], end: object, usage: ModelUsage) {
  return {
    id: anthropicMessageId(head),
    type: 'message',
    role: 'assistant',
    model: head.model,
    content,
    ...end,
    usage: usageObject(usage),
  }
}

function blockStart(part: AnswerPart) {
  if (part.kind === 'thinking') return { type: 'thinking', thinking: '', signature: '' }
  if (part.kind === 'text') return { type: 'text', text: '', citations: null }
  return { type: 'tool_use', id: part.call.id, name: part.call.name, input: {}, caller: direct }
}

function blockDelta({ kind }: AnswerPart, text: string) {
  if (kind === 'thinking') return { type: 'thinking_delta', thinking: text }
  return kind === 'text' ? { type: 'text_delta', text } : { type: 'input_json_delta', partial_json: text }
}

/** What signs a thought. Clients keep it and send it back; nothing is read from it. */
export const thinkingSignature = ({ id }: AnswerHead): string =>
  Buffer.from(`plimsoll thinking ${id}`).toString('base64')

/** No program of the provider's own asked for it. */
const direct = { type: 'direct' }

function toolUse({ id, name, arguments: json }: ModelToolCall) {
  return { type: 'tool_use', id, name, input: JSON.parse(json) as unknown, caller: direct }
}

/** Tokens from the cache are not among the input tokens, nor are those that go there. */
function tokensUsed(usage: ModelUsage) {
  const { inputTokens, cachedTokens, writtenTokens = 0, outputTokens, thinkingTokens = 0 } = usage
  return {
    input_tokens: inputTokens - cachedTokens - writtenTokens,
    cache_creation_input_tokens: writtenTokens,
    cache_read_input_tokens: cachedTokens,
    output_tokens: outputTokens,
    output_tokens_details: { thinking_tokens: Math.min(thinkingTokens, outputTokens) },
    server_tool_use: null,
  }
}

function usageObject(usage: ModelUsage) {
  const { writtenTokens = 0, hourlyTokens = 0 } = usage
  return {
    ...tokensUsed(usage),
    cache_creation: {
      ephemeral_5m_input_tokens: writtenTokens - hourlyTokens,
      ephemeral_1h_input_tokens: hourlyTokens,
    },
    service_tier: 'standard',
    inference_geo: null,
    speed: null,
  }
}
