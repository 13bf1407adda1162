import { type AddressInfo, type Socket, createServer } from 'node:net'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Transport } from '../transport.ts'
import { undiciTransport } from '../undici-transport.ts'
import { socketTransport } from './socket-transport.ts'

/** A server that answers each request with what `script` says, written in its pieces, then closes where told. */
async function serverOf(onRequest: (socket: Socket, request: string) => void) {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      const head = text.indexOf('\r\n\r\n')
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
      if (head < 0 || text.length < head + 4 + length) return
      const request = text
      text = ''
      onRequest(socket, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, connections: () => sockets.size }
}

const transports = (
  port: number,
  users = 4,
  nowMs = (): number => performance.now(),
): [Transport, Transport] => {
  const both: [Transport, Transport] = [
    socketTransport({ host: '127.0.0.1', port, users, share: 1, nowMs }),
    undiciTransport(new URL(`http://127.0.0.1:${port}`), { connections: users }, nowMs),
  ]
  onTestFinished(async () => {
    await Promise.all(both.map((transport) => transport.close()))
  })
  return both
}

interface Answer {
  status?: number
  headers?: object
  body?: string
  broken?: string
  sentAgain?: boolean
}

const ask = (transport: Transport, session = 0, body?: string): Promise<Answer> =>
  new Promise((resolve) => {
    const answer: Answer = {}
    transport.send(
      { method: 'POST', path: '/a?b=c', headers: ['x-a', 'b'], body, session },
      {
        head: (status, headers) => Object.assign(answer, { status, headers: { ...headers }, body: '' }),
        data: (bytes, from, to) => (answer.body += bytes.toString('latin1', from, to)),
        end: () => resolve(answer),
        error: (error) => resolve({ ...answer, broken: (error as { code?: string }).code ?? error.name }),
        sentAgain: () => (answer.sentAgain = true),
      },
    )
  })

async function untilNone(connections: () => number): Promise<void> {
  for (let i = 0; i < 1000 && connections() > 0; i++) await new Promise((next) => setTimeout(next, 1))
  expect(connections()).toBe(0)
}

test('asks as undici asks', async () => {
  const requests: string[] = []
  const { port } = await serverOf((socket, request) => {
    requests.push(request)
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
  })
  for (const transport of transports(port)) await ask(transport, 0, '{"content":"héllo"}')
  const [ours, theirs] = requests.map((request) => {
    const [head, body] = request.split('\r\n\r\n')
    const [first, ...headers] = head!.toLowerCase().split('\r\n')
    // Keeping a connection is what HTTP/1.1 does unless told otherwise.
    return { first, body, headers: headers.filter((line) => line !== 'connection: keep-alive').sort() }
  })
  expect(ours).toEqual(theirs)
})

test('hears what undici hears: any answer, in any pieces', async () => {
  let script: { text: string; cuts: number[] } = { text: '', cuts: [] }
  const { port, connections } = await serverOf(async (socket) => {
    const { text, cuts } = script
    let at = 0
    for (const cut of [...cuts, text.length]) {
      if (cut > at) socket.write(text.slice(at, cut), 'latin1')
      at = Math.max(at, cut)
      await new Promise((next) => setImmediate(next))
    }
    socket.end()
  })
  const both = transports(port)
  const body = fc.stringMatching(/^[ -~\r\n]{0,60}$/)
  const status = fc.constantFrom('200 OK', '404 Not Found', '503 x', '204 No Content', '2000 y', 'abc')
  const header = fc.constantFrom(
    'x-a: 1',
    'X-A:  2',
    'set-cookie: a',
    'bad header',
    'keep-alive: timeout=5',
    'x-b;c: d',
  )
  const framed = fc
    .record({ status, headers: fc.array(header, { maxLength: 3 }), body, kind: fc.nat(3) })
    .map((made) => {
      const sized = made.kind === 0 ? ['content-length: ' + made.body.length] : []
      const chunked = made.kind === 1 ? ['transfer-encoding: chunked'] : []
      const short = made.kind === 2 ? ['content-length: ' + (made.body.length + 3)] : []
      const chunk = made.body === '' ? '' : `${made.body.length.toString(16)}\r\n${made.body}\r\n`
      return [
        `HTTP/1.1 ${made.status}`,
        ...made.headers,
        ...sized,
        ...chunked,
        ...short,
        '',
        made.kind === 1 ? `${chunk}0\r\n\r\n` : made.body,
      ].join('\r\n')
    })
  const text = fc.oneof({ weight: 5, arbitrary: framed }, { weight: 1, arbitrary: body })
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(150), { maxLength: 3 }), async (answer, at) => {
      // A body on 204 is a fault of the server that each side may notice or not.
      fc.pre(!(answer.startsWith('HTTP/1.1 204') && !answer.endsWith('\r\n\r\n')))
      script = { text: answer, cuts: at.sort((a, b) => a - b) }
      const [ours, theirs] = await Promise.all(both.map((transport, user) => ask(transport, user)))
      if (ours!.broken === undefined) expect(ours).toEqual(theirs)
      else expect(theirs!.broken).toBeDefined()
      // Otherwise the next request would meet the end of this connection.
      await untilNone(connections)
    }),
    { seed: 11, numRuns: 300 },
  )
})

test('a user keeps a connection, and others have their own', async () => {
  const { port, connections } = await serverOf((socket) =>
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
  )
  const [transport] = transports(port, 3)
  for (let session = 0; session < 12; session++) await ask(transport, session)
  expect(connections()).toBe(3)
})

test('a connection is not used beyond the time its target keeps it, nor after it was closed', async () => {
  let asked = 0
  let nowMs = 0
  const { port } = await serverOf((socket) => {
    asked++
    socket.write('HTTP/1.1 200 OK\r\nkeep-alive: timeout=5\r\ncontent-length: 0\r\n\r\n')
    if (asked === 3) socket.end()
  })
  const transport = socketTransport({ host: '127.0.0.1', port, users: 1, share: 1, nowMs: () => nowMs })
  onTestFinished(() => transport.close())
  for (const atMs of [0, 3900, 8000, 8001, 8002]) {
    nowMs = atMs
    expect((await ask(transport)).status).toBe(200)
    await new Promise((next) => setTimeout(next, 20))
  }
  expect(asked).toBe(5)
})

test('a cut exchange hears nothing more and leaves no connection', async () => {
  const { port, connections } = await serverOf((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n')
  })
  const [transport] = transports(port)
  const heard: string[] = []
  await new Promise<void>((resolve) => {
    const sent = transport.send(
      { method: 'GET', path: '/', headers: [], body: undefined, session: 0 },
      {
        head: () => heard.push('head'),
        data: () => {
          heard.push('data')
          sent.cut()
          resolve()
        },
        end: () => heard.push('end'),
        error: () => heard.push('error'),
      },
    )
  })
  await untilNone(connections)
  expect(heard).toEqual(['head', 'data'])
})

const whole = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
const closes: [how: string, close: (socket: Socket) => void][] = [
  ['ends', (socket) => socket.end()],
  ['is reset', (socket) => socket.resetAndDestroy()],
]

describe.each([
  ['our own', 0],
  ['undici', 1],
] as const)('%s: a connection that', (_, which) => {
  test.each(closes)(
    'was kept and %s as the request comes: it goes out again over a new one',
    async (__, close) => {
      const asked = new Map<Socket, number>()
      const { port } = await serverOf((socket) => {
        asked.set(socket, (asked.get(socket) ?? 0) + 1)
        if (asked.get(socket) === 1) socket.write(whole)
        else close(socket)
      })
      let nowMs = 0
      const transport = transports(port, 1, () => nowMs)[which]
      expect(await ask(transport, 0, 'a')).toMatchObject({ body: 'ok' })
      nowMs += 1000
      expect(await ask(transport, 0, 'b')).toMatchObject({ status: 200, body: 'ok', sentAgain: true })
      expect([...asked.values()]).toEqual([2, 1])
    },
  )

  test.each(closes)("is new and %s is the target's fault", async (__, close) => {
    let asked = 0
    const { port } = await serverOf((socket) => {
      asked++
      close(socket)
    })
    const answer = await ask(transports(port, 1)[which], 0, 'a')
    expect(answer.broken).toMatch(/ECONNRESET|UND_ERR_SOCKET/)
    expect([answer.sentAgain, asked]).toEqual([undefined, 1])
  })

  test.each<[when: string, idleMs: number, workMs: number, begin: string]>([
    ['in the middle of an answer', 1000, 0, whole.slice(0, 30)],
    ['after a time of work', 1000, 300, ''],
    ['though it had hardly been idle', 100, 0, ''],
  ])("was kept and ends %s is the target's fault", async (__, idleMs, workMs, begin) => {
    let [nowMs, asked] = [0, 0]
    const { port } = await serverOf((socket) => {
      if (asked++ > 0) {
        nowMs += workMs
        socket.end(begin)
      } else socket.write(whole)
    })
    const transport = transports(port, 1, () => nowMs)[which]
    await ask(transport, 0, 'a')
    nowMs += idleMs
    expect((await ask(transport, 0, 'b')).broken).toMatch(/ECONNRESET|UND_ERR_SOCKET/)
    expect(asked).toBe(2)
  })
})
