import { sseEvent } from './sse.ts'

/** What all chunks of an answer share. */
export interface ChatHead {
  readonly id: string
  readonly createdSeconds: number
  readonly model: string
}

export interface ChatToolCall {
  readonly id: string
  readonly name: string
  /** JSON. */
  readonly arguments: string
}

/** Text, or tool calls. */
export interface ChatAnswer {
  readonly text: string
  readonly toolCalls: readonly ChatToolCall[]
  readonly finish: 'stop' | 'length' | 'tool_calls'
}

export interface ChatUsage {
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
}

/** The body of an answer in one piece. */
export function chatCompletion(head: ChatHead, answer: ChatAnswer, usage: ChatUsage): string {
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
    id: head.id,
    object: 'chat.completion',
    created: head.createdSeconds,
    model: head.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: answer.finish }],
    usage: usageObject(usage),
  })
}

/** Cuts an answer into the events of a stream. Positions are shares of the answer: 0 is before it, 1 its end. */
export class ChatStream {
  readonly #before: string
  readonly #after: string
  readonly #head: string
  readonly #answer: ChatAnswer
  readonly #includeUsage: boolean
  /** Where the arguments of each call begin among all of them. */
  readonly #starts: readonly number[]
  readonly #length: number

  constructor(head: ChatHead, answer: ChatAnswer, includeUsage: boolean) {
    const { id, createdSeconds, model } = head
    const start = JSON.stringify({ id, object: 'chat.completion.chunk', created: createdSeconds, model })
    const usage = includeUsage ? ',"usage":null' : ''
    this.#head = start.slice(0, -1)
    this.#before = `data: ${this.#head},"choices":[{"index":0,"delta":`
    this.#after = `,"logprobs":null,"finish_reason":null}]${usage}}\n\n`
    this.#answer = answer
    this.#includeUsage = includeUsage
    let length = 0
    this.#starts = answer.toolCalls.map((call) => (length += call.arguments.length) - call.arguments.length)
    this.#length = answer.toolCalls.length > 0 ? length : answer.text.length
  }

  /** Comes first and says who speaks. */
  opening(): string {
    const content = this.#answer.toolCalls.length > 0 ? 'null' : '""'
    return this.#chunk(`{"role":"assistant","content":${content},"refusal":null}`)
  }

  /** The events from one share of the answer to the next; one event but where a tool call begins. */
  piece(from: number, to: number): string {
    const start = Math.round(from * this.#length)
    const end = Math.round(to * this.#length)
    const { toolCalls, text } = this.#answer
    if (toolCalls.length === 0)
      return end > start ? this.#chunk(`{"content":${JSON.stringify(text.slice(start, end))}}`) : ''
    let events = ''
    for (const [index, call] of toolCalls.entries()) {
      const begins = this.#starts[index]!
      if (begins >= start && begins < end) events += this.#callBegins(index, call)
      const piece = call.arguments.slice(Math.max(0, start - begins), Math.max(0, end - begins))
      if (piece)
        events += this.#chunk(
          `{"tool_calls":[{"index":${index},"function":{"arguments":${JSON.stringify(piece)}}}]}`,
        )
    }
    return events
  }

  #callBegins(index: number, { id, name }: ChatToolCall): string {
    const call = { index, id, type: 'function', function: { name, arguments: '' } }
    return this.#chunk(JSON.stringify({ tool_calls: [call] }))
  }

  /** Why it ended, what it used where asked for, and the end. */
  closing(usage: ChatUsage): string {
    const finish = `,"logprobs":null,"finish_reason":"${this.#answer.finish}"}]`
    const last = this.#includeUsage
      ? sseEvent(`${this.#head},"choices":[],"usage":${JSON.stringify(usageObject(usage))}}`)
      : ''
    return `${this.#before}{}${finish}${this.#includeUsage ? ',"usage":null' : ''}}\n\n${last}${sseEvent('[DONE]')}`
  }

  #chunk(delta: string): string {
    return this.#before + delta + this.#after
  }
}

function usageObject({ inputTokens, cachedTokens, outputTokens }: ChatUsage) {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  }
}
