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
  '/v1/chat/completions',
  '/v1/messages',
  '/v1beta/models/any:generateContent',
  '/model/any/converse',
  '/tools/orders',
  '/mcp',
])('%s: a body beyond the limit is a 413', async (path) => {
  const { url } = await startWorld()
  const answer = await post(url, path, `"${'x'.repeat(mostBodyBytes)}"`)
  expect(answer.status).toBe(413)
  expect(JSON.stringify(await answer.json())).toMatch(/large/i)
})

test.each([
  ['headers beyond the limit', `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(100_000)}\r\n\r\n`, '431'],
  ['what is no HTTP', 'hello there\r\n\r\n', '400'],
])('%s are refused', async (_, text, status) => {
  const { port } = await startWorld()
  const answer = await new Promise<string>((resolve, reject) => {
    let said = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', (part) => (said += part.toString()))
    socket.on('close', () => resolve(said))
    socket.on('error', reject)
  })
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
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
