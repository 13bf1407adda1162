import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { parseWorkload } from '../../workload/parse-workload.ts'
import { answerSocket, websocketType } from '../../../test/websocket-answer.ts'
import type { Driver, DriverResult } from '../driver.ts'
import { type DriverName, drivers } from './drivers.ts'

const rows = [
  { name: 'ada', password: 'pass-word-of-ada', token: 'token-of-ada' },
  { name: 'böb ☂', password: 'pass-word-of-bob', token: 'token-of-bob' },
]

interface Asked {
  readonly line: string
  readonly authorization: string | undefined
  readonly cookie: string | undefined
  readonly user: string | undefined
  readonly body: string
}

/** Lets users in by name; what it says to others is theirs to say. */
async function startTarget(answer: (request: Asked, response: ServerResponse, logins: number) => void) {
  const asked: Asked[] = []
  let logins = 0
  const hear = (request: IncomingMessage, body: string): Asked => {
    const { authorization, cookie, 'x-user': user } = request.headers
    const line = `${request.method} ${request.url}`
    const one = { line, authorization, cookie, user: user === undefined ? undefined : String(user), body }
    asked.push(one)
    return one
  }
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      const one = hear(request, body)
      answer(one, response, one.line.endsWith('/login') ? ++logins : logins)
    })
  })
  server.on('upgrade', (request, socket: Socket) => {
    const one = hear(request, '')
    answerSocket(
      request,
      socket,
      (response) => answer(one, response, logins),
      () => {},
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, asked }
}

const sessionsSection = 'driver: sessions-json'
const httpSection = `driver: http
  http:
    send: { path: "/chat/\${user.name}", headers: { x-user: "\${user.name}" }, body: { me: "\${user.name}", say: "{text}" } }
    answer: { format: json, text: /content }`
const socketSection = `driver: websocket
  websocket: { path: /chat, send: { body: { say: "{text}" } }, answer: { text: /content, end: /content } }`

function open(port: number, section: string, users = 2): Driver {
  const file = `target:\n  url: http://127.0.0.1:${port}/base\n  users: { file: users.csv }\n  ${section}\n`
  const { workload, problems } = parseWorkload(file, {
    files: { users: () => rows, pem: () => '' },
  })
  if (!workload?.target) throw new Error(JSON.stringify(problems))
  const { driver: name, ...target } = workload.target
  const driver = drivers[name as DriverName]({
    ...target,
    connections: 4,
    now: () => 1000,
    at: () => ({ cancel: () => {} }),
    users,
    model: 'm',
    historyMessages: Infinity,
  })
  onTestFinished(() => driver.close())
  return driver
}

const say = (driver: Driver, session: number, turn = 0, last = false): Promise<DriverResult> =>
  driver.turn(
    { session, turn, text: 'Hi', traceparent: '00-0-0-01', last },
    { token() {}, header() {}, status() {}, text() {} },
    new AbortController().signal,
  )

const completed = { outcome: 'completed', errorKind: 'none' }
const json = { 'content-type': 'application/json' }
const chat = (response: ServerResponse): void =>
  void response.writeHead(200, json).end('{"session_id":"s","content":"Hello"}')

test('a row of the file for each user, in headers and templates', async () => {
  const { port, asked } = await startTarget((_, response) => chat(response))
  const driver = open(port, `headers: { authorization: "Bearer \${user.token}" }\n  ${httpSection}`)
  for (const session of [0, 1, 2]) expect(await say(driver, session)).toEqual(completed)
  expect(asked).toEqual([
    {
      line: 'POST /base/chat/ada',
      authorization: 'Bearer token-of-ada',
      cookie: undefined,
      user: 'ada',
      body: '{"me":"ada","say":"Hi"}',
    },
    {
      line: 'POST /base/chat/b%C3%B6b%20%E2%98%82',
      authorization: 'Bearer token-of-bob',
      cookie: undefined,
      user: 'b%C3%B6b %E2%98%82',
      body: '{"me":"böb ☂","say":"Hi"}',
    },
    expect.objectContaining({ line: 'POST /base/chat/ada' }),
  ])
})

test.each([
  ['by its place', 'token: /data/token', (token: string) => [json, `{"data":{"token":"${token}"}}`] as const],
  ['by a header', 'token: { header: X-Token }', (token: string) => [{ 'x-token': token }, '<html>'] as const],
])('a login once a user, its token taken %s', async (_, token, answered) => {
  const { port, asked } = await startTarget(({ line }, response, logins) => {
    if (!line.endsWith('/login')) return chat(response)
    const [head, body] = answered(`token-${logins}`)
    response.writeHead(200, head).end(body)
  })
  const login = `login: { path: /login, body: { name: "\${user.name}", password: "\${user.password}" }, ${token} }`
  const driver = open(port, `${login}\n  ${sessionsSection}`)
  await driver.ready!(0, new AbortController().signal)
  expect(asked).toHaveLength(1)
  for (const session of [0, 1, 0]) expect(await say(driver, session)).toEqual(completed)
  expect(await say(driver, 2)).toEqual(completed)
  expect(asked.map(({ line, authorization, body }) => [line.slice(10), authorization, body])).toEqual([
    ['/login', undefined, '{"name":"ada","password":"pass-word-of-ada"}'],
    ['/api/sessions', 'Bearer token-1', '{}'],
    ['/api/sessions/s/messages', 'Bearer token-1', '{"content":"Hi"}'],
    ['/login', undefined, '{"name":"böb ☂","password":"pass-word-of-bob"}'],
    ['/api/sessions', 'Bearer token-2', '{}'],
    ['/api/sessions/s/messages', 'Bearer token-2', '{"content":"Hi"}'],
    ['/api/sessions/s/messages', 'Bearer token-1', '{"content":"Hi"}'],
    ['/api/sessions', 'Bearer token-1', '{}'],
    ['/api/sessions/s/messages', 'Bearer token-1', '{"content":"Hi"}'],
  ])
})

test('after 401 the user logs in again and asks once more', async () => {
  const { port, asked } = await startTarget(({ line, authorization }, response, logins) => {
    if (line.endsWith('/login')) response.writeHead(200, json).end(`{"t":"token-${logins}"}`)
    else if (authorization === 'Bearer token-1' && asked.length > 3) response.writeHead(401).end()
    else chat(response)
  })
  const driver = open(port, `login: { path: /login, token: /t }\n  ${sessionsSection}`)
  for (const turn of [0, 1]) expect(await say(driver, 0, turn)).toEqual(completed)
  expect(asked.map(({ line, authorization }) => [line.slice(10), authorization])).toEqual([
    ['/login', undefined],
    ['/api/sessions', 'Bearer token-1'],
    ['/api/sessions/s/messages', 'Bearer token-1'],
    ['/api/sessions/s/messages', 'Bearer token-1'],
    ['/login', undefined],
    ['/api/sessions/s/messages', 'Bearer token-2'],
  ])
})

test('cookies of a login by form, each user’s own, on the paths they are for', async () => {
  const { port, asked } = await startTarget(({ line }, response, logins) => {
    if (!line.endsWith('/login')) return chat(response)
    const cookies = [`sid=${logins}; HttpOnly; Path=/base`, 'elsewhere=1; Path=/other', 'gone=1; Max-Age=0']
    response.writeHead(302, { location: '/home', 'set-cookie': cookies }).end()
  })
  const login = 'login: { path: /login, form: { name: "${user.name}" } }'
  const driver = open(port, `${login}\n  headers: { cookie: theme=dark }\n  ${httpSection}`)
  for (const session of [0, 1, 2]) expect(await say(driver, session)).toEqual(completed)
  expect(asked.map(({ line, cookie, body }) => [line.slice(10, 15), cookie, body.slice(0, 8)])).toEqual([
    ['/logi', 'theme=dark', 'name=ada'],
    ['/chat', 'theme=dark; sid=1', '{"me":"a'],
    ['/logi', 'theme=dark', 'name=b%C'],
    ['/chat', 'theme=dark; sid=2', '{"me":"b'],
    ['/chat', 'theme=dark; sid=1', '{"me":"a'],
  ])
})

test('a WebSocket’s handshake is as its user', async () => {
  const { port, asked } = await startTarget(({ line, authorization }, response, logins) => {
    if (line.endsWith('/login')) response.writeHead(200, json).end(`{"t":"token-${logins}"}`)
    else if (authorization === 'Bearer token-1') response.writeHead(401).end()
    else {
      response.writeHead(200, { 'content-type': websocketType })
      response.write('{"content":"Hello"}')
    }
  })
  const driver = open(port, `login: { path: /login, token: /t }\n  ${socketSection}`)
  expect(await say(driver, 0)).toEqual(completed)
  expect(asked.map(({ line, authorization }) => [line, authorization])).toEqual([
    ['POST /base/login', undefined],
    ['GET /base/chat', 'Bearer token-1'],
    ['POST /base/login', undefined],
    ['GET /base/chat', 'Bearer token-2'],
  ])
})

test.each([
  [
    'refuses',
    403,
    '{"error":"pass-word-of-ada is wrong, böb"}',
    'login: the target answered 403: [redacted] is wrong, böb',
  ],
  ['answers no token', 200, '{"other":1}', 'login: the target answered without a token'],
  [
    'answers a token of two lines',
    200,
    '{"t":"a\\r\\nb"}',
    'login: the target answered a token that no header may hold',
  ],
  ['answers no JSON', 200, '<', 'login: the answer is not valid JSON'],
])('a login that %s fails the turn, and the next one tries again', async (_, status, body, message) => {
  const { port, asked } = await startTarget((__, response) => void response.writeHead(status, json).end(body))
  const login = 'login: { path: /login, body: { password: "${user.password}" }, token: /t }'
  const driver = open(port, `${login}\n  ${sessionsSection}`)
  await driver.ready!(0, new AbortController().signal)
  for (const turn of [0, 1]) expect(await say(driver, 0, turn)).toMatchObject({ outcome: 'failed', message })
  expect(asked).toHaveLength(3)
})

test('in open load each session is a user of its own, and forgotten after it', async () => {
  const { port, asked } = await startTarget(({ line }, response, logins) =>
    line.endsWith('/login')
      ? void response.writeHead(200, json).end(`{"t":"token-${logins}"}`)
      : chat(response),
  )
  const driver = open(port, `login: { path: /login, token: /t }\n  ${sessionsSection}`, Infinity)
  for (const session of [0, 1]) expect(await say(driver, session, 0, true)).toEqual(completed)
  await driver.close()
  expect(
    asked.filter(({ line }) => line.startsWith('DELETE')).map(({ authorization }) => authorization),
  ).toEqual(['Bearer token-1', 'Bearer token-2'])
  expect(asked.filter(({ line }) => line.endsWith('/login'))).toHaveLength(2)
})

test('a login that is not answered ends with the user’s patience', async () => {
  const { port } = await startTarget(() => {})
  const driver = open(port, `login: { path: /login, token: /t }\n  ${sessionsSection}`)
  const patience = new AbortController()
  const turn = driver.turn(
    { session: 0, turn: 0, text: 'Hi', traceparent: '00-0-0-01', last: false },
    { token() {}, header() {}, status() {}, text() {} },
    patience.signal,
  )
  patience.abort()
  expect(await turn).toEqual({ outcome: 'abandoned', errorKind: 'abandoned' })
})

test("a request beside the turns goes out with its user's login and cookies, and again after 401", async () => {
  const { port, asked } = await startTarget(({ line }, response, logins) => {
    if (line.endsWith('/login'))
      response
        .writeHead(200, { ...json, 'set-cookie': 'plan=pro; Path=/orders' })
        .end(`{"t":"token-${logins}"}`)
    else if (logins === 1) response.writeHead(401).end()
    else response.writeHead(200, { 'content-type': 'text/plain', 'x-page': '2' }).end('seven orders')
  })
  const login = `cookies: true\n  login: { path: /login, body: { me: "\${user.name}" }, token: /t }`
  const driver = open(port, `${login}\n  ${sessionsSection}`)
  const request = { session: 1, method: 'GET', path: '/orders?page=2', headers: ['x-user', 'me'] } as const
  const answer = await driver.request!(request, new AbortController().signal)
  expect(answer).toEqual({
    status: 200,
    headers: expect.objectContaining({ 'x-page': '2' }),
    text: 'seven orders',
  })
  const [first, , second] = asked
  expect(first).toMatchObject({ line: 'POST /base/login', body: '{"me":"böb ☂"}' })
  expect(second).toMatchObject({ line: 'POST /base/login' })
  expect(asked.at(-1)).toMatchObject({
    line: 'GET /orders?page=2',
    authorization: 'Bearer token-2',
    cookie: 'plan=pro',
    user: 'me',
  })
  const gone = await driver.request!(request, AbortSignal.abort())
  expect(gone).toEqual({ fault: { outcome: 'abandoned', errorKind: 'abandoned' } })
})
