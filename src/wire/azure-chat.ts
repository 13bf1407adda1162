import type { AnswerHead, ModelUsage } from './model-answer.ts'
import { chatCompletion, type ChatChoice, ChatStream } from './openai-chat.ts'
import { sseEvent } from './sse.ts'

const safe = { filtered: false, severity: 'safe' }
const filters = { hate: safe, self_harm: safe, sexual: safe, violence: safe }
const promptFilters = { prompt_filter_results: [{ prompt_index: 0, content_filter_results: filters }] }

/** The body of an answer in one piece, with what Azure's content filters found: nothing. */
export function azureChatCompletion(
  head: AnswerHead,
  told: readonly ChatChoice[],
  usage: ModelUsage,
): string {
  const completion = JSON.parse(chatCompletion(head, told, usage)) as {
    readonly choices: readonly object[]
  }
  const choices = completion.choices.map((choice) => ({ ...choice, content_filter_results: filters }))
  return JSON.stringify({ ...completion, choices, ...promptFilters })
}

/** The chunks of a streamed answer; the first says what the filters found in the prompt and holds no choice. */
export class AzureChatStream extends ChatStream {
  override opening(): string {
    const first = { choices: [], created: 0, id: '', model: '', object: '', ...promptFilters }
    return sseEvent(JSON.stringify(first)) + super.opening()
  }
}
