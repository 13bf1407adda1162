// One provider of two threads: whatever decides is the same, whichever of them a call comes to.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as open } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { beginProviderThread } from '../src/cli/begin-provider-thread.ts'
import { readWorkload } from '../src/cli/read-workload.ts'
import { type Provider, startProvider } from '../src/provider/start-provider.ts'
import type { CallRecord } from '../src/result/records.ts'
import type { AdminStats } from '../src/wire/admin-api.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-workers-'))
const file = join(folder, 'workload.yaml')
let provider: Provider
beforeAll(async () => {
  writeFileSync(
    file,
    `name: threads
scenarios: [{ name: orders, depth: 3, tools: [orders] }]
model: { id: any, output: lognormal(mean 60 cv 1), ttft: 0ms, perToken: 0ms, quota: { rpm: 30 } }
tools: { orders: { latency: 1ms, capacity: 1 } }
`,
  )
  const threads = { count: 2, begin: () => beginProviderThread(file, []) }
  const workload = readWorkload(file, [], { note: () => {} })
  provider = await startProvider(workload, { seed: 3, runId: 'threads', threads })
})
afterAll(async () => {
  await provider.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  readonly requestId: string
  readonly json: Record<string, unknown>
}

/** Over a connection of its own, so that any of the threads may get it. */
function ask(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const request = open(provider.url + path, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const json = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>
        const requestId = String(response.headers['x-request-id'])
        resolve({ status: response.statusCode!, requestId, json })
      })
    })
    request.on('error', reject)
    request.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

const tools = [{ type: 'function', function: { name: 'orders', parameters: { type: 'object' } } }]
const user = (content: string) => ({ role: 'user', content })
const chat = (...messages: unknown[]) => ask('/v1/chat/completions', { model: 'any', tools, messages })
const reset = (idleMs: number) => ask('/_plimsoll/reset', { runId: 'r', seed: 3, idleMs })
/** Enough for all that a test asks. */
const hourMs = 3_600_000
/** What begins the ids that a thread gives. */
const threadOf = ({ requestId }: Answer): string => requestId.slice(0, -8)

test('a quota grants what it grants alone, and all that was asked is counted', async () => {
  await reset(hourMs)
  const from = performance.now()
  const answers = await Promise.all(Array.from({ length: 80 }, () => chat(user('hello'))))
  const seconds = (performance.now() - from) / 1000
  expect(new Set(answers.map(threadOf)).size).toBe(2)
  const granted = answers.filter(({ status }) => status === 200).length
  expect(granted).toBeGreaterThanOrEqual(30)
  expect(granted).toBeLessThanOrEqual(30 + Math.ceil(seconds / 2))
  expect(answers.filter(({ status }) => status === 429).length).toBe(80 - granted)
  const stats = (await ask('/_plimsoll/stats')).json as unknown as AdminStats
  expect(stats).toMatchObject({ calls: 80, rateLimited: 80 - granted, toolCallsByName: { orders: granted } })
  const { records } = (await ask('/_plimsoll/records?from=0')).json as { records: CallRecord[] }
  expect(records.filter(({ outcome }) => outcome === 'completed').length).toBe(granted)
  expect(records.length).toBe(80)
  await reset(0)
  expect((await chat(user('hello'))).status).toBe(429)
  expect((await ask('/_plimsoll/stats')).json).toMatchObject({ calls: 1, rateLimited: 1 })
})

test('a loop goes on wherever it comes to: each is as deep as the workload says', async () => {
  await reset(hourMs)
  for (let turn = 0; turn < 4; turn++) {
    const messages: unknown[] = [user(`turn ${turn}`)]
    let calls = 0
    for (let isOver = false; !isOver; calls++) {
      const { json } = await chat(...messages)
      const { message } = (json['choices'] as { message: { tool_calls?: { id: string }[] } }[])[0]!
      messages.push(message)
      for (const { id } of message.tool_calls ?? [])
        messages.push({ role: 'tool', tool_call_id: id, content: '1' })
      isOver = message.tool_calls === undefined
    }
    expect(calls).toBe(3)
  }
})

test('what a thread stored the others know, and a conversation that is tried again draws the same', async () => {
  await reset(hourMs)
  const first = await ask('/v1/responses', { model: 'any', input: 'hello' })
  const more = Array.from({ length: 8 }, () =>
    ask('/v1/responses', { model: 'any', input: 'and', previous_response_id: first.json['id'] }),
  )
  expect((await Promise.all(more)).map(({ status }) => status)).toEqual(more.map(() => 200))
  const path = `/v1/responses/${String(first.json['id'])}`
  const again = await Promise.all(more.map(() => ask(path)))
  expect(again.map(({ json }) => json)).toEqual(more.map(() => first.json))
  expect((await ask(path, undefined, 'DELETE')).status).toBe(200)
  const gone = await Promise.all(more.map(() => ask(path)))
  expect(gone.map(({ status }) => status)).toEqual(more.map(() => 404))

  const conversation = `/v1/conversations/${String((await ask('/v1/conversations', {})).json['id'])}`
  const listed = async (): Promise<number> => {
    const { json } = await ask(`${conversation}/items?limit=100`)
    return (json['data'] as unknown[]).length
  }
  for (let said = 0; said < 12; said += 3) {
    await ask(`${conversation}/items`, { items: [{ role: 'user', content: 'hello' }] })
    await ask('/v1/responses', { model: 'any', input: 'and', conversation: conversation.split('/')[3] })
    expect(await Promise.all(more.map(listed))).toEqual(more.map(() => said + 3))
  }

  const lengths = async (): Promise<unknown[]> => {
    await reset(hourMs)
    const seen: unknown[] = []
    for (let i = 0; i < 8; i++) seen.push((await chat(user('again'))).json['usage'])
    return seen
  }
  const drawn = await lengths()
  expect(await lengths()).toEqual(drawn)
  expect(new Set(drawn.map((usage) => JSON.stringify(usage))).size).toBeGreaterThan(4)
})

test("a WebSocket is the owner's, whose calls take from the same quota", async () => {
  await reset(0)
  const socket = new WebSocket(`${provider.url.replace('http', 'ws')}/v1/realtime?model=any`)
  onTestFinished(() => socket.close())
  const heard: { readonly type: string; readonly response?: { readonly status: string } }[] = []
  const next = async (type: string) => {
    for (;;) {
      const event = heard.find((each) => each.type === type)
      if (event) return event
      await new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }))
    }
  }
  socket.addEventListener('message', ({ data }) => heard.push(JSON.parse(String(data))))
  await next('session.created')
  socket.send(JSON.stringify({ type: 'response.create', response: { output_modalities: ['text'] } }))
  expect((await next('response.done')).response!.status).toBe('failed')
  expect((await ask('/_plimsoll/stats')).json).toMatchObject({ calls: 1, rateLimited: 1 })
})

test('a fault that is set is played by all, and tools have one queue', async () => {
  await reset(hourMs)
  await ask('/_plimsoll/faults', { faults: [{ fault: 503 }] }, 'PUT')
  const refused = await Promise.all(Array.from({ length: 10 }, () => chat(user('hello'))))
  expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 503))
  expect((await ask('/_plimsoll/faults')).json['hits']).toEqual([10])
  expect((await ask('/_plimsoll/faults', undefined, 'DELETE')).json['injected']).toEqual({ 503: 10 })
  expect((await chat(user('hello'))).status).toBe(200)
  const answered = await Promise.all(Array.from({ length: 4 }, () => ask('/tools/orders', { order: 1 })))
  expect(answered.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  const { records } = (await ask('/_plimsoll/records?from=0')).json as { records: CallRecord[] }
  expect(records.filter(({ kind }) => kind === 'tool').length).toBe(4)
})
