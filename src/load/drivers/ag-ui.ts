import type { DriverFactory } from '../driver.ts'
import { completed, faultOfApiError } from './fault.ts'
import { ownName } from './fill-template.ts'
import { createModelDriver } from './model-endpoint.ts'

/** Agents that speak AG-UI over HTTP: a run for each turn, with the conversation so far, answered as events. */
export const agUi: DriverFactory = (options) =>
  createModelDriver(options, {
    path: '',
    bareHost: '/',
    body: (messages, turn) => ({
      threadId: ownName(turn),
      runId: `${ownName(turn)}-${turn.turn}`,
      state: {},
      messages: messages.map((message, i) => ({ id: `m${i}`, ...message })),
      tools: [],
      context: [],
      forwardedProps: {},
    }),
    read({ type, delta, code, message }, answer) {
      switch (type) {
        case 'TEXT_MESSAGE_CONTENT':
        case 'TEXT_MESSAGE_CHUNK':
          answer.say(delta)
          return undefined
        case 'RUN_FINISHED':
          return completed
        case 'RUN_ERROR':
          return faultOfApiError({ code, message }, answer.redact)
        case 'STEP_STARTED':
        case 'TOOL_CALL_START':
        case 'TOOL_CALL_CHUNK':
        case 'REASONING_START':
          answer.works()
          return undefined
        default:
          return undefined
      }
    },
  })
