import type { Agent, Dispatcher } from 'undici'
import type { TlsOptions } from '../../workload/target-access.ts'
import { isLocalTarget } from '../local-target.ts'
import type { DriverOptions } from '../driver.ts'
import { httpLibrary } from '../edge/http-library.ts'

/** Idle connections are kept as long as the target lets them: users think longer than the library's four seconds. */
const idleMs = 600_000

type Needs = Pick<DriverOptions, 'connection' | 'proxies'>

/** Connections of undici, as the target section and the environment have them. */
export function dispatcherTo(target: URL, options: Needs, more: Agent.Options = {}): Dispatcher {
  const { tls, http2 = false } = options.connection ?? {}
  const secured = securedBy(tls)
  const all = {
    ...more,
    pipelining: 1,
    allowH2: http2,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
    // Patience and the turn's time limit belong to the engine, which knows the workload's clock.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: secured,
  }
  const library = httpLibrary()
  if (!isProxied(target, options)) return new library.Agent(all)
  const { http = '', https = '', no = '' } = options.proxies ?? {}
  return new library.EnvHttpProxyAgent({
    ...all,
    httpProxy: http,
    httpsProxy: https,
    noProxy: no,
    requestTls: secured,
  })
}

/** As Node's sockets want it. */
export function securedBy(tls: TlsOptions = { insecure: false }) {
  const { insecure, ...texts } = tls
  return { ...texts, rejectUnauthorized: !insecure }
}

/** Whether a proxy may stand between: never on this machine. */
export function isProxied({ protocol, href }: URL, { proxies }: Pick<DriverOptions, 'proxies'>): boolean {
  const isSecure = protocol === 'https:' || protocol === 'wss:'
  const proxy = isSecure ? (proxies?.https ?? proxies?.http) : proxies?.http
  return proxy !== undefined && !isLocalTarget(href)
}
