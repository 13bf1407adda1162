import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { invalidRequest, openAiErrorBody } from '../wire/openai-error.ts'
import type { Workload } from '../workload/workload.ts'
import { type Playing, RunningProvider } from './running-provider.ts'

export interface ProviderOptions extends Playing {
  readonly host?: string
  /** 0 takes a free one. */
  readonly port?: number
  readonly runId: string
}

export interface Provider {
  readonly url: string
  readonly port: number
  /** Ends what is in flight, frees the port and leaves no timer behind. */
  close(): Promise<void>
}

const mostConnections = 20_000
const keepAliveMs = 75_000
const requestMs = 60_000
const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

/** Plays the workload's models and tools over HTTP, on the real clock. */
export async function startProvider(workload: Workload, options: ProviderOptions): Promise<Provider> {
  const { host = '127.0.0.1', port = 0, adminToken } = options
  if (!loopback.has(host) && !adminToken)
    throw new Error(`listening on ${host} needs an admin token, since others than this machine can reach it`)
  const provider = new RunningProvider(workload, options)
  const server = createServer(
    {
      keepAliveTimeout: keepAliveMs,
      requestTimeout: requestMs,
      headersTimeout: requestMs,
      noDelay: true,
      shouldUpgradeCallback: isWebSocket,
    },
    (request, response) => provider.answer(request, response),
  )
  server.maxConnections = mostConnections
  server.on('upgrade', (request, socket, head) => provider.upgrade({ request, socket, head }))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable) return
    const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW'
    const words = isTooLarge ? 'The headers of the request are too large.' : 'The request is not valid HTTP.'
    const body = openAiErrorBody(invalidRequest(words))
    const status = isTooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request'
    socket.end(
      `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    )
  })
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host, backlog: 4096 }, () => resolve())
    })
  } catch (error) {
    provider.stop()
    throw error
  }
  const address = server.address() as AddressInfo
  const shownHost = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${shownHost}:${address.port}`,
    port: address.port,
    async close() {
      provider.cutAll()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      // What has just been written still leaves; whoever does not read it does not keep the port.
      provider.after(graceMs, () => server.closeAllConnections())
      await closed
      provider.stop()
    },
  }
}

const graceMs = 100

/** Clients also offer HTTP/2, which is let pass by. */
const isWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket'
