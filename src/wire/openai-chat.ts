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

const ascii = /^[\x20-\x7e]*$/
/** What JSON says as it is. */
const plainWords = /^[ !#-[\]-~]*$/

/** The chunks of a streamed answer. */
export class ChatStream implements AnswerStream {
  readonly encoding?: 'latin1'
  readonly #before: string
  readonly #after: string
  readonly #head: string
  readonly #answer: ModelAnswer
  readonly #usage: ModelUsage
  readonly #includeUsage: boolean
  readonly #cutter: AnswerCutter
  /** What stands around the words of each chunk of an answer that is plain words and nothing else, as most are. */
  readonly #aroundWords: readonly [before: string, after: string] | undefined
  #saidWords = 0

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
    const isPlain =
      answer.toolCalls.length === 0 && answer.thinking === undefined && plainWords.test(answer.text)
    if (isPlain && ascii.test(start)) this.encoding = 'latin1'
    if (isPlain) this.#aroundWords = [[this.#before, '{"content":"'].join(''), ['"}', this.#after].join('')]
  }

  /** Says who speaks. */
  opening(): string {
    const content = this.#answer.toolCalls.length > 0 ? 'null' : '""'
    return this.#chunk(`{"role":"assistant","content":${content},"refusal":null}`)
  }

  /** One chunk but where a tool call begins. */
  piece(to: number): string {
    if (this.#aroundWords) return this.#words(to, this.#aroundWords)
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

  #words(to: number, [before, after]: readonly [string, string]): string {
    const { text } = this.#answer
    const from = this.#saidWords
    this.#saidWords = Math.round(to * text.length)
    return this.#saidWords === from ? '' : before + text.slice(from, this.#saidWords) + after
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
    const event = sseEvent(openAiErrorBody({ ...serverError, message }))
    return this.encoding === undefined ? event : event.replace(beyondAscii, escaped)
  }

  #chunk(delta: string): string {
    return this.#before + delta + this.#after
  }
}

const beyondAscii = /[\u0080-\uffff]/g
const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

function usageObject({ inputTokens, cachedTokens, outputTokens }: ModelUsage) {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  }
}
