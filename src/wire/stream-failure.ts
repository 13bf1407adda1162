import { anthropicErrorBody } from './anthropic-error.ts'
import { geminiErrorBody } from './gemini-error.ts'
import { openAiErrorBody, serverError } from './openai-error.ts'
import type { ReadableApi } from './seen-answer.ts'
import { sseEvent } from './sse.ts'

/** The event of a stream that ends before it is whole; Responses number theirs, which is told on from the last one. */
export const streamFailures: Readonly<Record<ReadableApi, (message: string, lastEvent: string) => string>> = {
  chat: (message) => sseEvent(openAiErrorBody({ ...serverError, message })),
  responses(message, lastEvent) {
    const [, last = '-1'] = /"sequence_number"\s*:\s*(\d+)/.exec(lastEvent) ?? []
    const { error } = JSON.parse(openAiErrorBody({ ...serverError, message })) as { readonly error: object }
    return sseEvent(JSON.stringify({ type: 'error', sequence_number: Number(last) + 1, error }), 'error')
  },
  messages: (message) => sseEvent(anthropicErrorBody({ status: 529, message }), 'error'),
  gemini: (message) => `data: ${geminiErrorBody({ status: 503, message })}\r\n\r\n`,
}
