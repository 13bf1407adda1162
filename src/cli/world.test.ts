import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import { createIo } from './io.ts'
import { openWorld } from './world.ts'

test('a provider that takes more than a second to say that it is there, as on a busy machine, is there', async () => {
  const { workload } = parseWorkload(
    'target: { url: "http://127.0.0.1:1", driver: openai }\nmodel: { output: 1 }',
  )
  const health = { name: 'plimsoll-provider', workloadHash: workload!.hash, speed: 1 }
  const provider = createServer((_, response) => {
    void after(1500).then(() => response.end(JSON.stringify(health)))
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void provider.close())
  await once(provider, 'listening')
  const target = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  const options = { file: 'any.yaml', set: [], speed: 1, seed: 1, target }
  const io = createIo({ quiet: true })
  const world = await openWorld(workload!, options, io, new AbortController().signal)
  expect(world.providerUrl).toBe(target)
  await world.close()
})
