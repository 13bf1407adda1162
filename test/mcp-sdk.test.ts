import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterEach, expect, test } from 'vitest'
import { textMarker } from '../src/sessions/turn-key.ts'
import { recordsOf, startWorld, type World } from './sdk-world.ts'

const clients: Client[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
})

async function connected(transport: Parameters<Client['connect']>[0]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  clients.push(client)
  await client.connect(transport)
  return client
}

/** The official client, over streamable HTTP. */
async function world(options: World = {}) {
  const provider = await startWorld(options)
  const client = await connected(new StreamableHTTPClientTransport(new URL(`${provider.url}/mcp`)))
  return { provider, client }
}

const orders = { name: 'orders', arguments: { order: 1001 } }

test('the tools of the workload, with what they take and give', async () => {
  const { client } = await world()
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toEqual(['orders', 'stock'])
  expect(tools[0]!.inputSchema).toMatchObject({
    type: 'object',
    properties: { order: { type: 'integer' } },
    required: ['order'],
  })
  expect(tools[0]!.outputSchema).toMatchObject({ properties: { result: { type: 'string' } } })
})

test('a call is answered as declared, and is a record that joins its turn', async () => {
  const { client, provider } = await world()
  const said = textMarker({ run: 1, session: 7, turn: 2 })
  const answer = await client.callTool({ name: 'orders', arguments: { order: 1001, note: said } })
  expect(answer.isError).not.toBe(true)
  expect(answer.structuredContent).toEqual({ result: expect.any(String) as unknown })
  expect(await recordsOf(provider)).toMatchObject([
    { kind: 'tool', service: 0, session: 7, turn: 2, step: 0, joinedBy: 'text', outcome: 'completed' },
  ])
})

test('arguments that a model of ours wrote name the step that asked, too', async () => {
  const { client, provider } = await world()
  const turn = { run: 1, session: 7, turn: 2 }
  for (const asked of [
    { step: 3, index: 1, tool: 0 },
    { step: 2, index: 0, tool: 0, lane: 99 },
  ])
    await client.callTool({
      name: 'orders',
      arguments: { order: 1001, note: textMarker({ ...turn, asked }) },
    })
  expect(await recordsOf(provider)).toMatchObject([
    { session: 7, turn: 2, step: 3, joinedBy: 'text' },
    // Of a sub-agent.
    { session: 7, turn: 2, step: 0, joinedBy: 'text' },
  ])
})

test('a trace joins too', async () => {
  const { client, provider } = await world()
  const traceparent = '00-706c696d00000001000000090000000300000000'.slice(0, 35) + '-0000000000000001-01'
  await client.callTool({ ...orders, _meta: { traceparent } })
  expect(await recordsOf(provider)).toMatchObject([{ session: 9, turn: 3, joinedBy: 'trace' }])
})

test('arguments that do not fit and tools that do not exist are refused', async () => {
  const { client, provider } = await world()
  const bad = await client
    .callTool({ name: 'orders', arguments: { order: 'many' } })
    .catch((error: unknown) => error)
  expect(bad).toSatisfy((told) => told instanceof Error || (told as { isError?: boolean }).isError === true)
  await expect(client.callTool({ name: 'refund', arguments: {} })).rejects.toThrow(/refund/)
  expect(await recordsOf(provider)).toEqual([])
})

test.each([
  ['[{ fault: 503, on: orders }]', 'rejected'],
  ['[{ fault: timeout, on: orders, for: 10ms }]', 'failed'],
])('%s: the result is an error that the model may read', async (faults, outcome) => {
  const { client, provider } = await world({ faults })
  const answer = await client.callTool(orders)
  expect(answer.isError).toBe(true)
  expect(await recordsOf(provider)).toMatchObject([{ outcome, fault: /fault: (\w+)/.exec(faults)![1] }])
})

test.each(['cut', 'malformed', 'wrongLength'])('%s is a result that is an error', async (fault) => {
  const { client, provider } = await world({ faults: `[{ fault: ${fault}, on: orders }]` })
  expect((await client.callTool(orders)).isError).toBe(true)
  expect(await recordsOf(provider)).toMatchObject([{ outcome: 'failed', fault }])
})

test('whoever leaves frees his place', async () => {
  const { client, provider } = await world({ faults: '[{ fault: stall, on: stock }]' })
  const waiting = client.callTool({ name: 'stock', arguments: {} }).catch(() => 'left')
  const inFlight = async (): Promise<unknown> =>
    ((await (await fetch(`${provider.url}/_plimsoll/stats`)).json()) as { inFlight: number }).inFlight
  await expect.poll(inFlight).toBe(1)
  await client.close()
  expect(await waiting).toBe('left')
  await expect.poll(inFlight).toBe(0)
  expect(await recordsOf(provider)).toMatchObject([{ outcome: 'abandoned', fault: 'stall' }])
})

test('another page of a browser is no client', async () => {
  const { provider } = await world()
  const ask = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${provider.url}/mcp`, { method: 'POST', headers, body: '{}' })
  expect((await ask({ origin: 'https://evil.example' })).status).toBe(403)
})

test('over stdio, as a child that ends with its client', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-mcp-'))
  const file = join(folder, 'tools.yaml')
  writeFileSync(
    file,
    'scenarios: [{ name: a, depth: 2, tools: [orders], input: { toolResult: 20 } }]\ntools: { orders: { latency: 1ms, arguments: { order: [7] } } }\n',
  )
  const command = fileURLToPath(new URL('../bin/plimsoll.js', import.meta.url))
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [command, 'provider', file, '--mcp-stdio'],
    stderr: 'pipe',
  })
  const client = await connected(transport)
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['orders'])
  const { content } = await client.callTool({ name: 'orders', arguments: { order: 7 } })
  expect(content[0]).toMatchObject({ type: 'text', text: expect.stringMatching(/^.{80}$/) as unknown })
  rmSync(folder, { recursive: true })
})
