import { type CallKey, callsInText, lastTurnMark, parseCallId } from '../sessions/turn-key.ts'
import type { ModelMessage } from '../wire/model-request.ts'

/**
 * The tool call that a request answers, and with it the loop that it goes on with; undefined when it begins one.
 * What counts is what stands after the last assistant message: results of ours, whatever text stands among them.
 * Parallel results are of one step.
 */
export function continuedCall(messages: readonly ModelMessage[]): CallKey | undefined {
  let continued: CallKey | undefined
  for (let i = messages.length - 1; i >= 0; i--) {
    const { role, toolCallId } = messages[i]!
    if (role === 'assistant') break
    const call = role === 'tool' && toolCallId !== undefined ? parseCallId(toolCallId) : undefined
    if (call && (!continued || call.step > continued.step)) continued = call
  }
  return continued
}

/** What the user said last; of a conversation without a user, what was said last. */
export function lastUserText(messages: readonly ModelMessage[]): string {
  return (messages.findLast(({ role }) => role === 'user') ?? messages.at(-1))?.text ?? ''
}

/**
 * The tool call that a loop goes on from where its conversation is told anew as one text, such as after a hand-off: the
 * last of the turn's that is named after what the user said last.
 */
export function retoldCall(text: string): CallKey | undefined {
  const mark = lastTurnMark(text)
  if (!mark) return undefined
  const { run, session, turn } = mark.key
  return callsInText(text.slice(mark.at)).findLast(
    (call) => call.run === run && call.session === session && call.turn === turn,
  )
}

/** Enough to tell two conversations apart. */
export const longestConversation = 65_536

/** A conversation as one text, the same for the same messages. */
export function conversationText(messages: readonly ModelMessage[]): string {
  return messages
    .map(({ role, text }) => `${role}\n${text}\n`)
    .join('')
    .slice(-longestConversation)
}
