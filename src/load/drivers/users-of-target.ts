import type { TurnSignal } from '../turn-signal.ts'
import type { IncomingHttpHeaders } from 'undici/types/header.js'
import { CookieJar } from 'tough-cookie'
import type { UserAccess, UserRow } from '../../workload/target-access.ts'
import type { DriverOptions, DriverResult } from '../driver.ts'
import { abandoned, failed } from './fault.ts'
import { fillRequest, headerValue } from './fill-template.ts'
import type { HttpClient } from './http-client.ts'
import { pointedAt } from './read-message.ts'
import type { SecretWords } from './secret-words.ts'

/** A token longer than this fits no header. */
const maxTokenCharacters = 16_384

interface Carried {
  token?: string
  jar?: CookieJar
  isIn: boolean
  entering?: Promise<DriverResult | undefined>
  /** Grows with each login: what was sent before it is not held against it. */
  logins: number
}

type Needs = Pick<DriverOptions, 'url' | 'headers' | 'users'>

/** Who each user is to the target: the row of a file, the token of a login, cookies. */
export class UsersOfTarget {
  readonly #access: UserAccess
  readonly #options: Needs
  readonly #secrets: SecretWords
  readonly #login: Pick<HttpClient, 'json'>
  readonly #carried = new Map<number, Carried>()
  readonly #over = new AbortController()
  /** Of the target's address, which the driver may have moved for its own requests. */
  readonly #base: string

  /** `login` sends what every user says first. */
  constructor(options: Needs, access: UserAccess, secrets: SecretWords, login: Pick<HttpClient, 'json'>) {
    this.#options = options
    this.#access = access
    this.#secrets = secrets
    this.#login = login
    this.#base = new URL(options.url).pathname.replace(/\/+$/, '')
  }

  get logIn(): boolean {
    return this.#access.login !== undefined
  }

  /** How often the user of this session has logged in. */
  logins(session: number): number {
    return this.#of(session).logins
  }

  row(session: number): UserRow | undefined {
    const { rows } = this.#access
    return rows?.[this.#user(session) % rows.length]
  }

  /** Lets the user in, once; a fault where the target does not. */
  async admit(session: number, signal: TurnSignal): Promise<DriverResult | undefined> {
    const user = this.#of(session)
    if (!this.#access.login || user.isIn) return undefined
    if (signal.aborted) return abandoned
    user.entering ??= this.#enter(user, session).finally(() => delete user.entering)
    let onAbort = (): void => {}
    const left = new Promise<DriverResult>((resolve) => (onAbort = () => resolve(abandoned)))
    signal.addEventListener('abort', onAbort)
    try {
      return await Promise.race([user.entering, left])
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  /** The target does not know this user any more: the next request is preceded by a login. */
  refused(session: number, logins: number): void {
    const user = this.#of(session)
    if (user.logins === logins) user.isIn = false
  }

  /** A path below the target's own, from the host on: as `headers` and `keep` have it. */
  below(path: string): string {
    return this.#base + path
  }

  /** The target's own headers as this user sends them, names and values in turn. */
  headers(session: number, path: string): string[] {
    const { token, jar } = this.#of(session)
    const row = this.row(session)
    const all: string[] = []
    for (const [name, template] of Object.entries(this.#options.headers)) {
      // Before the login there is no token to send.
      if (token === undefined && template.includes('{token}') && this.logIn) continue
      const value = template.replaceAll(/\$\{user\.([^}]+)\}|\{token\}/g, (whole, column?: string) =>
        column === undefined ? (token ?? whole) : headerValue(row?.[column] ?? ''),
      )
      all.push(name, value)
    }
    const cookies = jar?.getCookieStringSync(this.#address(path)) ?? ''
    if (cookies === '') return all
    const at = all.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === 'cookie')
    if (at >= 0) all[at + 1] = `${all[at + 1]}; ${cookies}`
    else all.push('cookie', cookies)
    return all
  }

  /** Keeps what the target gave the user with an answer. */
  keep(session: number, path: string, headers: IncomingHttpHeaders): void {
    const given = headers['set-cookie']
    if (!this.#access.cookies || given === undefined) return
    const user = this.#of(session)
    user.jar ??= new CookieJar(undefined, { rejectPublicSuffixes: false, looseMode: true })
    for (const cookie of [given].flat()) {
      const kept = user.jar.setCookieSync(cookie, this.#address(path), { ignoreError: true })
      if (kept) this.#secrets.add(kept.value)
    }
  }

  /** The session is over: in open load its user with it. */
  leave(session: number): void {
    if (!Number.isFinite(this.#options.users)) this.#carried.delete(session)
  }

  close(): void {
    this.#over.abort()
  }

  async #enter(user: Carried, session: number): Promise<DriverResult | undefined> {
    const { token, ...template } = this.#access.login!
    const values = {
      text: '',
      session: undefined,
      user: String(this.#user(session)),
      turn: '',
      traceparent: '',
      row: this.row(session),
    }
    delete user.token
    const request = fillRequest(template, values, ['accept', 'application/json'], session)
    const path = this.below(request.path)
    let status = 0
    let headers: IncomingHttpHeaders = {}
    const answer = await this.#login.json(
      {
        ...request,
        path,
        fromHost: true,
        headers: [...this.headers(session, path), ...request.headers],
        answered: (code, answered) => {
          status = code
          headers = answered
          this.keep(session, path, answered)
        },
      },
      undefined,
      this.#over.signal,
    )
    // What a form's login answers is a page or a redirect; only its headers count.
    const isIn = status >= 200 && status < (token && 'at' in token ? 300 : 400)
    if (!isIn || (token && 'at' in token && 'fault' in answer)) return loginFault(answer)
    if (token) {
      const found =
        'header' in token ? headers[token.header.toLowerCase()] : pointedAt(bodyOf(answer), token.at)
      if (typeof found !== 'string' || found === '' || found.length > maxTokenCharacters)
        return failed('protocol', 'login: the target answered without a token')
      if (/[^\t\u0020-\u007e\u0080-\u00ff]/.test(found))
        return failed('protocol', 'login: the target answered a token that no header may hold')
      user.token = found
      this.#secrets.add(found)
    }
    user.isIn = true
    user.logins++
    return undefined
  }

  #address(path: string): string {
    const { protocol, host } = new URL(this.#options.url)
    return `${protocol.replace(/^ws/, 'http')}//${host}${path}`
  }

  #user(session: number): number {
    const { users } = this.#options
    return Number.isFinite(users) ? session % users : session
  }

  #of(session: number): Carried {
    const user = this.#user(session)
    let carried = this.#carried.get(user)
    if (!carried) {
      this.#carried.set(user, (carried = { isIn: false, logins: 0 }))
      for (const cell of Object.values(this.row(session) ?? {})) this.#secrets.add(cell)
    }
    return carried
  }
}

type Answer = Awaited<ReturnType<HttpClient['json']>>

function loginFault(answer: Answer): DriverResult {
  if (!('fault' in answer)) return failed('protocol', 'login: the target did not let the user in')
  const { message } = answer.fault
  return { ...answer.fault, ...(message === undefined ? {} : { message: `login: ${message}` }) }
}

const bodyOf = (answer: Answer): unknown => ('body' in answer ? answer.body : undefined)
