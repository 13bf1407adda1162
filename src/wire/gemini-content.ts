import { AnswerCutter } from './cut-answer.ts'
import { geminiErrorBody } from './gemini-error.ts'
import { signatureOfCall } from './gemini-signature.ts'
import {
  type AnswerHead,
  answerParts,
  type AnswerStream,
  type ModelAnswer,
  type ModelToolCall,
  type ModelUsage,
  partOf,
} from './model-answer.ts'

/** The body of an answer in one piece. */
export function geminiContent(head: AnswerHead, answer: ModelAnswer, usage: ModelUsage): string {
  const thoughts = answer.thinking ? [{ text: answer.thinking, thought: true }] : []
  const said = answer.toolCalls.length > 0 ? answer.toolCalls.map(callPart) : [{ text: answer.text }]
  return JSON.stringify(response(head, [...thoughts, ...said], usage, finishReason(answer)))
}

/** A call is no reason of its own to finish. */
const finishReason = ({ finish }: ModelAnswer): string => (finish === 'length' ? 'MAX_TOKENS' : 'STOP')

/** The pieces of a streamed answer: events, or (`array`) the elements of one JSON array. */
export class GeminiStream implements AnswerStream {
  readonly #head: AnswerHead
  readonly #answer: ModelAnswer
  readonly #usage: ModelUsage
  readonly #as: 'events' | 'array'
  readonly #cutter: AnswerCutter
  readonly #length: number
  #told = 0
  #begun = false

  constructor(head: AnswerHead, answer: ModelAnswer, usage: ModelUsage, as: 'events' | 'array') {
    this.#head = head
    this.#answer = answer
    this.#usage = usage
    this.#as = as
    const parts = answerParts(answer)
    this.#cutter = new AnswerCutter(parts)
    this.#length = parts.reduce((sum, part) => sum + part.length, 0)
  }

  opening(): string {
    return ''
  }

  /** Text as far as it goes; a call once all of it is there. */
  piece(to: number): string {
    const parts: object[] = []
    for (const { index, text, ends } of this.#cutter.upTo(to)) {
      this.#told += text.length
      const part = partOf(this.#answer, index)
      if (part.kind === 'call') {
        if (ends) parts.push(callPart(part.call))
      } else if (text) parts.push(part.kind === 'thinking' ? { text, thought: true } : { text })
    }
    return parts.length === 0 ? '' : this.#element(response(this.#head, parts, this.#usageSoFar()))
  }

  closing(): string {
    const last = response(this.#head, [{ text: '' }], this.#usage, finishReason(this.#answer))
    return this.#element(last) + (this.#as === 'array' ? ']' : '')
  }

  failure(message: string): string {
    const error = JSON.parse(geminiErrorBody({ status: 503, message })) as object
    return this.#element(error) + (this.#as === 'array' ? ']' : '')
  }

  #usageSoFar(): ModelUsage {
    const { outputTokens } = this.#usage
    return {
      ...this.#usage,
      outputTokens: Math.ceil((outputTokens * this.#told) / Math.max(1, this.#length)),
      thinkingTokens: 0,
    }
  }

  #element(value: object): string {
    const text = JSON.stringify(value)
    if (this.#as === 'events') return `data: ${text}\r\n\r\n`
    const before = this.#begun ? ',\r\n' : '['
    this.#begun = true
    return before + text
  }
}

function callPart({ id, name, arguments: json }: ModelToolCall) {
  const args = JSON.parse(json) as unknown
  return { functionCall: { id, name, args }, thoughtSignature: signatureOfCall(id) }
}

function response(head: AnswerHead, parts: readonly object[], usage: ModelUsage, finishReason?: string) {
  const candidate = { content: { parts, role: 'model' }, ...(finishReason ? { finishReason } : {}), index: 0 }
  const { inputTokens, cachedTokens, outputTokens, thinkingTokens = 0 } = usage
  const usageMetadata = {
    promptTokenCount: inputTokens,
    candidatesTokenCount: outputTokens - thinkingTokens,
    totalTokenCount: inputTokens + outputTokens,
    ...(cachedTokens > 0 ? { cachedContentTokenCount: cachedTokens } : {}),
    ...(thinkingTokens > 0 ? { thoughtsTokenCount: thinkingTokens } : {}),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: inputTokens }],
  }
  return { candidates: [candidate], usageMetadata, modelVersion: head.model, responseId: head.id }
}
