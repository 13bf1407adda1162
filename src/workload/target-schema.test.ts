import { expect, test } from 'vitest'
import { parseWorkload } from './parse-workload.ts'

const good = `
target:
  url: https://agent.example
  driver: http
  http:
    open:
      path: /threads
      body: { key: "\${env:KEY}", owner: "user-{user}" }
      session: /thread/id
    send:
      path: /threads/{session}/runs
      headers: { x-key: "\${env:KEY}" }
      body: { messages: [ { role: user, content: "{text}" } ], literal: "{{text}}", n: 1 }
    answer:
      format: sse
      text: /delta/a~1b/-1
      when: { event: token, at: /type, is: text }
      end: { data: "[DONE]" }
    close:
      path: /threads/{session}
`

test('a described protocol, resolved', () => {
  const { workload, problems } = parseWorkload(good, { env: { KEY: 'k'.repeat(10) } })
  expect(problems).toEqual([])
  expect(workload!.target).toEqual({
    url: 'https://agent.example',
    driver: 'http',
    headers: {},
    secrets: ['kkkkkkkkkk'],
    http: {
      open: {
        method: 'POST',
        path: '/threads',
        headers: {},
        body: { key: 'kkkkkkkkkk', owner: 'user-{user}' },
        session: ['thread', 'id'],
      },
      send: {
        method: 'POST',
        path: '/threads/{session}/runs',
        headers: { 'x-key': 'kkkkkkkkkk' },
        body: { messages: [{ role: 'user', content: '{text}' }], literal: '{{text}}', n: 1 },
      },
      answer: {
        format: 'sse',
        text: ['delta', 'a/b', '-1'],
        when: { event: 'token', at: ['type'], is: ['text'] },
        end: { data: '[DONE]' },
      },
      close: { method: 'DELETE', path: '/threads/{session}', headers: {} },
    },
  })
})

test('a poll has its units gone', () => {
  const { workload } = parseWorkload(`
target:
  url: http://localhost:1
  driver: http
  http:
    send: { path: /jobs, body: { q: "{text}" } }
    answer: { format: json, text: /out }
    poll: { path: "/jobs/{job}", job: /id, interval: 500ms, limit: 2m, done: /out, failed: { at: /s, is: [a, b] } }
`)
  expect(workload!.target!.http!.poll).toEqual({
    method: 'GET',
    path: '/jobs/{job}',
    headers: {},
    job: ['id'],
    intervalMs: 500,
    limitMs: 120_000,
    done: { at: ['out'] },
    failed: { at: ['s'], is: ['a', 'b'] },
  })
})

const send = 'send: { path: /a, body: { q: "{text}" } }'
const answer = 'answer: { format: json, text: /t }'

/** A mistake of the http section, what is said of it and what is advised. */
test.each([
  [`${send}\n`, 'target.http.answer: is missing', undefined],
  [
    'send: { path: /a, body: { q: "{txt}" } }',
    'target.http.send.body: has no value for {txt}',
    'did you mean text?',
  ],
  ['send: { path: a, body: { q: "{text}" } }', 'target.http.send.path: is not a path', 'begins with a slash'],
  ['send: { path: "/a b", body: { q: "{text}" } }', 'target.http.send.path: holds a space or #', '%20'],
  ['send: { path: /a, body: "hello {text}" }', 'target.http.send.body: is not JSON', '{ message: "{text}" }'],
  ['send: { path: /a, body: { q: hi } }', 'target.http.send: what the user says is not sent', 'write {text}'],
  [
    'send: { path: /a, headers: { x: "{text}" } }',
    'target.http.send.headers.x: has no value for {text}',
    'is the text itself',
  ],
  ['send: { path: /a, headers: { "x y": b }, body: ["{text}"] }', 'is no name for it', undefined],
  ['send: { path: /a, headers: { x: "√" }, body: ["{text}"] }', 'no header may hold', 'Latin'],
  ['send: { path: /a, body: ["{text}"], form: { a: b } }', 'body and form exclude each other', undefined],
  [
    'answer: { format: json, text: choices }',
    'target.http.answer.text: is not a JSON pointer',
    'begins with a slash',
  ],
  ['answer: { format: json, text: /a~2 }', 'target.http.answer.text: has a ~ that means nothing', '~0'],
  [
    'answer: { format: xml, text: /a }',
    'target.http.answer.format: the value is not known',
    'json, sse, ndjson',
  ],
  [
    'answer: { format: sse, text: /a, end: {} }',
    'target.http.answer.end: does not say where to look',
    'at: /status',
  ],
  [
    'answer: { format: sse, text: /a, end: { is: 1 } }',
    'answer.end: does not say where to look',
    'at: /status',
  ],
  ['answer: { format: sse, txt: /a, text: /a }', 'target.http.answer: unknown key txt', 'did you mean text?'],
  ['poll: { interval: 1s, limit: 1m, done: /t }', 'target.http.poll: path or url is missing', 'status_url'],
  [
    'poll: { path: "/{job}", interval: 1s, limit: 1m, done: /t }',
    'target.http.poll.job: is missing',
    'job: /id',
  ],
  ['poll: { path: /a, interval: 5, limit: 1m, done: /t }', 'target.http.poll.interval: ', 'ms'],
  [
    'poll: { path: /a, url: /u, interval: 1s, limit: 1m, done: /t }',
    'path and url exclude each other',
    undefined,
  ],
])('%s', (written, message, hint) => {
  const lines = [written, ...[send, answer].filter((line) => !written.includes(line.split(':')[0]!))]
  const http = (written.endsWith('\n') ? [send] : lines).map((line) => `    ${line}`).join('\n')
  const { problems } = parseWorkload(`target:\n  url: http://localhost:1\n  driver: http\n  http:\n${http}\n`)
  const [problem, ...more] = problems
  expect(more).toEqual([])
  expect(problem!.message).toContain(message)
  if (hint) expect(problem!.hint).toContain(hint)
})

const rows = [{ name: 'ada', token: 'a' }]
const files = {
  users: (file: string) => {
    if (file === 'none.csv') throw new Error('users none.csv cannot be read (ENOENT)')
    return rows
  },
  pem: (file: string) => `-----BEGIN ${file}-----`,
}
const parsedTarget = (section: string, url = 'https://agent.example') =>
  parseWorkload(`target:\n  url: ${url}\n  driver: sessions\n${section.replace(/^/gm, '  ')}\n`, {
    files,
    env: { SECRET: 'hunter2' },
  })

test('users, login, cookies and certificates, resolved', () => {
  const { workload, problems } = parsedTarget(`users: { file: users.csv }
headers: { x-user: "\${user.name}" }
login: { path: /login, body: { name: "\${user.name}", secret: "\${env:SECRET}" }, token: /access_token }
tls: { ca: ca.pem, cert: user.pem, key: user.key, passphrase: "\${env:SECRET}" }
http2: true`)
  expect(problems).toEqual([])
  expect(workload!.target).toEqual({
    url: 'https://agent.example',
    driver: 'sessions',
    headers: { 'x-user': '${user.name}', authorization: 'Bearer {token}' },
    access: {
      rows,
      login: {
        method: 'POST',
        path: '/login',
        headers: {},
        body: { name: '${user.name}', secret: 'hunter2' },
        token: { at: ['access_token'] },
      },
      cookies: false,
    },
    connection: {
      tls: {
        ca: '-----BEGIN ca.pem-----',
        cert: '-----BEGIN user.pem-----',
        key: '-----BEGIN user.key-----',
        passphrase: 'hunter2',
        insecure: false,
      },
      http2: true,
    },
    secrets: ['hunter2'],
  })
  const { workload: byCookie } = parsedTarget('login: { path: /login }')
  expect(byCookie!.target!.access).toMatchObject({ cookies: true })
})

test.each([
  ['users: { file: none.csv }', 'target.users: users none.csv cannot be read (ENOENT)', undefined],
  [
    'users: { file: u.csv }\nheaders: { x: "${user.nme}" }',
    'target.headers.x: users have no column nme',
    'columns are name, token',
  ],
  ['headers: { x: "${user.name}" }', 'users have no column name', 'target.users: { file: users.csv }'],
  ['headers: { x: "Bearer {token}" }', 'target.headers.x: has no value for {token}', 'target.login.token'],
  ['login: { path: login }', 'target.login.path: is not a path', 'begins with a slash'],
  ['login: { path: /l, body: { t: "{turn}" } }', 'target.login.body.t: has no value for {turn}', '{user}'],
  ['login: { path: /l, tokn: /a }', 'unknown key tokn', 'did you mean token?'],
  ['tls: { cert: a.pem }', 'target.tls.key: is missing', 'belong together'],
  ['tls: { insecure: true }', 'target.tls.insecure: whoever answers', 'target.tls.ca'],
])('of users and connections: %s', (section, message, hint) => {
  const { problems } = parsedTarget(section)
  expect(problems).toHaveLength(1)
  expect(problems[0]!.message).toContain(message)
  if (hint) expect(problems[0]!.hint).toContain(hint)
})

test('certificates and HTTP/2 are of no use without TLS', () => {
  const { problems } = parsedTarget('tls: { ca: a.pem }\nhttp2: true', 'http://agent.example')
  expect(problems).toMatchObject([
    { severity: 'warning', message: 'target.tls: the target is not reached over TLS' },
    { severity: 'warning', message: 'target.http2: the target is not reached over TLS' },
  ])
})

test('the driver and its section belong together', () => {
  const without = parseWorkload('target: { url: http://localhost:1, driver: http }').problems
  expect(without).toMatchObject([{ code: 'missing', message: 'target.http: is missing' }])
  const other = parseWorkload(good.replace('driver: http', 'driver: openai'), { env: { KEY: 'k' } })
  expect(other.problems).toMatchObject([
    { severity: 'warning', message: 'target.http: the driver is another' },
  ])
})

test('a secret of a template that is not set is named, and never shown', () => {
  const { problems } = parseWorkload(good)
  expect(problems.map(({ message }) => message)).toEqual([
    'target.http.open.body.key: the environment variable KEY is not set',
    'target.http.send.headers.x-key: the environment variable KEY is not set',
  ])
})

const sockets = (more: string, url = 'wss://agent.example'): string => `
target:
  url: ${url}
  driver: websocket
  websocket:
    send: { body: { say: "{text}" } }
    answer: { text: /t${more} }
`

test('a described socket, resolved', () => {
  const { workload, problems } = parseWorkload(sockets(', end: { at: /type, is: done }'))
  expect(problems).toEqual([])
  expect(workload!.target!.websocket).toEqual({
    path: '',
    headers: {},
    protocols: [],
    send: { body: { say: '{text}' } },
    answer: { text: ['t'], end: { at: ['type'], is: ['done'] } },
  })
})

test('a socket has an address of its own and messages with an end', () => {
  expect(parseWorkload(sockets('')).problems).toMatchObject([
    { code: 'missing', message: 'target.websocket.answer.end: is missing' },
  ])
  const address = 'target.url: is not an address'
  expect(parseWorkload(sockets(', end: /e', 'ftp://a')).problems).toMatchObject([{ message: address }])
  const http = parseWorkload('target: { url: "ws://localhost:1", driver: sessions }').problems
  expect(http).toMatchObject([{ message: address }])
})
