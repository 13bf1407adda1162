import type { TurnSignal } from '../turn-signal.ts'
import type { SessionCreated } from '../../wire/session-api.ts'
import type { Driver, DriverOptions, DriverResult, DriverTurn, TurnObserver } from '../driver.ts'
import { isObject } from '../../wire/request-fields.ts'
import { failed } from './fault.ts'
import type { HttpClient, HttpRequest } from './http-client.ts'
import { openClient } from './open-client.ts'

/** Sends one message and reads its answer. */
type SendMessage = (
  client: HttpClient,
  request: HttpRequest,
  seen: TurnObserver,
  signal: TurnSignal,
) => Promise<DriverResult>

const closingMs = 1000

/** A driver of the session API: opens a session with its first turn and ends it after its last. */
export function createSessionDriver(options: DriverOptions, accept: string, send: SendMessage): Driver {
  const client = openClient(options)
  const idOf = new Map<number, string>()
  const ending = new Set<Promise<unknown>>()

  async function open(
    turn: DriverTurn,
    seen: TurnObserver,
    signal: TurnSignal,
  ): Promise<DriverResult | string> {
    const answer = await client.json(
      {
        method: 'POST',
        path: '/api/sessions',
        headers: headersOf(turn, 'application/json'),
        body: '{}',
        session: turn.session,
      },
      seen,
      signal,
    )
    if ('fault' in answer) return answer.fault
    const body = answer.body as Partial<SessionCreated> | undefined
    if (!isObject(body) || typeof body.session_id !== 'string' || body.session_id === '')
      return failed('protocol', 'the target opened a session without a session_id')
    // The turn's status is that of its message, which has none yet.
    seen.status(0)
    idOf.set(turn.session, body.session_id)
    return body.session_id
  }

  function end(session: number): Promise<unknown> {
    client.release(session)
    const id = idOf.get(session)
    if (id === undefined) {
      client.leave?.(session)
      return Promise.resolve()
    }
    idOf.delete(session)
    const ended = client.json(
      { method: 'DELETE', path: `/api/sessions/${encodeURIComponent(id)}`, headers: [], session },
      undefined,
      new AbortController().signal,
    )
    ending.add(ended)
    return ended.finally(() => {
      ending.delete(ended)
      client.leave?.(session)
    })
  }

  return {
    async turn(turn, seen, signal) {
      const opened = idOf.get(turn.session) ?? (await open(turn, seen, signal))
      if (typeof opened !== 'string') return opened
      const result = await send(
        client,
        {
          method: 'POST',
          path: `/api/sessions/${encodeURIComponent(opened)}/messages`,
          headers: headersOf(turn, accept),
          body: JSON.stringify({ content: turn.text }),
          session: turn.session,
        },
        seen,
        signal,
      )
      // A session that the target has forgotten is opened anew by the next turn.
      if (result.errorKind === 'http_4xx') idOf.delete(turn.session)
      else if (turn.last) void end(turn.session)
      return result
    },
    ready: client.ready,
    request: client.request,
    leave: (session) => void end(session),
    async close() {
      const tooLong = AbortSignal.timeout(closingMs)
      // Each has a signal of its own: thousands that listen to one would look for each other.
      for (const session of idOf.keys()) void end(session)
      const limit = new Promise<void>((resolve) => tooLong.addEventListener('abort', () => resolve()))
      await Promise.race([Promise.all(ending), limit])
      await client.close()
    },
  }
}

function headersOf(turn: DriverTurn, accept: string): string[] {
  return ['content-type', 'application/json', 'accept', accept, ...traceHeaders(turn)]
}

/** W3C trace context and baggage, for agents that propagate them. */
export function traceHeaders(turn: DriverTurn): string[] {
  const baggage = `plimsoll.session=${turn.session},plimsoll.turn=${turn.turn}`
  return ['traceparent', turn.traceparent, 'baggage', baggage]
}
