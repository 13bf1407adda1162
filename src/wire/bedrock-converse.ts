import { stopReason, thinkingSignature } from './anthropic-messages.ts'
import { eventFrame, failureFrame } from './bedrock-frame.ts'
import { AnswerCutter, type Cut } from './cut-answer.ts'
import {
  type AnswerHead,
  answerParts,
  type AnswerStream,
  type ModelAnswer,
  type ModelToolCall,
  type ModelUsage,
  partOf,
} from './model-answer.ts'

/** The body of an answer in one piece, as it is sent: its latency is known then. */
export function converseBody(
  head: AnswerHead,
  answer: ModelAnswer,
  usage: ModelUsage,
  latencyMs: () => number,
): () => string {
  const { text, thinking, toolCalls } = answer
  const thought =
    thinking === undefined
      ? []
      : [{ reasoningContent: { reasoningText: { text: thinking, signature: thinkingSignature(head) } } }]
  const spoken = text === '' ? [] : [{ text }]
  const said = toolCalls.length > 0 ? toolCalls.map(toolUse) : spoken
  const body = {
    output: { message: { role: 'assistant', content: [...thought, ...said] } },
    stopReason: stopReason(answer),
    usage: usageObject(usage),
  }
  return () => JSON.stringify({ ...body, metrics: { latencyMs: latencyMs() } })
}

/** The frames of a streamed answer, as latin1 text: each character is one byte. */
export class ConverseStream implements AnswerStream {
  readonly encoding = 'latin1'
  readonly #head: AnswerHead
  readonly #answer: ModelAnswer
  readonly #usage: ModelUsage
  readonly #cutter: AnswerCutter
  readonly #latencyMs: () => number

  constructor(head: AnswerHead, answer: ModelAnswer, usage: ModelUsage, latencyMs: () => number) {
    this.#head = head
    this.#answer = answer
    this.#usage = usage
    this.#cutter = new AnswerCutter(answerParts(answer))
    this.#latencyMs = latencyMs
  }

  opening(): string {
    return event('messageStart', { role: 'assistant' })
  }

  piece(to: number): string {
    return this.#cutter
      .upTo(to)
      .map((cut) => this.#blockEvents(cut))
      .join('')
  }

  closing(): string {
    const metadata = { usage: usageObject(this.#usage), metrics: { latencyMs: this.#latencyMs() } }
    return event('messageStop', { stopReason: stopReason(this.#answer) }) + event('metadata', metadata)
  }

  failure(message: string): string {
    return failureFrame(message)
  }

  #blockEvents({ index, text, begins, ends }: Cut): string {
    const part = partOf(this.#answer, index)
    const contentBlockIndex = index
    const delta = (of: object): string => event('contentBlockDelta', { contentBlockIndex, delta: of })
    let events = ''
    if (part.kind === 'call') {
      const { id, name } = part.call
      const start = { toolUse: { toolUseId: id, name } }
      if (begins) events += event('contentBlockStart', { contentBlockIndex, start })
      if (text) events += delta({ toolUse: { input: text } })
    } else if (part.kind === 'thinking') {
      if (text) events += delta({ reasoningContent: { text } })
      if (ends) events += delta({ reasoningContent: { signature: thinkingSignature(this.#head) } })
    } else if (text) events += delta({ text })
    return ends ? events + event('contentBlockStop', { contentBlockIndex }) : events
  }
}

const event = (type: string, payload: object): string =>
  eventFrame({ ':event-type': type, ':message-type': 'event' }, payload)

function toolUse({ id, name, arguments: json }: ModelToolCall) {
  return { toolUse: { toolUseId: id, name, input: JSON.parse(json) as unknown } }
}

/** Tokens from the cache and those that go there are not among the input tokens, but among all. */
function usageObject({ inputTokens, cachedTokens, writtenTokens = 0, outputTokens }: ModelUsage) {
  return {
    inputTokens: inputTokens - cachedTokens - writtenTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens,
    cacheReadInputTokens: cachedTokens,
    cacheWriteInputTokens: writtenTokens,
  }
}
