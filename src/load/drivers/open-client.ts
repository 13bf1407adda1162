import type { TurnSignal } from '../turn-signal.ts'
import { withinLimit } from '../within-limit.ts'
import type { DriverOptions, DriverResult } from '../driver.ts'
import { type HttpClient, type HttpRequest, createHttpClient } from './http-client.ts'
import { SecretWords } from './secret-words.ts'
import { UsersOfTarget } from './users-of-target.ts'

/** The HTTP of a driver to its `url`, with each user's login, cookies and row where the target has any of them. */
export function openClient(options: DriverOptions, url: string = options.url): HttpClient {
  return options.access
    ? clientOfUsers(options, openUsers(options, url))
    : createHttpClient({ ...options, url })
}

/** Users, and the plain client that lets them in. */
export interface OpenUsers {
  readonly users: UsersOfTarget
  readonly client: HttpClient
}

/** The users of a target that tells them apart, and the plain client through which they log in. */
export function openUsers(options: DriverOptions, address: string = options.url): OpenUsers {
  const secretWords = new SecretWords()
  const secrets = [...options.secrets, ...Object.values(options.headers)]
  const url = address.replace(/^ws/, 'http')
  const client = createHttpClient({ ...options, url, headers: {}, secrets, secretWords })
  const users = new UsersOfTarget(options, options.access ?? { cookies: false }, secretWords, client)
  return { users, client }
}

function clientOfUsers(options: DriverOptions, { users, client }: OpenUsers): HttpClient {
  /** Sends a request as its user, and a second time after a new login where the target answers 401. */
  async function asUser<T>(
    request: HttpRequest,
    signal: TurnSignal,
    send: (request: HttpRequest) => Promise<T>,
    broken: (fault: DriverResult) => T,
  ): Promise<T> {
    const { session } = request
    const path = request.fromHost ? request.path : users.below(request.path)
    for (let again = false; ; again = true) {
      const fault = await users.admit(session, signal)
      if (fault) return broken(fault)
      const logins = users.logins(session)
      let status = 0
      const answer = await send({
        ...request,
        headers: [...users.headers(session, path), ...request.headers],
        answered(code, headers) {
          status = code
          users.keep(session, path, headers)
        },
      })
      if (status !== 401 || !users.logIn) return answer
      users.refused(session, logins)
      if (again || signal.aborted) return answer
    }
  }

  return {
    ...client,
    json: (request, seen, signal) =>
      asUser(
        request,
        signal,
        (sent) => client.json(sent, seen, signal),
        (fault) => ({ fault }),
      ),
    events: (request, seen, signal, reader, atEnd, readWhole) =>
      asUser(request, signal, (sent) => client.events(sent, seen, signal, reader, atEnd, readWhole), itself),
    lines: (request, seen, signal, read, atEnd) =>
      asUser(request, signal, (sent) => client.lines(sent, seen, signal, read, atEnd), itself),
    request: (request, signal) =>
      asUser(
        { ...request, fromHost: true },
        signal,
        (sent) => client.request(sent, signal),
        (fault) => ({ fault }),
      ),
    row: (session) => users.row(session),
    leave: (session) => users.leave(session),
    ...(users.logIn ? { ready: readiness(options, users) } : {}),
    async close() {
      users.close()
      await client.close()
    },
  }
}

const itself = (fault: DriverResult): DriverResult => fault

/** A login that takes longer belongs to the turn, where patience ends it. */
const longestLoginMs = 60_000

/** What lets a session's user in before its first message, within the time that a login may take. */
export function readiness(options: DriverOptions, users: UsersOfTarget) {
  return async (session: number, signal: TurnSignal): Promise<void> => {
    await withinLimit(options, longestLoginMs, signal, (within) => users.admit(session, within))
  }
}
