// An agent that cannot be told another address is answered all the same, and nobody else has to trust anything.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer, isIP, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { collectHost } from '../src/cli/options.ts'
import { type OpenProxy, openProxy, type ProxyFlags } from '../src/cli/open-proxy.ts'
import { isHostOf, modelHosts } from '../src/provider/proxy/model-hosts.ts'
import type { Provider } from '../src/provider/start-provider.ts'
import type { Summary } from '../src/result/summary.ts'
import { bin, plimsoll } from './plimsoll.ts'
import { recordsOf, startWorld } from './sdk-world.ts'
import { freePort } from './free-port.ts'

const agent = fileURLToPath(new URL('fixtures/fixed-address-agent.mjs', import.meta.url))

async function proxyBefore({ port }: Provider, flags: Partial<ProxyFlags> = {}): Promise<OpenProxy> {
  const proxy = await openProxy(
    { host: '127.0.0.1', port },
    { proxyOthers: 'refuse', modelHost: [], ...flags },
  )
  onTestFinished(() => proxy.close())
  return proxy
}

interface Told {
  readonly said?: unknown
  readonly failed?: string
}

async function runAgent(environment: Readonly<Record<string, string>>): Promise<Record<string, Told>> {
  const { stdout } = await promisify(execFile)(process.execPath, [agent], {
    env: { PATH: process.env['PATH'], ...environment },
  })
  return JSON.parse(stdout) as Record<string, Told>
}

test('official clients with fixed addresses are answered, and other hosts are refused', async () => {
  const provider = await startWorld()
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-proxy-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const proxy = await proxyBefore(provider, { proxyFolder: folder })
  const environment = Object.fromEntries(proxy.environment)
  const [trusting, { NODE_EXTRA_CA_CERTS: _, ...distrusting }] = [environment, environment]
  const [trusted, distrusted] = await Promise.all([runAgent(trusting), runAgent(distrusting)])
  expect(trusted['openai']!.said).toHaveLength(120)
  expect(trusted['anthropic']!.said).toHaveLength(120)
  expect(trusted['elsewhere']!.failed).toBeDefined()
  expect(distrusted['openai']!.failed).toMatch(/CERT|SELF_SIGNED|VERIFY|ISSUER/)
  expect((await recordsOf(provider)).map(({ outcome }) => outcome)).toEqual(['completed', 'completed'])

  // What is on disk is what has to be trusted, for its owner alone, and no key.
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).not.toContain('PRIVATE KEY')
  }
})

test('load --intercept has the provider of the run answer an agent with a fixed address', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'plimsoll-intercept-'))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  writeFileSync(
    join(cwd, 'fixed.yaml'),
    'users: { think: 100ms }\nmodel: { output: 5, ttft: 1ms, perToken: 1ms }\n',
  )
  const port = await freePort()
  const fixed = '--model-url https://api.openai.com/v1'
  const start = `exec "${process.execPath}" "${bin}" agent fixed.yaml --port ${port} ${fixed}`
  const target = ['--target', `http://127.0.0.1:${port}`, '--start', start, '--intercept']
  const flags = ['--users', '2', '--warm-up', '0s', '--duration', '1s', '--json', '--out', 'runs']
  const { stdout, stderr } = await plimsoll(['load', 'fixed.yaml', ...target, ...flags], { cwd })
  expect(stdout, stderr).toMatch(/^\{/)
  const { turns } = JSON.parse(stdout) as Summary
  expect(turns).toMatchObject({
    failed: 0,
    completed: expect.toSatisfy((completed) => completed > 0) as unknown,
  })
})

/** The first words that a proxy answers. */
async function answerTo(proxy: OpenProxy, said: string): Promise<string> {
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write(said)
  const [first] = (await once(socket, 'data')) as [Buffer]
  return first.toString()
}

test.each([
  ['CONNECT elsewhere.test:443 HTTP/1.1\r\nhost: elsewhere.test\r\n\r\n', /^HTTP\/1.1 403 /],
  ['CONNECT api.openai.com:25 HTTP/1.1\r\nhost: x\r\n\r\n', /^HTTP\/1.1 403 /],
  ['CONNECT api.openai.com HTTP/1.1\r\nhost: x\r\n\r\n', /^HTTP\/1.1 400 /],
  ['CONNECT api.openai.com:99999 HTTP/1.1\r\nhost: x\r\n\r\n', /^HTTP\/1.1 400 /],
  ['GET http://elsewhere.test/ HTTP/1.1\r\nhost: elsewhere.test\r\n\r\n', /^HTTP\/1.1 405 /],
  ['CONNECT api.openai.com:443 HTTP/1.1\r\nhost: x\r\n\r\n', /^HTTP\/1.1 200 /],
  ['CONNECT api.openai.com.:443 HTTP/1.1\r\nhost: x\r\n\r\n', /^HTTP\/1.1 200 /],
  ['CONNECT api.openai.com..:443 HTTP/1.1\r\nhost: x\r\n\r\n', /^HTTP\/1.1 403 /],
  ['CONNECT .:443 HTTP/1.1\r\nhost: x\r\n\r\n', /^HTTP\/1.1 403 /],
])('%j', async (said, expected) => {
  expect(await answerTo(await proxyBefore(await startWorld()), said)).toMatch(expected)
})

test('other hosts are let through where that is asked for', async () => {
  const far = createServer((socket) => void socket.end('far')).listen(0, '127.0.0.1')
  onTestFinished(() => void far.close())
  await once(far, 'listening')
  const proxy = await proxyBefore(await startWorld(), { proxyOthers: 'tunnel' })
  const { port } = far.address() as AddressInfo
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1')
  socket.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nhost: x\r\n\r\n`)
  let seen = ''
  for await (const chunk of socket) seen += String(chunk)
  expect(seen).toBe('HTTP/1.1 200 Connection Established\r\n\r\nfar')
})

test('what breaks behind a tunnel breaks it, and puts no words into it', async () => {
  const far = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()))
  onTestFinished(() => void far.close())
  await once(far.listen(0, '127.0.0.1'), 'listening')
  const proxy = await proxyBefore(await startWorld(), { proxyOthers: 'tunnel' })
  const { port } = far.address() as AddressInfo
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  let seen = ''
  socket.on('data', (chunk) => (seen += String(chunk)))
  socket.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nhost: x\r\n\r\n`)
  await once(socket, 'data')
  socket.write('hello')
  await once(socket, 'close')
  expect(seen).toBe('HTTP/1.1 200 Connection Established\r\n\r\n')
})

test.each([
  ['10.1.2.3', '10.1.2.3:443', '10.1.2.3'],
  ['[fd00::1]:8443', '[FD00::1]:8443', 'fd00::1'],
  ['llm.example.com:8443', 'llm.example.com:8443', 'llm.example.com'],
  ['*.example.com', 'my.llm.example.com:443', 'my.llm.example.com'],
  ['*.example.com', 'my.llm.example.com.:443', 'my.llm.example.com.'],
  ['llm.example.com.:8443', 'llm.example.com:8443', 'llm.example.com'],
  ['llm.example.com', 'llm.example.com.:443', 'llm.example.com.'],
])('a host that was named is played under its name, also a number: %s', async (named, to, host) => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-proxy-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const proxy = await proxyBefore(await startWorld(), { proxyFolder: folder, modelHost: [named] })
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write(`CONNECT ${to} HTTP/1.1\r\nhost: x\r\n\r\n`)
  await once(socket, 'data')
  const ca = readFileSync(join(folder, 'ca.pem'))
  const secure = connectTls({ socket, ca, host, ...(isIP(host) ? {} : { servername: host }) })
  await once(secure, 'secureConnect')
  secure.write('GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n')
  const [answer] = (await once(secure, 'data')) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1.1 200 /)
})

test.each(['https://llm.example.com', 'llm.example.com/v1', 'user@llm.example.com', '::1', 'two words', ''])(
  'what is no host of models is told: %j',
  (named) => {
    expect(() => collectHost(named, [])).toThrow('expected a host such as llm.example.com')
  },
)

test.each([
  ['api.openai.com', true],
  ['API.OpenAI.com', true],
  ['mine.openai.azure.com', true],
  ['europe-west4-aiplatform.googleapis.com', true],
  ['bedrock-runtime.us-east-1.amazonaws.com', true],
  ['api.openai.com.evil.test', false],
  ['xapi.openai.com', false],
  ['openai.azure.com', false],
  ['apiXopenai.com', false],
])('%s is a host of models: %s', (host, expected) => {
  expect(isHostOf(host, modelHosts)).toBe(expected)
})
