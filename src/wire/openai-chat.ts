import { AnswerCutter } from './cut-answer.ts'
import {
  type AnswerHead,
  answerParts,
  type AnswerStream,
  type ModelAnswer,
  type ModelToolCall,
  type ModelUsage,
} from './model-answer.ts'
import { openAiErrorBody, serverError } from './openai-error.ts'
import { sseEvent } from './sse.ts'

/** What comes before the id of an answer. */
export const chatIdPrefix = 'chatcmpl-'

/** The body of an answer in one piece. */
export function chatCompletion(head: AnswerHead, answer: ModelAnswer, usage: ModelUsage): string {
  const calls = answer.toolCalls.map(({ id, name, arguments: json }) => ({
    id,
    type: 'function',
    function: { name, arguments: json },
  }))
  const message = {
    role: 'assistant',
    content: calls.length > 0 ? null : answer.text,
    refusal: null,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  }
  return JSON.stringify({
    id: chatIdPrefix + head.id,
    object: 'chat.completion',
    created: head.createdSeconds,
    model: head.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: answer.finish }],
    usage: usageObject(usage),
  })
}

const afterAlone = ',"logprobs":null,"finish_reason":null}]}\n\n'
const afterWithUsage = ',"logprobs":null,"finish_reason":null}],"usage":null}\n\n'

/** The chunks of a streamed answer. */
export class ChatStream implements AnswerStream {
  readonly #before: string
  readonly #after: string
  readonly #head: string
  readonly #answer: ModelAnswer
  readonly #usage: ModelUsage
  readonly #includeUsage: boolean
  readonly #cutter: AnswerCutter

  constructor(head: AnswerHead, answer: ModelAnswer, usage: ModelUsage, includeUsage: boolean) {
    const { id, createdSeconds, model } = head
    const object = 'chat.completion.chunk'
    const start = JSON.stringify({ id: chatIdPrefix + id, object, created: createdSeconds, model })
    this.#head = start.slice(0, -1)
    // Joined, not added: what is added up is kept in parts, and each chunk would be put together from them.
    this.#before = ['data: ', this.#head, ',"choices":[{"index":0,"delta":'].join('')
    this.#after = includeUsage ? afterWithUsage : afterAlone
    this.#answer = answer
    this.#usage = usage
    this.#includeUsage = includeUsage
    this.#cutter = new AnswerCutter(answerParts(answer))
  }

  /** Says who speaks. */
  opening(): string {
    const content = this.#answer.toolCalls.length > 0 ? 'null' : '""'
    return this.#chunk(`{"role":"assistant","content":${content},"refusal":null}`)
  }

  /** One chunk but where a tool call begins. */
  piece(to: number): string {
    const { toolCalls } = this.#answer
    let events = ''
    for (const { index, text, begins } of this.#cutter.upTo(to)) {
      const piece = JSON.stringify(text)
      const call = toolCalls[index]
      if (call && begins) events += this.#callBegins(index, call)
      if (call && text)
        events += this.#chunk(`{"tool_calls":[{"index":${index},"function":{"arguments":${piece}}}]}`)
      if (!call && text) events += this.#chunk(`{"content":${piece}}`)
    }
    return events
  }

  #callBegins(index: number, { id, name }: ModelToolCall): string {
    const call = { index, id, type: 'function', function: { name, arguments: '' } }
    return this.#chunk(JSON.stringify({ tool_calls: [call] }))
  }

  /** Why it ended, what it used where asked for, and the end. */
  closing(): string {
    const finish = `,"logprobs":null,"finish_reason":"${this.#answer.finish}"}]`
    const last = this.#includeUsage
      ? sseEvent(`${this.#head},"choices":[],"usage":${JSON.stringify(usageObject(this.#usage))}}`)
      : ''
    return `${this.#before}{}${finish}${this.#includeUsage ? ',"usage":null' : ''}}\n\n${last}${sseEvent('[DONE]')}`
  }

  failure(message: string): string {
    return sseEvent(openAiErrorBody({ ...serverError, message }))
  }

  #chunk(delta: string): string {
    return this.#before + delta + this.#after
  }
}

function usageObject({ inputTokens, cachedTokens, outputTokens }: ModelUsage) {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  }
}
