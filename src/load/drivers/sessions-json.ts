import type { DriverFactory } from '../driver.ts'
import { isObject } from '../../wire/request-fields.ts'
import { completed, failed } from './fault.ts'
import { createSessionDriver } from './open-sessions.ts'

/** The session API with whole answers as JSON: the first text a user sees is all of it. */
export const sessionsJson: DriverFactory = (options) =>
  createSessionDriver(options, 'application/json', async (client, request, seen, signal) => {
    const answer = await client.json(request, seen, signal)
    if ('fault' in answer) return answer.fault
    const content = isObject(answer.body) ? answer.body['content'] : undefined
    if (typeof content !== 'string') return failed('protocol', 'the answer has no content')
    seen.text(content)
    seen.token(options.now(), 1)
    return completed
  })
