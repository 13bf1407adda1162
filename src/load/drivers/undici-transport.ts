import type { Dispatcher } from 'undici'
import type { DriverOptions } from '../driver.ts'
import { dispatcherTo, isProxied } from './dispatcher-to.ts'
import type { Transport } from './transport.ts'

type Needs = Pick<DriverOptions, 'connections' | 'connection' | 'proxies'>

/** Any HTTP that undici speaks: TLS, HTTP/2, proxies, whatever a target needs beyond plain sockets. */
export function undiciTransport(target: URL, options: Needs): Transport {
  const { origin } = target
  const { connections } = options
  const dispatcher = dispatcherTo(target, options, {
    connections: Number.isFinite(connections) ? connections : null,
  })
  // A plain request through a proxy is rewritten by the library, which reads its headers only by name.
  const byName = target.protocol === 'http:' && isProxied(target, options)
  return {
    send({ method, path, headers, body }, handler) {
      let controller: Dispatcher.DispatchController | undefined
      let over = false
      dispatcher.dispatch(
        {
          origin,
          path,
          method,
          headers: byName ? named(headers) : [...headers],
          body: body ?? null,
        },
        {
          onRequestStart(started) {
            controller = started
            if (over) started.abort(new Error('cut'))
          },
          onResponseStart(_, status, answered) {
            if (status >= 200 && !over) handler.head(status, answered)
          },
          onResponseData(_, bytes) {
            if (!over) handler.data(bytes, 0, bytes.length)
          },
          onResponseEnd() {
            if (over) return
            over = true
            handler.end()
          },
          onResponseError(_, error) {
            if (over) return
            over = true
            handler.error(error)
          },
        },
      )
      return {
        cut() {
          if (over) return
          over = true
          controller?.abort(new Error('cut'))
        },
        pause: () => void (over || controller?.pause()),
        resume: () => void (over || controller?.resume()),
      }
    },
    close: () => dispatcher.destroy(),
  }
}

function named(headers: readonly string[]): Record<string, string> {
  const all: Record<string, string> = {}
  for (let i = 0; i < headers.length; i += 2) all[headers[i]!] = headers[i + 1]!
  return all
}
