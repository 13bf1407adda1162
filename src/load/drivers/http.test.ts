import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { targetOf } from '../../../test/described-targets.ts'
import type { Driver, DriverResult, TurnObserver } from '../driver.ts'
import { startRunClock } from '../edge/run-clock.ts'
import { http } from './http.ts'

interface Asked {
  readonly method: string
  readonly path: string
  readonly body: string
}
type Reply = (
  asked: Asked,
  before: readonly Asked[],
) => readonly [status: number, body: string | Buffer, type?: string, headers?: Record<string, string>]

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function setUp(protocol: string, reply: Reply): Promise<[Driver, Asked[]]> {
  const requests: Asked[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => (body += part))
    request.on('end', () => {
      const asked = { method: request.method!, path: request.url!, body }
      const [status, answer, type = 'application/json', headers = {}] = reply(asked, [...requests])
      requests.push(asked)
      response.writeHead(status, { 'content-type': type, ...headers }).end(answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`
  const target = targetOf(`  url: ${url}\n  driver: http\n  http:\n${protocol}`)
  const clock = startRunClock(1)
  const driver = http({
    ...target,
    connections: 4,
    now: () => clock.now(),
    at: (atMs, ring) => clock.at(atMs, ring),
    users: 2,
    model: '',
    historyMessages: 0,
  })
  cleanups.push(
    () => new Promise((resolve) => server.close(() => resolve())),
    () => driver.close(),
    () => clock.stop(),
  )
  return [driver, requests]
}

class Seen implements TurnObserver {
  said = ''
  counts: number[] = []
  statusCode = 0
  token(_: number, count: number): void {
    this.counts.push(count)
  }
  header(): void {}
  status(code: number): void {
    this.statusCode = code
  }
  text(part: string): void {
    this.said += part
  }
}

const turnOf = (turn = 0, session = 3) => ({
  session,
  turn,
  text: `say ${turn}`,
  traceparent: '00-706c696d0000000100000000500000000-00000000000000aa-01',
  last: false,
})

async function ask(driver: Driver, turn = turnOf()) {
  const seen = new Seen()
  const result = await driver.turn(turn, seen, new AbortController().signal)
  return { ...result, said: seen.said, counts: seen.counts, statusCode: seen.statusCode }
}

const job = (more: string): string => `
    send: { path: /jobs, body: { q: "{text}" } }
    answer: { format: json, text: /out, error: /error }
    poll: { ${more}, interval: 1ms, done: { at: /status, is: done }, failed: { at: /status, is: [failed] } }
`

test('polls below the target until the answer is there', async () => {
  const [driver, requests] = await setUp(job('path: "/jobs/{job}", job: /id, limit: 60s'), (asked, before) =>
    asked.method === 'POST'
      ? [202, '{"id":7}']
      : [200, JSON.stringify(before.length < 3 ? { status: 'running' } : { status: 'done', out: 'yes' })],
  )
  expect(await ask(driver)).toMatchObject({ outcome: 'completed', said: 'yes', counts: [1], statusCode: 200 })
  expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /base/jobs',
    'GET /base/jobs/7',
    'GET /base/jobs/7',
    'GET /base/jobs/7',
  ])
})

test('an answer that is there at once is not asked for', async () => {
  const [driver, requests] = await setUp(job('path: "/jobs/{job}", job: /id, limit: 60s'), () => [
    200,
    '{"id":7,"status":"done","out":"yes"}',
  ])
  expect(await ask(driver)).toMatchObject({ outcome: 'completed', said: 'yes' })
  expect(requests).toHaveLength(1)
})

test.each([
  ['a path from the host', '/other/7?full=1', 'completed', undefined],
  ['another host', 'http://127.0.0.2:1/x', 'failed', 'the address to ask is on another host'],
  ['another scheme', 'file:///etc/passwd', 'failed', 'the address to ask is on another host'],
  ['no address', 7, 'failed', 'the target took the message without an address to ask'],
])('a status address that is %s', async (_, url, outcome, message) => {
  const [driver, requests] = await setUp(job('url: /status_url, limit: 60s'), ({ method }) =>
    method === 'POST' ? [202, JSON.stringify({ status_url: url })] : [200, '{"status":"done","out":"yes"}'],
  )
  const result = await ask(driver)
  expect(result.outcome).toBe(outcome)
  expect(result.message).toBe(message)
  expect(requests.slice(1).map(({ path }) => path)).toEqual(
    outcome === 'completed' ? ['/other/7?full=1'] : [],
  )
})

test.each([
  ['{"status":"failed","error":"no money"}', 'http_5xx', /with an error: no money$/],
  ['{"status":"failed"}', 'http_5xx', /the job failed/],
  ['{"status":"done"}', 'protocol', /no text at "\/out"/],
  ['{"state":"done"}', 'protocol', /does not say how far/],
])('a poll that answers %s', async (body, errorKind, message) => {
  const [driver] = await setUp(job('path: "/jobs/{job}", job: /id, limit: 60s'), ({ method }) =>
    method === 'POST' ? [202, '{"id":"a"}'] : [200, body],
  )
  const result = await ask(driver)
  expect(result).toMatchObject({ outcome: 'failed', errorKind })
  expect(result.message).toMatch(message)
})

test('a poll without an end fails at its limit', async () => {
  const [driver] = await setUp(job('path: "/jobs/{job}", job: /id, limit: 30ms'), () => [
    200,
    '{"id":"a","status":"running"}',
  ])
  expect(await ask(driver)).toMatchObject({ outcome: 'failed', errorKind: 'timeout' })
})

test('a poll ends with the patience of its user', async () => {
  const patience = new AbortController()
  const [driver] = await setUp(job('path: "/jobs/{job}", job: /id, limit: 60s'), (_, before) => {
    if (before.length === 3) patience.abort()
    return [200, '{"id":"a","status":"running"}']
  })
  const result = await driver.turn(turnOf(), new Seen(), patience.signal)
  expect(result).toMatchObject({ outcome: 'abandoned' })
})

test('a session that the target names with its answer is named to it from then on', async () => {
  const [driver, requests] = await setUp(
    `
    send: { path: /chat, body: { q: "{text}", id: "{session}", who: "{user}/{turn}" } }
    answer: { format: json, text: /out, session: /id, tokens: /usage/out }
`,
    () => [200, '{"out":"yes","id":"s1","usage":{"out":40}}'],
  )
  expect(await ask(driver)).toMatchObject({ outcome: 'completed', counts: [40] })
  await ask(driver, turnOf(1))
  expect(requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    { q: 'say 0', who: '1/0' },
    { q: 'say 1', id: 's1', who: '1/1' },
  ])
})

test('a target that takes our names is told the same one for a session, and another for another', async () => {
  const [driver, requests] = await setUp(
    `
    send: { path: "/chat/{session}", form: { q: "{text}" } }
    answer: { format: json, text: /out }
    close: { path: "/chat/{session}" }
`,
    () => [200, '{"out":"yes"}'],
  )
  await ask(driver)
  await ask(driver, turnOf(1))
  await ask(driver, turnOf(0, 4))
  await driver.close()
  const [a, b] = ['/base/chat/plimsoll-00000001-3', '/base/chat/plimsoll-00000001-4']
  expect(requests.slice(0, 3).map(({ path }) => path)).toEqual([a, a, b])
  expect(requests[1]!.body).toBe('q=say+1')
  const closed = requests.slice(3).map(({ method, path }) => `${method} ${path}`)
  expect(closed.sort()).toEqual([`DELETE ${a}`, `DELETE ${b}`])
})

test('events of plain text, with their end and their first token by name', async () => {
  const [driver] = await setUp(
    `
    send: { path: /chat, body: { q: "{text}" } }
    answer: { format: sse, when: { event: message }, text: "", firstToken: { event: start }, end: { data: "[DONE]" } }
`,
    () => [
      200,
      'event: start\ndata: now\n\nevent: ping\ndata: x\n\ndata: Hi\n\ndata: 42\n\ndata: [DONE]\n\n',
      'text/event-stream',
    ],
  )
  expect(await ask(driver)).toMatchObject({ outcome: 'completed', said: 'Hi42', counts: [0, 1, 1] })
})

test('a stream whose end is the end of the answer', async () => {
  let stream = '{"t":"a"}\n\n{"t":"b"}'
  const [driver] = await setUp(
    `
    send: { path: /chat, body: { q: "{text}" } }
    answer: { format: ndjson, text: /t, error: /error }
`,
    () => [200, stream, 'text/plain'],
  )
  expect(await ask(driver)).toMatchObject({ outcome: 'completed', said: 'ab' })
  stream = '{"t":"a"}\n{"error":{"message":"out of money"}}'
  expect(await ask(driver)).toMatchObject({ outcome: 'failed', errorKind: 'http_5xx' })
  stream = '{"u":"a"}\n'
  expect(await ask(driver)).toMatchObject({ outcome: 'failed', errorKind: 'protocol' })
})

const events = 'data: {"t":"Grüße "}\n\ndata: {"t":"👍"}\n\ndata: [DONE]\n\n'

test.each([
  ['gzip', gzipSync(events)],
  ['X-Gzip', gzipSync(events)],
  ['deflate', deflateSync(events)],
  ['br', brotliCompressSync(events)],
  ['zstd', zstdCompressSync(events)],
  ['identity', Buffer.from(events)],
])('a stream that the target compressed with %s is read as it was', async (coding, body) => {
  const [driver] = await setUp(
    '    send: { path: /chat, body: { q: "{text}" } }\n    answer: { format: sse, text: /t, end: { data: "[DONE]" } }',
    () => [200, body, 'text/event-stream', { 'content-encoding': coding }],
  )
  for (const turn of [0, 1])
    expect(await ask(driver, turnOf(turn))).toMatchObject({ outcome: 'completed', said: 'Grüße 👍' })
})

test.each<[what: string, reply: ReturnType<Reply>, message: string]>([
  [
    'an unknown encoding',
    [200, 'x', 'application/json', { 'content-encoding': 'rot13' }],
    'the target answered in the encoding rot13, which is not known',
  ],
  [
    'another encoding than told',
    [200, '{"out":"plain"}', 'application/json', { 'content-encoding': 'gzip' }],
    'the answer is not the gzip that it says',
  ],
  [
    'a redirect',
    [307, '', 'text/plain', { location: '/base/chat/' }],
    'the target answered 307, which leads to /base/chat/ (redirects are not followed)',
  ],
])('%s is a fault that says what it is', async (_, reply, message) => {
  const [driver] = await setUp(
    '    send: { path: /chat, body: { q: "{text}" } }\n    answer: { format: json, text: /out }',
    () => reply,
  )
  expect(await ask(driver)).toMatchObject({ outcome: 'failed', errorKind: 'protocol', message })
})

test('a byte order mark before JSON is none of it', async () => {
  const [driver] = await setUp(
    '    send: { path: /chat, body: { q: "{text}" } }\n    answer: { format: json, text: /out }',
    () => [200, '\uFEFF{"out":"yes"}'],
  )
  expect(await ask(driver)).toMatchObject({ outcome: 'completed', said: 'yes' })
})

const seconds = (count: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, count)).toUTCString()

test.each<[headers: Record<string, string>, waitMs: number | undefined]>([
  [{ 'retry-after': '2' }, 2000],
  [{ 'retry-after': '2', 'retry-after-ms': '1500' }, 1500],
  // Its own clock says how long that is, wherever ours stands.
  [{ 'retry-after': seconds(7), date: seconds(4) }, 3000],
  [{ 'retry-after': seconds(4), date: seconds(7) }, 0],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '' }, undefined],
])('how long to wait after %j', async (headers, waitMs) => {
  const [driver] = await setUp(
    '    send: { path: /chat, body: { q: "{text}" } }\n    answer: { format: json, text: /out }',
    () => [429, '', 'text/plain', headers],
  )
  const { retryAfterMs, errorKind } = (await ask(driver)) as DriverResult
  expect([errorKind, retryAfterMs]).toEqual(['rate_limited', waitMs])
})
