import type { DriverFactory } from '../driver.ts'
import { isObject } from '../../wire/request-fields.ts'
import { anthropicUsage } from '../../wire/told-usage.ts'
import { completed, faultOfApiError } from './fault.ts'
import { createModelDriver } from './model-endpoint.ts'

const version = '2023-06-01'
/** The API demands a cap; this one stands where the workload sets none. */
const usualMaxTokens = 4096

/** Any Anthropic Messages endpoint, streamed. */
export const anthropic: DriverFactory = (options) => {
  const named = Object.keys(options.headers).some((name) => name.toLowerCase() === 'anthropic-version')
  return createModelDriver(options, {
    path: '/messages',
    headers: named ? [] : ['anthropic-version', version],
    body(messages) {
      // A conversation begins with the user: a window over the history may not. Empty texts are refused.
      const first = messages.findIndex(({ role }) => role === 'user')
      return {
        model: options.model,
        max_tokens: options.maxTokens ?? usualMaxTokens,
        messages: messages.slice(first).filter(({ content }) => content !== ''),
        stream: true,
      }
    },
    read(event, answer) {
      const { type, delta, message } = event
      const usage = event['usage'] ?? (isObject(message) ? message['usage'] : undefined)
      if (isObject(usage)) answer.usage = anthropicUsage(usage, answer.usage)
      if (type === 'error') return faultOfApiError(event['error'], answer.redact)
      if (type === 'message_stop') return completed
      const block = event['content_block']
      if (type === 'content_block_start' && isObject(block) && block['type'] !== 'text') answer.works()
      if (type === 'content_block_delta' && isObject(delta) && delta['type'] === 'text_delta')
        answer.say(delta['text'])
      return undefined
    },
  })
}
