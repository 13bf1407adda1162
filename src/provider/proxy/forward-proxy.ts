import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { wallClockMs } from '../../clock/now.ts'
import { createAuthority } from './authority.ts'
import { isHostOf, modelHosts } from './model-hosts.ts'

export interface ForwardProxyOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** Where the provider listens that answers in place of the models. */
  readonly provider: { readonly host: string; readonly port: number }
  /** Taken for models beside the usual ones: hosts as URLs have them, with their port where it is not that of https. */
  readonly hosts: readonly string[]
  /** What becomes of all other hosts. */
  readonly others: 'refuse' | 'tunnel'
}

export interface ForwardProxy {
  readonly url: string
  /** Of the authority that whoever uses it has to trust. */
  readonly certificate: string
  /** Connections to hosts that are no models, by host. */
  readonly others: ReadonlyMap<string, number>
  close(): Promise<void>
}

const mostNames = 1000

/**
 * A proxy for an agent that cannot be told another address: TLS to the hosts of models ends here, and the provider
 * answers. It listens on loopback, and nothing that passes through it is kept.
 */
export async function startForwardProxy(options: ForwardProxyOptions): Promise<ForwardProxy> {
  const { provider, others } = options
  const hosts = [...modelHosts, ...options.hosts.map(withoutDot)]
  const authority = await createAuthority(wallClockMs())
  const seen = new Map<string, number>()
  const sockets = new Set<Duplex>()

  /** Joins two connections: what ends one ends the other. */
  function join(one: Duplex, other: Duplex): void {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy())
      from.once('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
  }

  async function play(host: string, socket: Duplex, head: Buffer): Promise<void> {
    const secureContext = await authority.contextFor(host)
    if (socket.destroyed) return
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    if (head.length > 0) socket.unshift(head)
    const secure = new TLSSocket(socket, {
      isServer: true,
      secureContext,
      ALPNProtocols: ['http/1.1'],
    })
    join(secure, connect({ ...provider, noDelay: true }))
  }

  function tunnel(host: string, port: number, socket: Duplex, head: Buffer): void {
    const far = connect({ host, port, noDelay: true })
    const fail = (): void => refuse(socket, 502, `No connection to ${host}:${port}.`)
    socket.once('close', () => far.destroy())
    far.once('error', fail)
    far.once('connect', () => {
      // From here on, words of this proxy would stand in the middle of what the two say.
      far.off('error', fail)
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      far.write(head)
      join(socket, far)
    })
  }

  function answer(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    const to = targetOf(request.url ?? '')
    if (!to) refuse(socket, 400, 'CONNECT takes HOST:PORT.')
    else if (isHostOf(to.name, hosts))
      play(to.host, socket, head).catch(() => refuse(socket, 400, `No certificate can name ${to.host}.`))
    else {
      if (seen.has(to.host) || seen.size < mostNames) seen.set(to.host, (seen.get(to.host) ?? 0) + 1)
      if (others === 'tunnel') tunnel(to.address, to.port, socket, head)
      else refuse(socket, 403, `${to.host}:${to.port} is no model that is played here.`)
    }
  }

  const server = createServer((request, response) => {
    request.resume()
    const words = 'This proxy takes CONNECT alone, for https.\n'
    response.writeHead(405, { 'content-type': 'text/plain', allow: 'CONNECT' }).end(words)
  })
  server.on('connect', answer)
  server.on('clientError', (_, socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port: options.port }, () => resolve())
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificate: authority.certificate,
    others: seen,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

interface Target {
  /** As it was said. */
  readonly address: string
  /** The same whether or not it was said with the dot at its end that makes it absolute. */
  readonly host: string
  readonly port: number
  /** Host and port as a URL of https has them. */
  readonly name: string
}

function targetOf(authority: string): Target | undefined {
  const [, host, digits] = /^([a-z0-9.-]{1,253}|\[[0-9a-f:]+\]):(\d{1,5})$/i.exec(authority) ?? []
  const url = `https://${authority}`
  const port = Number(digits)
  if (host === undefined || port < 1 || !URL.canParse(url)) return undefined
  const address = host.replace(/^\[|\]$/g, '').toLowerCase()
  return { address, host: withoutDot(address), port, name: withoutDot(new URL(url).host) }
}

const withoutDot = (host: string): string => host.replace(/\.(?=:\d+$|$)/, '')

const reasons = { 400: 'Bad Request', 403: 'Forbidden', 502: 'Bad Gateway' } as const

function refuse(socket: Duplex, status: keyof typeof reasons, words: string): void {
  if (socket.destroyed || socket.writableEnded) return
  const body = `plimsoll: ${words}\n`
  socket.end(
    `HTTP/1.1 ${status} ${reasons[status]}\r\ncontent-type: text/plain\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  )
}
