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
  /** JSON, or the text that a custom tool takes. */
  readonly arguments: string
  readonly isCustom?: true
}

/** Text, or tool calls; what was thought of them stands before. */
export interface ModelAnswer {
  /** Absent where nothing is told of it; empty where no more is told than that there was some. */
  readonly thinking?: string
  readonly text: string
  readonly toolCalls: readonly ModelToolCall[]
  readonly finish: 'stop' | 'length' | 'tool_calls'
  /** The stop sequence that would have come next, where one ended it. */
  readonly stoppedBy?: string
}

export interface ModelUsage {
  readonly inputTokens: number
  readonly cachedTokens: number
  /** Of the input, what is kept from here on; 0 where absent. */
  readonly writtenTokens?: number
  /** Of that, what is kept for an hour; 0 where absent. */
  readonly hourlyTokens?: number
  readonly outputTokens: number
  /** Of the output, what was thought; 0 where absent. */
  readonly thinkingTokens?: number
}

/** An answer as the events of a stream. */
export interface AnswerStream {
  /** Of its text; utf8 where absent. */
  readonly encoding?: 'latin1'
  opening(): string
  /** The events up to a share of the answer, after those that were told before: 0 is before it, 1 its end. */
  piece(to: number): string
  closing(): string
  /** Instead of all that would still come. */
  failure(message: string): string
}

/** What an answer is made of: what was thought, if anything, then its text, if any, or the arguments of each tool call. */
export function answerParts({ thinking, text, toolCalls }: ModelAnswer): readonly string[] {
  const spoken = text === '' ? [] : [text]
  const said = toolCalls.length > 0 ? toolCalls.map((call) => call.arguments) : spoken
  return thinking === undefined ? said : [thinking, ...said]
}

export type AnswerPart =
  | { readonly kind: 'thinking' }
  | { readonly kind: 'text' }
  | { readonly kind: 'call'; readonly call: ModelToolCall }

/** What the part of this index is. */
export function partOf({ thinking, toolCalls }: ModelAnswer, index: number): AnswerPart {
  const callIndex = thinking === undefined ? index : index - 1
  if (callIndex < 0) return { kind: 'thinking' }
  const call = toolCalls[callIndex]
  return call ? { kind: 'call', call } : { kind: 'text' }
}
