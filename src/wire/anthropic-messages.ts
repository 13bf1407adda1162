import { anthropicErrorBody } from './anthropic-error.ts'
import { type Cut, AnswerCutter } from './cut-answer.ts'
import {
  type AnswerHead,
  answerParts,
  type AnswerStream,
  type ModelAnswer,
  type ModelToolCall,
  type ModelUsage,
} from './model-answer.ts'
import { sseEvent } from './sse.ts'

/** The body of an answer in one piece. */
export function anthropicMessage(head: AnswerHead, answer: ModelAnswer, usage: ModelUsage): string {
  const { text, toolCalls } = answer
  const content = toolCalls.length > 0 ? toolCalls.map(toolUse) : [{ type: 'text', text, citations: null }]
  return JSON.stringify(message(head, content, stopReasons[answer.finish], usage))
}

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
      message: message(this.#head, [], null, { ...this.#usage, outputTokens: 1 }),
    })
  }

  piece(to: number): string {
    return this.#cutter
      .upTo(to)
      .map((cut) => this.#blockEvents(cut))
      .join('')
  }

  closing(): string {
    const delta = { stop_reason: stopReasons[this.#answer.finish], stop_sequence: null }
    return event('message_delta', { delta, usage: usageObject(this.#usage) }) + event('message_stop', {})
  }

  failure(text: string): string {
    return sseEvent(anthropicErrorBody({ status: 529, message: text }), 'error')
  }

  #blockEvents({ index, text, begins, ends }: Cut): string {
    const call = this.#answer.toolCalls[index]
    let events = ''
    if (begins) {
      events += event('content_block_start', { index, content_block: blockStart(call) })
      if (index === 0) events += event('ping', {})
    }
    if (text) {
      const delta = call ? { type: 'input_json_delta', partial_json: text } : { type: 'text_delta', text }
      events += event('content_block_delta', { index, delta })
    }
    return ends ? events + event('content_block_stop', { index }) : events
  }
}

const event = (type: string, fields: object): string => sseEvent(JSON.stringify({ type, ...fields }), type)

function message(head: AnswerHead, content: readonly object[], stopReason: string | null, usage: ModelUsage) {
  return {
    id: `msg_${head.id}`,
    type: 'message',
    role: 'assistant',
    model: head.model,
    content,
    stop_reason: stopReason,
    stop_sequence: null,
    usage: usageObject(usage),
  }
}

function blockStart(call: ModelToolCall | undefined) {
  if (!call) return { type: 'text', text: '', citations: null }
  return { type: 'tool_use', id: call.id, name: call.name, input: {} }
}

function toolUse({ id, name, arguments: json }: ModelToolCall) {
  return { type: 'tool_use', id, name, input: JSON.parse(json) as unknown }
}

/** Tokens from the cache are not among the input tokens. */
function usageObject({ inputTokens, cachedTokens, outputTokens }: ModelUsage) {
  return {
    input_tokens: inputTokens - cachedTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cachedTokens,
    output_tokens: outputTokens,
  }
}
