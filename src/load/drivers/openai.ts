import type { DriverFactory } from '../driver.ts'
import { mostTokensName } from '../../wire/openai-model-rules.ts'
import { isObject } from '../../wire/request-fields.ts'
import { openAiUsage } from '../../wire/told-usage.ts'
import { completed, faultOfApiError } from './fault.ts'
import { createModelDriver } from './model-endpoint.ts'

/** Any OpenAI-compatible endpoint: streamed chat completions. */
export const openai: DriverFactory = (options) =>
  createModelDriver(options, {
    path: '/chat/completions',
    body: (messages) => ({
      model: options.model,
      messages,
      stream: true,
      stream_options: { include_usage: true },
      ...(options.maxTokens === undefined ? {} : { [mostTokensName(options.model)]: options.maxTokens }),
    }),
    endMark: { data: '[DONE]', result: completed },
    read(chunk, answer) {
      if (chunk['error']) return faultOfApiError(chunk['error'], answer.redact)
      const { usage } = chunk
      if (isObject(usage)) answer.usage = openAiUsage(usage, 'prompt', 'completion', answer.usage)
      const choice: unknown = Array.isArray(chunk['choices']) ? chunk['choices'][0] : undefined
      const delta = isObject(choice) ? choice['delta'] : undefined
      if (isObject(delta)) {
        // Thoughts have no field of the standard's: vLLM, DeepSeek and OpenRouter have these.
        if (delta['tool_calls'] || delta['reasoning_content'] || delta['reasoning']) answer.works()
        answer.say(delta['content'])
      }
      return undefined
    },
  })
