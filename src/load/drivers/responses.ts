import type { DriverFactory } from '../driver.ts'
import { isObject } from '../../wire/request-fields.ts'
import { openAiUsage } from '../../wire/told-usage.ts'
import { completed, faultOfApiError } from './fault.ts'
import { createModelDriver } from './model-endpoint.ts'

/** Any endpoint of the OpenAI Responses API, streamed; conversations are sent whole and not stored there. */
export const responses: DriverFactory = (options) =>
  createModelDriver(options, {
    path: '/responses',
    body: (input) => ({
      model: options.model,
      input,
      stream: true,
      store: false,
      ...(options.maxTokens === undefined ? {} : { max_output_tokens: options.maxTokens }),
    }),
    read(event, answer) {
      const { type, response } = event
      const usage = isObject(response) ? response['usage'] : undefined
      if (isObject(usage)) answer.usage = openAiUsage(usage, 'input', 'output', answer.usage)
      const item = event['item']
      if (type === 'response.output_item.added' && isObject(item) && item['type'] !== 'message')
        answer.works()
      if (type === 'response.output_text.delta') answer.say(event['delta'])
      // Cut at the cap on its tokens, an answer is an answer.
      if (type === 'response.completed' || type === 'response.incomplete') return completed
      if (type === 'response.failed')
        return faultOfApiError(isObject(response) ? response['error'] : undefined, answer.redact)
      if (type === 'error' || type === undefined)
        return faultOfApiError(event['error'] ?? event, answer.redact)
      return undefined
    },
  })
