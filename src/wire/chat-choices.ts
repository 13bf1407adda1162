import type { AnswerStream } from './model-answer.ts'
import type { ChatStream } from './openai-chat.ts'

/** The choices of one streamed completion, told beside each other. */
export class ChatChoicesStream implements AnswerStream {
  readonly encoding?: 'latin1'
  readonly #first: ChatStream
  readonly #choices: readonly ChatStream[]

  constructor(first: ChatStream, others: readonly ChatStream[]) {
    this.#first = first
    this.#choices = [first, ...others]
    if (this.#choices.every(({ encoding }) => encoding === 'latin1')) this.encoding = 'latin1'
  }

  opening(): string {
    return this.#choices.map((choice) => choice.opening()).join('')
  }

  piece(to: number): string {
    return this.#choices.map((choice) => choice.piece(to)).join('')
  }

  closing(): string {
    return this.#choices.map((choice) => choice.finish()).join('') + this.#first.end()
  }

  failure(message: string): string {
    return this.#first.failure(message)
  }
}
