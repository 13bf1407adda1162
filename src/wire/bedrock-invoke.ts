import { AnthropicStream } from './anthropic-messages.ts'
import { eventFrame, failureFrame } from './bedrock-frame.ts'
import type { AnswerHead, AnswerStream, ModelAnswer, ModelUsage } from './model-answer.ts'

/** A streamed answer of Claude behind Bedrock's `InvokeModel`: Anthropic's events, each in a frame of AWS's. */
export class InvokeStream implements AnswerStream {
  readonly encoding = 'latin1'
  readonly #events: AnthropicStream

  constructor(head: AnswerHead, answer: ModelAnswer, usage: ModelUsage) {
    this.#events = new AnthropicStream(head, answer, usage)
  }

  opening(): string {
    return framed(this.#events.opening())
  }

  piece(to: number): string {
    return framed(this.#events.piece(to))
  }

  closing(): string {
    return framed(this.#events.closing())
  }

  failure(message: string): string {
    return failureFrame(message)
  }
}

/** Server-sent events as frames. */
function framed(events: string): string {
  return Array.from(events.matchAll(/^data: (.*)$/gm), ([, data]) =>
    eventFrame(
      { ':event-type': 'chunk', ':message-type': 'event' },
      { bytes: Buffer.from(data!, 'utf8').toString('base64') },
    ),
  ).join('')
}
