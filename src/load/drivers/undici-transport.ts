import { Agent, type Dispatcher } from 'undici'
import type { Transport } from './transport.ts'

/** Any HTTP that undici speaks: TLS, proxies, whatever a target needs beyond plain sockets. */
export function undiciTransport(origin: string, connections: number): Transport {
  const agent = new Agent({
    connections: Number.isFinite(connections) ? connections : null,
    pipelining: 1,
    allowH2: false,
    // Patience and the turn's time limit belong to the engine, which knows the workload's clock.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  return {
    send({ method, path, headers, body }, handler) {
      let controller: Dispatcher.DispatchController | undefined
      let over = false
      agent.dispatch(
        { origin, path, method, headers: [...headers], body: body ?? null },
        {
          onRequestStart(started) {
            controller = started
            if (over) started.abort(new Error('cut'))
          },
          onResponseStart(_, status, answered) {
            if (status >= 200 && !over) handler.head(status, answered)
          },
          onResponseData(_, bytes) {
            if (!over) handler.data(bytes)
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
    close: () => agent.destroy(),
  }
}
