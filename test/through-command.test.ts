import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startAgent } from '../src/agent/start-agent.ts'
import { readRecording } from '../src/fit/read-recording.ts'
import { startProvider } from '../src/provider/start-provider.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { bin, plimsoll } from './plimsoll.ts'
import { freePort } from './free-port.ts'

const folders: string[] = []
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-through-'))
  folders.push(folder)
  return folder
}

const real = `
name: the real one
scenarios: [{ name: orders, say: hello, depth: 2, tools: [orders] }]
model: { id: gpt-4.1-mini, input: { system: 300 }, output: 20, maxTokens: 100, cached: 50%, ttft: 5ms, perToken: 1ms }
tools: { orders: { latency: 2ms } }
`
const key = 'sk-never-to-be-seen-0123456789'

test('init --through writes what it measured, its recording and no secret', async () => {
  const cwd = folderOf()
  const { workload } = parseWorkload(real)
  const behind = await startProvider(workload!, { seed: 1, runId: 'real' })
  closing.push(() => behind.close())
  const port = String(await freePort())
  const url = `http://127.0.0.1:${port}`
  const agent = await startAgent(workload!, {
    host: '127.0.0.1',
    port: 0,
    modelUrl: `${url}/v1`,
    toolsUrl: url,
    apiKey: key,
  })
  closing.push(() => agent.close())
  const flags = ['--target', agent.url, '--through', behind.url, '--tools', behind.url, '--port', port]
  const args = [
    ...flags,
    '--turns',
    '4',
    '--max-spend',
    '$1',
    '--say',
    'a private question',
    '--record',
    'seen.json',
  ]
  const { code, stdout, stderr } = await plimsoll(['init', 'my.yaml', ...args, '--json'], { cwd })
  expect(stderr).toContain('4 turns')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ file: 'my.yaml', turns: 4, notes: [] })
  const file = readFileSync(join(cwd, 'my.yaml'), 'utf8')
  expect(file).toContain('depth: 2 # measured, 4 turns')
  const learned = parseWorkload(file)
  expect(learned.problems).toEqual([])
  expect(learned.workload!.origins.get('model.ttft')).toBe('measured')
  expect(learned.workload!.models[0]!.output.mean).toBe(20)
  const seen = readFileSync(join(cwd, 'seen.json'), 'utf8')
  expect(readRecording(seen)).toMatchObject({ format: 1, unjoined: 0 })
  expect(statSync(join(cwd, 'seen.json')).mode & 0o077).toBe(0)
  for (const text of [stdout, stderr, file, seen]) expect(text).not.toContain(key)
  expect(seen).not.toContain('private')
  const again = await plimsoll(['init', 'other.yaml', ...args], { cwd })
  expect(again).toMatchObject({ code: 104, stderr: expect.stringContaining('already there') as unknown })
})

test('an agent with a fixed address passes through the proxy to the real one: a host of models', () =>
  passesThrough('127.0.0.1', () => 'api.openai.com'))

// This machine under an address to which clients go through a proxy; macOS has no such address.
test.skipIf(process.platform === 'darwin').each([
  ['the host of the real one', () => '127.0.0.2'],
  ['the host and the port of the real one', (port: number) => `127.0.0.2:${port}`],
])('an agent with a fixed address passes through the proxy to the real one: %s', (_, fixedAt) =>
  passesThrough('127.0.0.2', fixedAt),
)

/** The real one is at `host`, and the agent's model at `fixedAt` its port. */
async function passesThrough(host: string, fixedAt: (port: number) => string): Promise<void> {
  const cwd = folderOf()
  const { workload } = parseWorkload(real)
  const listen = { host, adminToken: 'for its address' }
  const behind = await startProvider(workload!, { seed: 1, runId: 'real', ...listen })
  closing.push(() => behind.close())
  writeFileSync(join(cwd, 'real.yaml'), real)
  const port = await freePort()
  const fixed = `--port ${port} --model-url https://${fixedAt(behind.port)}/v1 --tools-url ${behind.url}`
  const start = `exec "${process.execPath}" "${bin}" agent real.yaml ${fixed}`
  const flags = ['--target', `http://127.0.0.1:${port}`, '--through', behind.url, '--start', start]
  const { code, stdout, stderr } = await plimsoll(
    ['init', 'my.yaml', ...flags, '--intercept', '--turns', '2', '--max-spend', '1', '--json'],
    { cwd, env: { OPENAI_API_KEY: key } },
  )
  expect(stderr).toContain('2 turns')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ turns: 2 })
  const file = readFileSync(join(cwd, 'my.yaml'), 'utf8')
  expect(file).toContain('depth: 2 # measured, 2 turns')
  for (const text of [stdout, stderr, file]) expect(text).not.toContain(key)
}

test('an agent that still talks to its own model is told so after one turn', async () => {
  const { workload } = parseWorkload(real)
  const behind = await startProvider(workload!, { seed: 1, runId: 'real' })
  closing.push(() => behind.close())
  const urls = { modelUrl: `${behind.url}/v1`, toolsUrl: behind.url }
  const agent = await startAgent(workload!, { host: '127.0.0.1', port: 0, ...urls, apiKey: key })
  closing.push(() => agent.close())
  const args = [
    '--target',
    agent.url,
    '--through',
    behind.url,
    '--max-spend',
    '1',
    '--port',
    String(await freePort()),
  ]
  const { code, stderr } = await plimsoll(['init', 'my.yaml', ...args], { cwd: folderOf() })
  expect(code).toBe(104)
  expect(stderr).toContain('no model call came through here')
})

const known = ['--target', 'http://localhost:1', '--through', 'https://api.openai.com']
const elsewhere = ['--target', 'http://agent.example', '--through', 'https://api.openai.com']

test.each([
  [known, '--max-spend'],
  [[...elsewhere, '--max-spend', '1'], '--allow-target'],
  [[...known, '--max-spend', '1', '--keep-text'], '--record'],
])('what is missing is asked for: %j', async (args, words) => {
  const { code, stderr } = await plimsoll(['init', 'my.yaml', ...args], { cwd: folderOf() })
  expect(stderr).toContain(words)
  expect(code).toBe(104)
})

test('a file that is no recording is not replayed', async () => {
  const cwd = folderOf()
  writeFileSync(join(cwd, 'real.yaml'), real)
  writeFileSync(join(cwd, 'bad.json'), '{"format":2}')
  const { code, stderr } = await plimsoll(['provider', 'real.yaml', '--replay', 'bad.json'], { cwd })
  expect(stderr).toContain('bad.json is no recording: format')
  expect(code).toBe(104)
})
