import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { startProvider } from '../provider/start-provider.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { createIo } from './io.ts'
import { openWorld } from './world.ts'

const workload = parseWorkload(
  'target: { url: "http://127.0.0.1:1", driver: openai }\nmodel: { output: 1 }',
).workload!

/** The driver speaks to a model endpoint: whether that is a provider of ours is what is looked at. */
const worldAround = (target: string, signal = new AbortController().signal) =>
  openWorld(
    workload,
    { file: 'any.yaml', set: [], speed: 1, seed: 1, target },
    createIo({ quiet: true }),
    signal,
  )

async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a provider that takes more than a second to say that it is there, as on a busy machine, is there', async () => {
  const health = { name: 'plimsoll-provider', workloadHash: workload.hash, speed: 1 }
  const url = await listening((_, response) => {
    void after(1500).then(() => response.end(JSON.stringify(health)))
  })
  expect((await worldAround(url)).providerUrl).toBe(url)
})

test('a provider that wants its admin token is there, and says so', async () => {
  const provider = await startProvider(workload, { seed: 1, runId: 'w', adminToken: 'secret' })
  onTestFinished(() => provider.close())
  await expect(worldAround(provider.url)).rejects.toThrow(`${provider.url} takes an admin token`)
})

test.each(['null', '"up"', '{}', '{"error":null}', 'hello'])(
  'who answers %s is another server',
  async (said) => {
    const url = await listening((_, response) => response.end(said))
    expect((await worldAround(url)).providerUrl).toBeUndefined()
  },
)

test('whoever gives up is not kept waiting for one who may be a provider and says nothing', async () => {
  const stop = new AbortController()
  const url = await listening(() => stop.abort(new Error('given up')))
  await expect(worldAround(url, stop.signal)).rejects.toThrow('given up')
})
