import type { Called, ModelMessage } from './model-request.ts'

/** Tool calls and the results that stand right behind them; of what stands alone, the other is empty. */
export interface Exchange {
  /** The message that calls, or behind which results stand that nobody asked for. */
  readonly at: number
  readonly called: readonly Called[]
  readonly results: readonly ModelMessage[]
}

/** What calls and results in a conversation belong together, but for what is behind messages that are not known any more. */
export function exchangesOf(messages: readonly ModelMessage[]): Exchange[] {
  const exchanges: Exchange[] = []
  for (let at = 0, next = 0; at < messages.length; at = next) {
    // What one side says in several messages, APIs take for one.
    const called: Called[] = []
    for (next = at; messages[next]?.role === 'assistant'; next++)
      called.push(...(messages[next]!.called ?? []))
    const isKnown = messages[at]!.tokens === undefined
    next = Math.max(next, messages[at]!.role === 'tool' ? at : at + 1)
    const results: ModelMessage[] = []
    for (; messages[next]?.role === 'tool'; next++) results.push(messages[next]!)
    if (isKnown && called.length + results.length > 0) exchanges.push({ at, called, results })
  }
  return exchanges
}

/** Ids of calls that no result answers. */
export function unanswered({ called, results }: Exchange): readonly string[] {
  const answered = new Set(results.map(({ toolCallId }) => toolCallId))
  return called.flatMap(({ id }) => (id === undefined || answered.has(id) ? [] : [id]))
}

/** The first result that answers none of the calls. */
export function unasked({ called, results }: Exchange): ModelMessage | undefined {
  return results.find(({ toolCallId }) => !called.some(({ id }) => id === toolCallId))
}
