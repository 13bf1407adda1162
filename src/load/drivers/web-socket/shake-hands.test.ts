import { createServer as createSecure } from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { type Certificates, makeCertificates } from '../../../../test/certificates.ts'
import { shakeHands } from './shake-hands.ts'

let answer: (socket: Socket, request: string) => void
let asked = ''
let made: Certificates
const plain = createServer((socket) => {
  socket.on('error', () => undefined)
  socket.once('data', (bytes) => {
    asked = bytes.toString()
    answer(socket, asked)
  })
})
let secure: Server
beforeAll(async () => {
  made = await makeCertificates()
  const server = createSecure({ ...made.server, ca: made.ca, requestCert: true })
  new WebSocketServer({ server }).on('connection', (socket, request) => {
    asked = String(request.headers['x-name'])
    socket.send('hello')
  })
  secure = server
  await Promise.all(
    [plain, secure].map((each) => new Promise<void>((done) => each.listen(0, '127.0.0.1', done))),
  )
})
afterAll(() => void [plain, secure].map((each) => each.close()))

const at = (server: Server): string => `127.0.0.1:${(server.address() as AddressInfo).port}`
/** The alarm of its time limit rings at once where a test wants it to. */
const hands = (url: string, more: Partial<Parameters<typeof shakeHands>[0]> = {}) =>
  shakeHands({
    url,
    headers: { 'x-name': 'caller' },
    signal: new AbortController().signal,
    now: () => 0,
    at: () => ({ cancel() {} }),
    ...more,
  })

const accepting = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n'

test.each<[string, string, RegExp]>([
  ['another status', 'HTTP/1.1 403 No\r\n\r\n', /answered with 403$/],
  ['no HTTP', 'SSH-2.0-OpenSSH\r\n\r\n', /not answered in HTTP$/],
  ['no key', `${accepting}\r\n`, /another protocol$/],
  ['another key', `${accepting}sec-websocket-accept: c29tZXRoaW5n\r\n\r\n`, /another protocol$/],
  ['no end of the head', 'x'.repeat(40_000), /not answered in HTTP$/],
  ['nothing but its end', '', /closed before it began$/],
])('a handshake that is answered with %s is none', async (_, text, refusal) => {
  answer = (socket) => void socket.end(text)
  expect(await hands(`ws://${at(plain)}/media`)).toMatch(refusal)
})

test('who does not answer, is not there, is no address or is cut, is told apart', async () => {
  answer = () => {}
  const cut = new AbortController()
  const waiting = hands(`ws://${at(plain)}`, { signal: cut.signal })
  cut.abort()
  const told = await Promise.all([
    hands(`ws://${at(plain)}`, {
      at: (_, ring) => {
        setImmediate(ring)
        return { cancel() {} }
      },
    }),
    hands('ws://127.0.0.1:1'),
    hands('http://127.0.0.1'),
    hands(`ws://${at(plain)}`, { headers: { 'x-name': 'two\r\nlines' } }),
    waiting,
  ])
  expect(told).toEqual([
    'the agent’s stream does not answer the handshake',
    'the agent’s stream refuses connections',
    'the stream’s address is no WebSocket address',
    'a header of the target is none',
    'the stream was closed before it began',
  ])
})

test('it asks as the protocol says, with what the target is told besides', async () => {
  answer = (socket) => void socket.end()
  await hands(`ws://who:what%20else@${at(plain)}/media?a=b`)
  const [first, ...lines] = asked.trimEnd().split('\r\n')
  expect(first).toBe('GET /media?a=b HTTP/1.1')
  expect(lines).toContain(`host: ${at(plain)}`)
  expect(lines).toContain('x-name: caller')
  expect(lines).toContain('sec-websocket-version: 13')
  expect(lines).toContain(`authorization: Basic ${Buffer.from('who:what else').toString('base64')}`)
})

test('behind TLS a target is believed by the authority of the file, or not at all', async () => {
  const url = `wss://${at(secure)}/media`
  expect(await hands(url)).toMatch(/cannot be opened \(.*(CERT|VERIFY|ISSUER)/)
  for (const trust of [{ ca: made.ca, insecure: false }, { insecure: true }]) {
    const agreed = await hands(url, { tls: { ...made.client, ...trust } })
    if (typeof agreed === 'string') throw new Error(agreed)
    const hello = await new Promise<Buffer>((resolve) =>
      agreed.listen((piece) => resolve(Buffer.from(piece))),
    )
    expect([hello.toString('latin1'), asked]).toEqual(['\x81\x05hello', 'caller'])
    agreed.socket.destroy()
  }
})
