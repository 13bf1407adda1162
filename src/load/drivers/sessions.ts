import type { DriverFactory, DriverResult, TurnObserver } from '../driver.ts'
import type { StreamEvent } from './event-stream.ts'
import { completed, failed, faultOfApiError, isObject } from './fault.ts'
import { createSessionDriver } from './open-sessions.ts'

/** The session API with streamed answers (`Accept: text/event-stream`). */
export const sessions: DriverFactory = (options) =>
  createSessionDriver(options, 'text/event-stream', (client, request, seen, signal) =>
    client.events(request, seen, signal, (event, atMs) => readEvent(event, atMs, seen, client.redact)),
  )

function readEvent(
  event: StreamEvent,
  atMs: number,
  seen: TurnObserver,
  redact: (text: string) => string,
): DriverResult | undefined {
  const type = event.event
  if (type !== 'token' && type !== 'done' && type !== 'error') {
    // Agents that speak this API may tell more of what they do: statuses, tool calls.
    seen.working?.()
    return undefined
  }
  let data: unknown
  try {
    data = JSON.parse(event.data)
  } catch {
    return failed('protocol', `the data of a ${type} event is not valid JSON`)
  }
  if (!isObject(data)) return failed('protocol', `the data of a ${type} event is not an object`)
  if (type === 'error') return faultOfApiError(data['error'] ?? data, redact)
  if (type === 'done') return completed
  const { text, tokens } = data
  if (typeof text !== 'string') return failed('protocol', 'a token event has no text')
  seen.text(text)
  seen.token(atMs, typeof tokens === 'number' && tokens >= 0 ? tokens : 1)
  return undefined
}
