import type { TurnSignal } from '../turn-signal.ts'
import type { Dispatcher } from 'undici'
import type { IncomingHttpHeaders } from 'undici/types/header.js'
import type { WebSocketProtocol } from '../../workload/target.ts'
import type {
  Driver,
  DriverFactory,
  DriverOptions,
  DriverResult,
  DriverTurn,
  TurnObserver,
} from '../driver.ts'
import { parsedJson } from '../../wire/parsed-json.ts'
import { dispatcherTo } from './dispatcher-to.ts'
import { abandoned, completed, failed, redactor } from './fault.ts'
import {
  type RowValues,
  type TemplateValues,
  fillHeaders,
  fillJson,
  fillPath,
  ownName,
} from './fill-template.ts'
import { maxEventCharacters } from './answer-readers.ts'
import { type OpenUsers, openUsers, readiness } from './open-client.ts'
import { traceHeaders } from './open-sessions.ts'
import { MessageReader, holds, idAt } from './read-message.ts'
import { SocketConnection } from './socket-connection.ts'

/** How long a target may take to say goodbye. */
const closingMs = 1000

/** JSON messages over a WebSocket, as the workload file describes them; each session has a socket. */
export const websocket: DriverFactory = (options) => {
  if (!options.websocket) throw new Error('the driver websocket needs its description')
  return new WebSocketDriver(options, options.websocket)
}

class WebSocketDriver {
  readonly ready: Driver['ready']
  readonly #options: DriverOptions
  readonly #protocol: WebSocketProtocol
  readonly #redact: (text: string) => string
  readonly #dispatcher: Dispatcher
  readonly #entry: OpenUsers | undefined
  readonly #connections = new Map<number, SocketConnection>()
  readonly #leaving = new Set<SocketConnection>()
  /** What the target calls each session. */
  readonly #ids = new Map<number, string>()

  constructor(options: DriverOptions, protocol: WebSocketProtocol) {
    this.#options = options
    this.#protocol = protocol
    const redact = redactor(options.headers, [...options.secrets, ...Object.values(protocol.headers)])
    this.#dispatcher = dispatcherTo(new URL(options.url), options, {
      webSocket: { maxPayloadSize: maxEventCharacters },
    })
    if (options.access) this.#entry = openUsers(options)
    this.#redact = (text) => redact(this.#entry?.client.redact(text) ?? text)
    if (this.#entry?.users.logIn) this.ready = readiness(options, this.#entry.users)
  }

  async turn(turn: DriverTurn, seen: TurnObserver, signal: TurnSignal): Promise<DriverResult> {
    if (signal.aborted) return abandoned
    const result = await this.#onSocket(turn, seen, signal)
    // What is left of an answer nobody waits for, or of a broken one, must not be taken for the next answer.
    if (result.outcome !== 'completed') this.#cut(turn.session)
    if (turn.last) this.#leave(turn.session)
    return result
  }

  leave(session: number): void {
    this.#leave(session)
  }

  async #onSocket(turn: DriverTurn, seen: TurnObserver, signal: TurnSignal): Promise<DriverResult> {
    const there = this.#connections.get(turn.session)
    if (there?.isOpen) seen.status(switching)
    const connection = there?.isOpen ? there : await this.#enter(turn, seen, signal)
    if ('outcome' in connection) return connection
    const reader = new MessageReader(this.#protocol.answer, seen, this.#redact)
    const result = await exchange(
      connection,
      JSON.stringify(fillJson(this.#protocol.send.body, this.#values(turn))),
      (data) => reader.readData(data, '', this.#options.now()),
      signal,
    )
    if (reader.session !== undefined) this.#ids.set(turn.session, reader.session)
    return result
  }

  /** Connects as the session's user; once more after a login where the target says 401. */
  async #enter(
    turn: DriverTurn,
    seen: TurnObserver,
    signal: TurnSignal,
  ): Promise<SocketConnection | DriverResult> {
    const users = this.#entry?.users
    if (!users)
      return this.#connect(turn, seen, signal, Object.entries(this.#options.headers).flat(), () => {})
    const { session } = turn
    const path = fillPath(this.#protocol.path, this.#values(turn))
    for (let again = false; ; again = true) {
      const fault = await users.admit(session, signal)
      if (fault) return fault
      const logins = users.logins(session)
      let status = 0
      const connected = await this.#connect(
        turn,
        seen,
        signal,
        users.headers(session, users.below(path)),
        (code, headers) => {
          status = code
          users.keep(session, users.below(path), headers)
        },
      )
      if (status !== 401 || !users.logIn) return connected
      users.refused(session, logins)
      if (again || signal.aborted) return connected
    }
  }

  async #connect(
    turn: DriverTurn,
    seen: TurnObserver,
    signal: TurnSignal,
    own: readonly string[],
    answered: (status: number, headers: IncomingHttpHeaders) => void,
  ): Promise<SocketConnection | DriverResult> {
    const values = this.#values(turn)
    const { headers, path, protocols, open } = this.#protocol
    const base = new URL(this.#options.url)
    const connection = new SocketConnection(this.#dispatcher, {
      url: `${base.protocol}//${base.host}${base.pathname.replace(/\/+$/, '')}${fillPath(path, values)}`,
      headers: fillHeaders(headers, values, [...own, ...traceHeaders(turn)]),
      protocols,
      redact: this.#redact,
      observe(status, told) {
        answered(status, told)
        seen.status(status)
        for (const [name, value] of Object.entries(told))
          if (value !== undefined) seen.header?.(name, String(value))
      },
    })
    this.#connections.set(turn.session, connection)
    const cut = (): void => connection.cut()
    signal.addEventListener('abort', cut)
    await connection.opened
    signal.removeEventListener('abort', cut)
    if (signal.aborted) return abandoned
    if (connection.fault) return connection.fault
    if (!open) return connection
    const ready = await this.#open(open, connection, turn, signal)
    return ready.outcome === 'completed' ? connection : ready
  }

  #open(
    open: NonNullable<WebSocketProtocol['open']>,
    connection: SocketConnection,
    turn: DriverTurn,
    signal: TurnSignal,
  ): Promise<DriverResult> {
    const hello =
      open.body === undefined ? undefined : JSON.stringify(fillJson(open.body, this.#values(turn)))
    // Nothing to wait for: neither an id nor a word of the target.
    if (hello !== undefined && !open.until && !open.session) {
      connection.send(hello)
      return Promise.resolve(completed)
    }
    return exchange(
      connection,
      hello,
      (data) => {
        const value = parsedJson(data)
        if (open.until && !holds(open.until, { value, event: '', data })) return undefined
        if (!open.session) return completed
        const id = idAt(value, open.session)
        if (id === undefined) return failed('protocol', 'the target opened a session without an id')
        this.#ids.set(turn.session, id)
        return completed
      },
      signal,
    )
  }

  #values(turn: DriverTurn): TemplateValues & RowValues {
    const { open, answer } = this.#protocol
    const isTheirs = open?.session !== undefined || answer.session !== undefined
    return {
      text: turn.text,
      session: this.#ids.get(turn.session) ?? (isTheirs ? undefined : ownName(turn)),
      user: String(turn.session % this.#options.users),
      turn: String(turn.turn),
      traceparent: turn.traceparent,
      row: this.#entry?.users.row(turn.session),
    }
  }

  #cut(session: number): void {
    this.#connections.get(session)?.cut()
    this.#connections.delete(session)
  }

  #leave(session: number): void {
    const connection = this.#connections.get(session)
    this.#connections.delete(session)
    this.#ids.delete(session)
    this.#entry?.users.leave(session)
    if (!connection || connection.fault) return
    this.#leaving.add(connection)
    const { at, now } = this.#options
    const alarm = at(now() + closingMs, () => connection.cut())
    connection.onGone = () => {
      alarm.cancel()
      this.#leaving.delete(connection)
      if (this.#leaving.size === 0) this.#gone()
    }
    connection.close()
  }

  #gone: () => void = () => {}

  async close(): Promise<void> {
    for (const session of this.#connections.keys()) this.#leave(session)
    if (this.#leaving.size > 0) {
      const tooLong = AbortSignal.timeout(closingMs)
      await new Promise<void>((resolve) => {
        this.#gone = resolve
        tooLong.addEventListener('abort', () => resolve())
      })
    }
    for (const connection of this.#leaving) connection.cut()
    await this.#dispatcher.destroy()
    this.#entry?.users.close()
    await this.#entry?.client.close()
  }
}

const switching = 101

/** Says something and reads what comes until there is a result. */
function exchange(
  connection: SocketConnection,
  said: string | undefined,
  read: (data: string) => DriverResult | undefined,
  signal: TurnSignal,
): Promise<DriverResult> {
  if (connection.fault) return Promise.resolve(connection.fault)
  return new Promise((resolve, reject) => {
    const settle = (result: DriverResult): void => {
      connection.onMessage = undefined
      connection.onGone = undefined
      signal.removeEventListener('abort', onAbort)
      resolve(result)
    }
    const onAbort = (): void => settle(abandoned)
    signal.addEventListener('abort', onAbort)
    connection.onGone = settle
    connection.onMessage = (data) => {
      if (typeof data !== 'string')
        return settle(failed('protocol', 'the target sent bytes where JSON was expected'))
      try {
        const result = read(data)
        if (result) settle(result)
      } catch (error) {
        // A bug of ours: an event's listener has nobody to throw to.
        reject(error)
      }
    }
    if (said !== undefined) connection.send(said)
  })
}
