/** What tells one answer from another. */
export interface AnswerHead {
  /** Without the prefix that its API puts before it. */
  readonly id: string
  readonly createdSeconds: number
  readonly model: string
}

export interface ModelToolCall {
  readonly id: string
  readonly name: string
  /** JSON. */
  readonly arguments: string
}

/** Text, or tool calls. */
export interface ModelAnswer {
  readonly text: string
  readonly toolCalls: readonly ModelToolCall[]
  readonly finish: 'stop' | 'length' | 'tool_calls'
}

export interface ModelUsage {
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
}

/** An answer as the events of a stream. */
export interface AnswerStream {
  opening(): string
  /** The events up to a share of the answer, after those that were told before: 0 is before it, 1 its end. */
  piece(to: number): string
  closing(): string
  /** Instead of all that would still come. */
  failure(message: string): string
}

/** What an answer is made of: its text, or the arguments of each tool call. */
export function answerParts({ text, toolCalls }: ModelAnswer): readonly string[] {
  return toolCalls.length > 0 ? toolCalls.map((call) => call.arguments) : [text]
}
