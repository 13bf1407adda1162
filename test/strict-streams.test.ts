// Every stream as bytes, at the pace of a model and to readers that pause: valid chunks, the events of its API in their
// order, and in the end what the same call says as one piece.
import { afterAll, expect, test } from 'vitest'
import { traceparent } from '../src/sessions/turn-key.ts'
import { type Provider, startProvider } from '../src/provider/start-provider.ts'
import type { CallRecord } from '../src/result/records.ts'
import type { AdminStats } from '../src/wire/admin-api.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { askBytes } from './strict-http.ts'
import { type Kind, type Spoken, streamedApis } from './streamed-apis.ts'

const paces = {
  'all at once': 'ttft: 0ms, perToken: 0ms',
  'by the token': 'ttft: 1ms, perToken: 0.3ms',
  'in chunks': 'ttft: 1ms, perToken: 1ms, tokensPerChunk: { 1: 50%, 4: 50% }',
  'by an engine': 'engine: { step: 1ms, decode: 0.1ms, slots: 64 }, tokensPerChunk: 2',
  'late and then all at once': 'ttft: 1ms, perToken: 0.3ms',
} as const

const kinds: readonly Kind[] = [
  { name: 'text', tools: [] },
  { name: 'one token', tools: [], maxTokens: 1 },
  { name: 'cut text', tools: [], maxTokens: 3 },
  { name: 'a call', tools: ['stock'] },
  { name: 'parallel calls', tools: ['orders'] },
  { name: 'thinking', tools: [], thinks: true },
]

const open: Provider[] = []
afterAll(async () => {
  for (const provider of open) await provider.close()
})

async function start(name: keyof typeof paces): Promise<Provider> {
  const faults = name.startsWith('late') ? 'faults: [{ fault: slowFirstByte, for: 8ms }]' : ''
  const { workload, problems } = parseWorkload(`
scenarios: [{ name: a, depth: 2, tools: [orders, stock] }]
model: { id: gpt-4.1, output: { 1: 30%, 7: 30%, 40: 40% }, cached: 50%, ${paces[name]} }
tools: { orders: { fanOut: 3, arguments: { order: [1001, 1002] } }, stock: { latency: 1ms } }
${faults}
`)
  expect(problems).toEqual([])
  const provider = await startProvider(workload!, { seed: 11, runId: 'strict' })
  open.push(provider)
  return provider
}

const got = async <T>({ url }: Provider, path: string): Promise<T> =>
  (await (await fetch(`${url}/_plimsoll/${path}`)).json()) as T

test.each(Object.keys(paces) as (keyof typeof paces)[])('streams %s', async (name) => {
  const provider = await start(name)
  let session = 0
  const told = new Map<number, Spoken>()
  const both = async (api: (typeof streamedApis)[number], kind: Kind): Promise<void> => {
    const at = session++
    const ask = (stream: boolean) =>
      askBytes(provider.port, {
        path: api.path(stream),
        headers: { ...api.headers, traceparent: traceparent({ run: 1, session: at, turn: 0 }) },
        body: JSON.stringify(api.body(kind, stream)),
        pauseMs: stream && at % 3 === 0 ? 10 : 0,
      })
    const [streamed, whole] = await Promise.all([ask(true), ask(false)])
    const where = `${api.name}, ${kind.name}`
    expect(streamed.head, where).toMatch(/^HTTP\/1\.1 200 /)
    const said = api.streamed(streamed.body)
    expect(said, where).toEqual(api.whole(whole.body.toString()))
    told.set(at, said)
  }
  await Promise.all(
    streamedApis.map(async (api) => {
      for (const kind of kinds) if (!kind.thinks || api.thinks) await both(api, kind)
    }),
  )
  const { records } = await got<{ records: CallRecord[] }>(provider, 'records?from=0')
  expect(records.length).toBe(2 * told.size)
  for (const { session, outcome, inputTokens, outputTokens } of records)
    expect({ outcome, inputTokens, outputTokens }).toEqual({
      outcome: 'completed',
      ...told.get(session)!.usage,
    })
  expect((await got<AdminStats>(provider, 'stats')).inFlight).toBe(0)
})
