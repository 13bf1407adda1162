import { createServer as createPlain } from 'node:http'
import { createSecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Certificates, makeCertificates } from '../../../test/certificates.ts'
import { type ConnectProxy, startConnectProxy } from '../../../test/connect-proxy.ts'
import { answerSocket, websocketType } from '../../../test/websocket-answer.ts'
import { targetOf } from '../../../test/described-targets.ts'
import type { DriverOptions, DriverResult } from '../driver.ts'
import { type DriverName, drivers } from './drivers.ts'

/** A target behind TLS that takes only those who show a certificate of our authority, over HTTP/1.1 and HTTP/2. */
interface SecureTarget {
  readonly port: number
  /** Protocol and name of the certificate of each request. */
  readonly asked: string[]
  close(): void
}

let made: Certificates
let target: SecureTarget
let plain: { readonly port: number; close(): void }
let proxy: ConnectProxy

const answer = JSON.stringify({ reply: 'Hello' })

beforeAll(async () => {
  made = await makeCertificates()
  const asked: string[] = []
  const server = createSecureServer(
    { ...made.server, ca: made.ca, requestCert: true, rejectUnauthorized: true, allowHTTP1: true },
    (request, response) => {
      const { socket } = request.stream?.session ?? request
      const { subject } = (socket as TLSSocket).getPeerCertificate()
      asked.push(`${request.httpVersion} ${String(subject.CN)}`)
      request
        .resume()
        .on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(answer))
    },
  )
  server.on('upgrade', (request, socket) => {
    asked.push(`websocket ${String(socket.getPeerCertificate().subject.CN)}`)
    answerSocket(
      request,
      socket,
      (response) => {
        response.writeHead(200, { 'content-type': websocketType })
        response.write('{"reply":"Hello","done":true}')
      },
      () => {},
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  target = {
    port: (server.address() as AddressInfo).port,
    asked,
    close: () => server.close(),
  }
  const bare = createPlain((request, response) => {
    request
      .resume()
      .on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(answer))
  })
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve))
  plain = { port: (bare.address() as AddressInfo).port, close: () => void bare.close() }
  proxy = await startConnectProxy()
})

afterAll(() => {
  target.close()
  plain.close()
  proxy.close()
})

const jsonTarget = `
  driver: http
  http:
    send: { path: /chat, body: { say: "{text}" } }
    answer: { format: json, text: /reply }`
const socketTarget = `
  driver: websocket
  websocket:
    path: /chat
    send: { body: { say: "{text}" } }
    answer: { text: /reply, end: /done }`

async function ask(url: string, section: string, more: Partial<DriverOptions>): Promise<DriverResult> {
  const { driver: name, ...described } = targetOf(`  url: ${url}${section}`)
  const driver = drivers[name as DriverName]({
    ...described,
    connections: 4,
    now: () => 1000,
    at: () => ({ cancel: () => {} }),
    users: 4,
    model: 'm',
    historyMessages: Infinity,
    ...more,
  })
  const seen = { token() {}, header() {}, status() {}, text() {} }
  const turn = { session: 1, turn: 0, text: 'Hi', traceparent: '00-0-0-01', last: true }
  try {
    return await driver.turn(turn, seen, new AbortController().signal)
  } finally {
    await driver.close()
  }
}

const completed = { outcome: 'completed', errorKind: 'none' }
const refused = (message: RegExp) => ({
  outcome: 'failed',
  errorKind: 'connect',
  message: expect.stringMatching(message),
})
const known = () => ({ ca: made.ca, ...made.client, insecure: false })
const local = () => `https://127.0.0.1:${target.port}`
const named = () => `https://agent.test:${target.port}`
const through = (no?: string) => ({ proxies: { https: proxy.url, http: proxy.url, ...(no ? { no } : {}) } })

test.each<
  [string, () => [url: string, section: string, more: Partial<DriverOptions>], object, asked: string[]]
>([
  [
    'a target that nobody vouches for',
    () => [local(), jsonTarget, {}],
    refused(/^no secure connection to the target \(.*target\.tls\.ca/),
    [],
  ],
  [
    'a user without a certificate',
    () => [local(), jsonTarget, { connection: { tls: { ca: made.ca, insecure: false }, http2: false } }],
    // Under TLS 1.3 a server learns what users show only after their handshake is over.
    {
      outcome: 'failed',
      errorKind: 'protocol',
      message: 'the target closed the connection before it answered',
    },
    [],
  ],
  [
    'both certificates',
    () => [local(), jsonTarget, { connection: { tls: known(), http2: false } }],
    completed,
    ['1.1 user'],
  ],
  [
    'whoever answers',
    () => [local(), jsonTarget, { connection: { tls: { ...made.client, insecure: true }, http2: false } }],
    completed,
    ['1.1 user'],
  ],
  [
    'HTTP/2',
    () => [local(), jsonTarget, { connection: { tls: known(), http2: true } }],
    completed,
    ['2.0 user'],
  ],
  [
    'a WebSocket',
    () => [local().replace('https', 'wss'), socketTarget, { connection: { tls: known(), http2: false } }],
    completed,
    ['websocket user'],
  ],
  [
    'a tunnel through a proxy',
    () => [named(), jsonTarget, { connection: { tls: known(), http2: false }, ...through() }],
    completed,
    ['CONNECT agent.test', '1.1 user'],
  ],
  [
    'HTTP/2 through a proxy',
    () => [named(), jsonTarget, { connection: { tls: known(), http2: true }, ...through() }],
    completed,
    ['CONNECT agent.test', '2.0 user'],
  ],
  [
    'a WebSocket through a proxy',
    () => [
      named().replace('https', 'wss'),
      socketTarget,
      { connection: { tls: known(), http2: false }, ...through() },
    ],
    completed,
    ['CONNECT agent.test', 'websocket user'],
  ],
  [
    'plain HTTP through a proxy',
    () => [`http://agent.test:${plain.port}`, jsonTarget, through()],
    completed,
    ['POST http://agent.test/chat'],
  ],
  [
    'a proxy that does not know us',
    () => [named(), jsonTarget, { proxies: { https: proxy.url.replace('user:', 'nobody:') } }],
    refused(/^the proxy did not let us through \(407\)$/),
    ['CONNECT agent.test'],
  ],
  [
    'this machine, whatever the proxy',
    () => [local(), jsonTarget, { connection: { tls: known(), http2: false }, ...through() }],
    completed,
    ['1.1 user'],
  ],
  [
    'a host that needs no proxy',
    () => [named(), jsonTarget, through('.test')],
    refused(/^the target's host name (is not known|could not be looked up)$/),
    [],
  ],
])('%s', async (_, given, wanted, asked) => {
  target.asked.length = 0
  proxy.asked.length = 0
  expect(await ask(...given())).toEqual(wanted)
  const proxied = proxy.asked.map(({ line }) => line.replace(/:\d+/, ''))
  expect([...proxied, ...target.asked]).toEqual(asked)
})
