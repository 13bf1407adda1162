import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { scrapeServer } from './scrape-server.ts'

const cleanups: (() => void)[] = []
afterEach(() => cleanups.splice(0).forEach((cleanup) => cleanup()))

async function serving(text: string, status = 200): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(text))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`
}

const memory = 'process_resident_memory_bytes 5e+07\n'

test('what a Prometheus client library tells of its process is a sample', async () => {
  const look = await scrapeServer(
    await serving(`${memory}process_cpu_seconds_total 12.5\nprocess_open_fds 41\nother{a="b"} 3\n`),
    [],
  )
  expect(await look()).toEqual({ cpuSeconds: 12.5, rssBytes: 5e7, openFiles: 41 })
})

test.each([
  [memory, 200, 'there is no process_cpu_seconds_total'],
  ['', 404, 'it answered 404'],
])('a server that does not say what it uses is told of before any load', async (text, status, message) => {
  await expect(scrapeServer(await serving(text, status), [])).rejects.toThrow(message)
})

test('elsewhere only where that is allowed', async () => {
  await expect(scrapeServer('http://agent.example/metrics', [])).rejects.toThrow('is not on this machine')
})
