// However a provider ends, nothing of it stays behind.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { plimsoll } from './plimsoll.ts'
import { killLeftovers, startPlimsoll, until } from './running.ts'

let cwd: string
/** Where the provider puts what it needs while it runs. */
let TMPDIR: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'plimsoll-ends-'))
  TMPDIR = mkdtempSync(join(cwd, 'tmp-'))
  writeFileSync(join(cwd, 'my.yaml'), 'model: { id: m, output: 5 }')
})
afterEach(() => {
  killLeftovers()
  rmSync(cwd, { recursive: true, force: true })
})

const kept = (): string[] => readdirSync(TMPDIR).filter((name) => name.startsWith('plimsoll-'))
const args = ['provider', 'my.yaml', '--port', '0', '--workers', '2']

test.each(['SIGTERM', 'SIGHUP'] as const)('by %s', async (signal) => {
  const provider = startPlimsoll([...args, '--proxy', '0'], { cwd, env: { TMPDIR } })
  await provider.said(/admin API of .* on http/)
  expect(kept()).toHaveLength(2)
  provider.kill(signal)
  expect((await provider.finished).code).toBe(0)
  expect(kept()).toEqual([])
})

test('by SIGKILL, once the next one begins', async () => {
  const begun = async () => {
    const provider = startPlimsoll([...args, '--proxy', '0'], { cwd, env: { TMPDIR } })
    await provider.said(/admin API of .* on http/)
    return provider
  }
  const killed = await begun()
  killed.kill('SIGKILL')
  await killed.finished
  const left = kept()
  expect(left).toHaveLength(2)
  const next = await begun()
  expect(kept().filter((name) => left.includes(name))).toEqual([])
  next.kill('SIGTERM')
  await next.finished
  expect(kept()).toEqual([])
})

test('by SIGINT while its threads begin', async () => {
  const go = join(cwd, 'go')
  writeFileSync(join(cwd, 'slow.ts'), slowThreads(go))
  const provider = startPlimsoll([...args.with(1, 'slow.ts'), '--proxy', '0'], { cwd, env: { TMPDIR } })
  await Promise.race([until(() => kept().length > 0), provider.finished])
  provider.kill('SIGINT')
  writeFileSync(go, '')
  const { code, stdout } = await provider.finished
  expect({ code, stdout, kept: kept() }).toEqual({ code: 0, stdout: '', kept: [] })
})

/** A workload that threads read no sooner than a file is there. */
const slowThreads = (go: string): string => `
import { existsSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import { defineWorkload } from 'plimsoll'
const ticks = new Int32Array(new SharedArrayBuffer(4))
while (!isMainThread && !existsSync(${JSON.stringify(go)})) Atomics.wait(ticks, 0, 0, 20)
export default defineWorkload({ name: 'slow', model: { id: 'm', output: 5 } })
`

test('because the port of its proxy is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const { code, stderr } = await plimsoll([...args, '--proxy', String(port)], { cwd, env: { TMPDIR } })
  expect([code, stderr]).toEqual([104, expect.stringContaining(`already listens on 127.0.0.1:${port}`)])
  expect(kept()).toEqual([])
})
