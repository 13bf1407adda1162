import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../test/free-port.ts'
import { startCommand } from './start-command.ts'

function start(port: number) {
  const { signal } = new AbortController()
  const around = { env: process.env, readyUrl: `http://127.0.0.1:${port}`, readyTimeoutMs: 100, signal }
  return startCommand('sleep 60', around, { note: () => {} })
}

test('an agent whose place is taken, and one that is silent, are told with their flags', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  await expect(start(port)).rejects.toThrow('leave --start out')
  await expect(start(await freePort())).rejects.toThrow('--target says where it does')
})
