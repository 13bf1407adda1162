import { spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type Child, type ChildOptions, startChild } from './child-server.ts'
import { psRows, sampleProcess } from './sample-process.ts'
import { freePort } from '../../test/free-port.ts'

const readyTimeoutMs = 15_000
const hints = { taken: 'stop the other', silent: 'look for its port' }

async function start(script: string, options: Partial<ChildOptions> = {}): Promise<Child> {
  const child = await startChild({
    command: process.execPath,
    args: ['-e', script],
    readyTimeoutMs,
    ...options,
  })
  onTestFinished(async () => void (await child.stop()))
  return child
}

const announcing = `
  const server = require('node:http').createServer((_, response) => response.end('here'))
  server.listen(0, '127.0.0.1', () => {
    console.log('some line')
    console.log(JSON.stringify({ ready: true, url: 'http://127.0.0.1:' + server.address().port }))
  })`

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

test('a child that announces itself serves, is sampled and ends by its own id', async () => {
  const lines: string[] = []
  const child = await start(announcing, { onLine: (line) => lines.push(line) })
  expect(await (await fetch(child.url)).text()).toBe('here')
  expect(lines[0]).toBe('some line')
  const sample = await child.sample()
  expect(sample.cpuSeconds).toBeGreaterThan(0)
  expect(sample.rssBytes).toBeGreaterThan(10_000_000)
  expect(sample.processes).toBe(1)
  expect(await child.stop()).toMatchObject({ signal: 'SIGTERM' })
  expect(isAlive(child.pid)).toBe(false)
  expect(await child.sample()).toMatchObject({ cpuSeconds: 0, rssBytes: 0, processes: 0 })
})

test("a shell's children are sampled with it and end with it", async () => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server = `require('node:http').createServer().listen(${port}, '127.0.0.1', () => console.error(process.pid))`
  const lines: string[] = []
  const child = await startChild({
    command: 'sh',
    args: ['-c', `"${process.execPath}" -e "${server}"; true`],
    readyUrl: url,
    readyTimeoutMs,
    onLine: (line) => lines.push(line),
  })
  onTestFinished(async () => void (await child.stop()))
  expect(child.url).toBe(url)
  await until(() => lines.length > 0)
  expect((await child.sample()).processes).toBe(2)
  await child.stop()
  // Not `isAlive`: whoever inherits it may take its time to bury it.
  while ((await sampleProcess(Number(lines[0]))).rssBytes > 0)
    await new Promise((resolve) => setTimeout(resolve, 5))
})

test('one that does not listen to the request to end is killed after the grace time', async () => {
  const child = await start(`process.on('SIGTERM', () => {}); ${announcing}`, { graceMs: 50 })
  expect(await child.stop()).toMatchObject({ signal: 'SIGKILL' })
})

test('one that ends early is reported with its last words', async () => {
  const script = `console.error('no port'); console.error('giving up'); process.exit(3)`
  await expect(start(script)).rejects.toThrow(/exit code 3\)\n {2}no port\n {2}giving up/)
})

test('of a line without end the beginning is its last word', async () => {
  const script = `process.stderr.write('x'.repeat(2_000_000), () => process.exit(3))`
  await expect(start(script)).rejects.toThrow(/\n {2}x{500} … \(the rest of the line is left out\)$/)
})

test('one that ends later says so', async () => {
  const child = await start(`${announcing}; setTimeout(() => { throw new Error('a bug') }, 30)`)
  const exit = await child.exited
  expect(exit.code).toBe(1)
  expect(exit.lastLines.join('\n')).toContain('a bug')
})

test('one that never gets ready is ended and reported', async () => {
  const pids: number[] = []
  const script = `console.log(process.pid); setInterval(() => {}, 1000)`
  const started = start(script, { readyTimeoutMs: 1000, onLine: (line) => pids.push(Number(line)) })
  await expect(started).rejects.toThrow('was not ready after 1 s')
  expect(isAlive(pids[0]!)).toBe(false)
})

test('one that listens elsewhere is told where it was looked for', async () => {
  const readyUrl = `http://127.0.0.1:${await freePort()}`
  const started = start(`setInterval(() => {}, 1000)`, { readyUrl, readyTimeoutMs: 100, hints })
  await expect(started).rejects.toThrow(`nothing answers at ${readyUrl}\nhint: look for its port`)
})

test('a command that does not exist is reported', async () => {
  const started = startChild({ command: './no-such-program', args: [], readyTimeoutMs })
  await expect(started).rejects.toThrow(/cannot be started[^]*ENOENT/)
})

test('a place that is already taken is not mistaken for the child', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const readyUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await expect(start('', { readyUrl, called: 'npm start', hints })).rejects.toThrow(
    /already answers at .*«npm start» was not started\nhint: stop the other/,
  )
})

const hasPs = spawnSync('ps', ['-V']).error === undefined

test.skipIf(!hasPs)('ps, for systems without /proc, tells of this process too', async () => {
  const row = (await psRows()).find(({ pid }) => pid === process.pid)!
  const sample = await sampleProcess(process.pid)
  expect(row.parent).toBe(process.ppid)
  expect(row.rssBytes).toBeGreaterThan(1_000_000)
  expect(sample.rssBytes).toBeGreaterThan(1_000_000)
})

test('a server of others ends when whoever started it is killed', async () => {
  const port = await freePort()
  const server = `require('node:http').createServer().listen(${port}, '127.0.0.1', () => console.log(process.pid))`
  const starter = `
    import { startChild } from ${JSON.stringify(new URL('child-server.ts', import.meta.url).href)}
    await startChild({
      command: process.execPath,
      args: ['-e', ${JSON.stringify(server)}],
      readyUrl: 'http://127.0.0.1:${port}',
      readyTimeoutMs: 15000,
      onLine: (line) => console.log(line),
    })
    console.log('ready')
    setInterval(() => {}, 1000)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', starter], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  parent.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
  // What the server says and that it is ready come in no order.
  const saidPid = (): string | undefined => /^\d+$/m.exec(said)?.[0]
  await until(() => said.includes('ready') && saidPid() !== undefined)
  const pid = Number(saidPid())
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  while ((await sampleProcess(pid)).rssBytes > 0) await new Promise((resolve) => setTimeout(resolve, 5))
})
