import { afterEach, expect, test } from 'vitest'
import { type Provider, startProvider } from '../src/provider/start-provider.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'

let provider: Provider | undefined
afterEach(async () => {
  await provider?.close()
  provider = undefined
})

async function start(quota: string, model = ''): Promise<string> {
  const { workload } = parseWorkload(
    `model: { id: m, output: 200, ttft: 5ms, perToken: 1ms, ${model} quota: { like: ${quota} } }`,
  )
  provider = await startProvider(workload!, { host: '127.0.0.1', port: 0, seed: 1, speed: 1, runId: 'q' })
  return provider.url
}

const ask = (url: string): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'hello there' }] }),
  })

test('a gateway of one slot refuses the second call at once, and takes the next after the first', async () => {
  const url = await start('vllm, slots: 1, queue: 0, retryAfter: 250ms')
  const first = await ask(url)
  const second = await ask(url)
  expect([first.status, second.status, second.headers.get('retry-after-ms')]).toEqual([200, 429, '250'])
  expect(await first.text()).toContain('[DONE]')
  expect((await ask(url)).status).toBe(200)
})

test('mantle ends an answer in the middle when the output of the minute is used up', async () => {
  const url = await start('bedrock-mantle, itpm: 500M, otpm: 10, expectedOutput: 100')
  const answer = await ask(url)
  const text = await answer.text()
  expect([answer.status, text.includes('[DONE]')]).toEqual([200, false])
  expect(text).toContain('the output tokens of this minute are used up')
})

test('what spills over is served; what is refused names the tokens that ran out', async () => {
  const tiny = 'vertex-gsu, gsu: 1, perUnit: 1, outputWeight: 1'
  expect((await ask(await start(tiny))).status).toBe(200)
  await provider!.close()
  const refused = await ask(await start(`${tiny}, overLimit: reject`))
  const body = (await refused.json()) as { error: { type: string; message: string } }
  expect([refused.status, body.error.type]).toEqual([429, 'tokens'])
  expect(body.error.message).toContain('can never be admitted')
})
