import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { readTwiml, streamOf } from '../../wire/twiml.ts'
import { answerWebhook } from './webhook.ts'

/** Asks a webhook that serves priorities up to `most`, with these headers; what it answered. */
async function ask(query: string, headers: Readonly<Record<string, string>>, most = Infinity) {
  const options = {
    authToken: undefined,
    mediaPath: '/media',
    refuses: (priority: number) => priority > most,
  }
  const server = createServer((request, response) => {
    answerWebhook(request, response, options).catch(() => response.writeHead(500).end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const answer = await fetch(`http://127.0.0.1:${port}/voice${query}`, { headers })
  const verbs = readTwiml(await answer.text())
  server.close()
  return { status: answer.status, host: `127.0.0.1:${port}`, verbs: typeof verbs === 'string' ? [] : verbs }
}

test.each([
  ['no proxy', {}, (host: string) => `ws://${host}/media`],
  [
    'a proxy that ends TLS',
    { 'x-forwarded-host': 'agent.example', 'x-forwarded-proto': 'https' },
    () => 'wss://agent.example/media',
  ],
  ['a host that is none', { 'x-forwarded-host': 'no host at all' }, () => 'ws://no host at all/media'],
])('the call is streamed with its priority: %s', async (_, headers, urlAt) => {
  const { status, host, verbs } = await ask('?priority=2', headers)
  expect(status).toBe(200)
  expect(streamOf(verbs[0]!)).toEqual({ url: urlAt(host), parameters: { priority: '2' } })
})

test('a call for which there is no place is rejected as busy', async () => {
  const { verbs } = await ask('?priority=2', {}, 1)
  expect(verbs).toMatchObject([{ name: 'Reject', attributes: { reason: 'busy' } }])
})
