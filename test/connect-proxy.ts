// For tests: a proxy between users and a target, by CONNECT for TLS and by whole addresses for plain HTTP.
import { createServer, request } from 'node:http'
import { type AddressInfo, type Socket, connect } from 'node:net'

export interface ConnectProxy {
  readonly url: string
  /** What was asked of it: `CONNECT agent.test:443`, and with whose word. */
  readonly asked: { readonly line: string; readonly authorization: string | undefined }[]
  close(): void
}

/** Every host name leads to loopback; without `Basic` of `user:password` it answers 407. */
export async function startConnectProxy(): Promise<ConnectProxy> {
  const asked: ConnectProxy['asked'] = []
  const sockets = new Set<Socket>()
  const kept = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }
  const isKnown = (authorization: string | undefined): boolean =>
    authorization === `Basic ${btoa('user:password')}`
  const server = createServer((incoming, response) => {
    const authorization = incoming.headers['proxy-authorization']
    asked.push({ line: `${incoming.method} ${incoming.url}`, authorization })
    if (!isKnown(authorization)) {
      response.writeHead(407).end()
      return
    }
    const { port, pathname } = new URL(incoming.url!)
    const { method, headers } = incoming
    const onward = request({ host: '127.0.0.1', port, path: pathname, method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(response)
    })
    incoming.pipe(onward)
  })
  server.on('connection', (socket: Socket) => kept(socket))
  server.on('connect', (incoming, socket: Socket) => {
    const authorization = incoming.headers['proxy-authorization']
    asked.push({ line: `CONNECT ${incoming.url}`, authorization })
    if (!isKnown(authorization)) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
      return
    }
    const onward = kept(connect(Number(incoming.url!.split(':').at(-1)), '127.0.0.1'))
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    socket.pipe(onward).pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://user:password@127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
