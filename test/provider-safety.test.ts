import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { mostBodyBytes } from '../src/provider/http-answer.ts'
import { startProvider } from '../src/provider/start-provider.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { startWorld } from './sdk-world.ts'

const body = (more: object = {}): string =>
  JSON.stringify({ model: 'any', messages: [{ role: 'user', content: 'hello' }], ...more })
const post = (url: string, path: string, text: string): Promise<Response> =>
  fetch(url + path, { method: 'POST', body: text })

test('another host than loopback needs an admin token, and the admin API then asks for it', async () => {
  const { workload } = parseWorkload('model: { output: 1 }')
  await expect(startProvider(workload!, { host: '0.0.0.0', seed: 1, runId: 's' })).rejects.toThrow(
    /admin token/,
  )
  const provider = await startProvider(workload!, {
    host: '0.0.0.0',
    seed: 1,
    runId: 's',
    adminToken: 'secret',
  })
  const url = `http://127.0.0.1:${provider.port}`
  for (const path of ['health', 'stats', 'records', 'faults'])
    expect((await fetch(`${url}/_plimsoll/${path}`)).status).toBe(401)
  expect((await post(url, '/_plimsoll/reset', '{"runId":"r","seed":1}')).status).toBe(401)
  expect((await post(url, '/v1/chat/completions', body())).status).toBe(200)
  await provider.close()
})

test.each([
  [{ origin: 'https://evil.test' }, 403],
  [{ host: 'evil.test:4010' }, 403],
  [{ host: 'localhost.evil.test' }, 403],
  [{ origin: 'null' }, 403],
  [{ origin: 'http://localhost:4010', host: 'localhost:4010' }, 200],
  [{ host: '[::1]:4010' }, 200],
])('the admin API without a token is for this machine and its pages: %j', async (headers, status) => {
  const { port } = await startWorld()
  const asked = request({ port, host: '127.0.0.1', method: 'POST', path: '/_plimsoll/reset', headers })
  asked.end('{"runId":"r","seed":1}')
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  expect(answer.resume().statusCode).toBe(status)
})

test.each([
  ['/v1/chat/completions', 'x-request-id'],
  ['/v1/messages', 'request-id'],
  ['/v1beta/models/any:generateContent', undefined],
  ['/model/any/converse', 'x-amzn-requestid'],
  ['/tools/orders', undefined],
  ['/mcp', undefined],
])('%s: a body beyond the limit is a 413, with an id where others have one', async (path, header) => {
  const { url } = await startWorld()
  const answer = await post(url, path, `"${'x'.repeat(mostBodyBytes)}"`)
  expect(answer.status).toBe(413)
  if (header !== undefined) expect(answer.headers.get(header)).toMatch(/^req_./)
  expect(JSON.stringify(await answer.json())).toMatch(/large/i)
})

/** All that is answered to these words, until the connection is over. */
async function answerTo(...said: readonly string[]): Promise<string> {
  const { port } = await startWorld()
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(said[0]!))
    socket.on('data', (part) => {
      answer += part.toString()
      if (said[1] !== undefined) socket.write(said[1])
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
  })
}

const close = 'connection: close\r\n'
const posted = (path: string, head: string, text = body()): string =>
  `POST ${path} HTTP/1.1\r\n${head}content-length: ${text.length}\r\n\r\n${text}`
const socketKey = 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version'

test.each([
  ['headers beyond the limit', 431, `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(100_000)}\r\n\r\n`],
  ['what is no HTTP', 400, 'hello there\r\n\r\n'],
  ['a request to no host', 400, posted('/v1/chat/completions', close)],
  ['a tunnel', 405, 'CONNECT api.openai.com:443 HTTP/1.1\r\nhost: api.openai.com:443\r\n\r\n'],
  [
    'a WebSocket of another version',
    400,
    `GET /v1/realtime?model=any HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n${socketKey}: 12\r\n\r\n`,
  ],
])('%s is refused in words', async (_, status, text) => {
  const [head, said] = (await answerTo(text)).split('\r\n\r\n')
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(JSON.parse(said!)).toMatchObject({ error: { type: 'invalid_request_error' } })
})

test.each([
  ['its whole address', posted('http://api.openai.com/v1/chat/completions', `host: x\r\n${close}`)],
  ['what it expects', posted('/v1/chat/completions', `host: x\r\nexpect: the best\r\n${close}`)],
])('a request that says %s is answered', async (_, text) => {
  expect(await answerTo(text)).toContain('"object":"chat.completion"')
})

test('what cannot be read behind a request breaks its stream, and puts no words into it', async () => {
  const stream = posted('/v1/chat/completions', 'host: x\r\n', body({ stream: true }))
  const answer = await answerTo(stream, 'hello there\r\n\r\n')
  expect(answer).toContain('"role":"assistant"')
  expect(answer).not.toContain('not valid HTTP')
  expect(answer).not.toContain('[DONE]')
})

test.each([
  ['/v1/chat/completions', 'x-request-id'],
  ['/v1/responses', 'x-request-id'],
  ['/v1/embeddings', 'x-request-id'],
  ['/openai/deployments/any/chat/completions', 'x-request-id'],
  ['/v1/messages', 'request-id'],
  ['/model/any/converse', 'x-amzn-requestid'],
  ['/model/any/invoke', 'x-amzn-requestid'],
])('%s: a request that cannot be read has an id, in %s', async (path, header) => {
  const { url } = await startWorld()
  const { status, headers } = await post(url, path, '{}')
  expect([status, headers.get(header)]).toEqual([400, expect.stringMatching(/^req_./)])
})

test('closing ends streams, stalls, silence and tools, and frees the port', async () => {
  const { workload } = parseWorkload(`
scenarios: [{ name: a, depth: 2, tools: [slow, silent] }]
models: { slow: { output: 500, perToken: 1s }, silent: { output: 5 }, stalled: { output: 50 } }
tools: { slow: { latency: 1h }, silent: { latency: 0ms } }
faults:
  - { fault: timeout, on: silent }
  - { fault: stall, on: stalled }
`)
  const provider = await startProvider(workload!, { seed: 1, runId: 's' })
  const { url } = provider
  const ask = (model: string): Promise<string> =>
    post(url, '/v1/chat/completions', body({ model, stream: true })).then((answer) => answer.text())
  const asked = [
    ask('slow'),
    ask('silent'),
    ask('stalled'),
    post(url, '/tools/slow', '{}').then((answer) => answer.text()),
  ]
  const inFlight = async (): Promise<number> =>
    ((await (await fetch(`${url}/_plimsoll/stats`)).json()) as { inFlight: number }).inFlight
  await expect.poll(inFlight).toBe(4)
  await provider.close()
  expect(await Promise.allSettled(asked)).toHaveLength(4)
  await expect(fetch(url)).rejects.toThrow(/fetch failed/)
})

test('any key is taken and none is kept', async () => {
  const { url } = await startWorld()
  const key = 'sk-this-is-a-secret'
  await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: body(),
  })
  for (const path of ['records?from=0', 'stats', 'health', 'faults'])
    expect(await (await fetch(`${url}/_plimsoll/${path}`)).text()).not.toContain(key)
})

test('what is longer than any memory is said as far as a model might, and ends nothing', async () => {
  const { workload } = parseWorkload(`
scenarios: [{ name: s, tools: [orders] }]
model: { output: 5e9, ttft: 0ms, perToken: 0ms, input: { toolResult: 5e9 } }
tools: { orders: { latency: 0ms } }
`)
  const provider = await startProvider(workload!, { seed: 1, runId: 's' })
  const answer = await post(provider.url, '/v1/chat/completions', body())
  expect(await answer.json()).toMatchObject({ usage: { completion_tokens: 1_000_000 } })
  expect((await (await post(provider.url, '/tools/orders', '{}')).text()).length).toBeGreaterThan(3_000_000)
  await provider.close()
})

test('a schema that nests deeper than a stack is refused, and ends nothing', async () => {
  const { url } = await startWorld()
  const levels = 20_000
  const schema = `${'{"type":"object","properties":{"a":'.repeat(levels)}{}${'}}'.repeat(levels)}`
  const format = `{"type":"json_schema","json_schema":{"name":"s","strict":true,"schema":${schema}}}`
  const asked = body({ model: 'gpt-5', response_format: 'deep' }).replace('"deep"', format)
  expect((await post(url, '/v1/chat/completions', asked)).status).toBe(400)
  expect((await post(url, '/v1/chat/completions', body())).status).toBe(200)
})
