import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { Agent } from 'undici'
import { askWebhook } from './ask-webhook.ts'

test('TwiML that comes in pieces is read whole, also where a letter is cut in two', async () => {
  const twiml = Buffer.from('<Response><Say>Grüße</Say><Redirect>/süd</Redirect></Response>')
  const within = twiml.indexOf('ü') + 1
  const server = createServer((_, response) => {
    response.write(twiml.subarray(0, within))
    // Long enough for the first piece to be read by itself; sooner, the test says nothing.
    setTimeout(() => response.end(twiml.subarray(within)), 50)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/voice`
  const agent = new Agent()
  const { signal } = new AbortController()
  const answer = await askWebhook(
    { url, method: 'POST' },
    { agent, form: {}, headers: {}, isAllowed: () => true, signal },
  )
  expect(answer).toMatchObject({ verbs: [{ text: 'Grüße' }, { text: '/süd' }] })
  await agent.close()
  server.close()
})
