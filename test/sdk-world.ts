// For tests with official clients: a provider on loopback that goes away after each test.
import { afterEach, expect } from 'vitest'
import { type Provider, startProvider } from '../src/provider/start-provider.ts'
import type { CallRecord } from '../src/result/records.ts'
import { traceparent } from '../src/sessions/turn-key.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { emptyQuotas } from './empty-quotas.ts'

const providers: Provider[] = []
afterEach(async () => {
  for (const provider of providers.splice(0)) await provider.close()
})

export interface World {
  readonly depth?: string
  readonly quota?: string
  readonly speed?: number
  readonly model?: string
  readonly perToken?: string
  readonly output?: number
  readonly faults?: string
}

export async function startWorld(world: World = {}): Promise<Provider> {
  const { depth = '1', quota, speed = 1, model = 'any', perToken = '1ms', output = 30, faults } = world
  const { workload, problems } = parseWorkload(`
name: official client
scenarios: [{ name: orders, say: where is my order, depth: ${depth}, tools: [orders, stock] }]
model: { id: ${model}, output: ${output}, ttft: 0ms, perToken: ${perToken}, cached: 50%, tokensPerChunk: 4, input: { system: 10 }${quota ? `, quota: ${quota}` : ''} }
tools: { orders: { latency: 1ms, fanOut: 2, arguments: { order: [1001, 1002] } }, stock: { latency: 1ms } }
${faults ? `faults: ${faults}` : ''}
`)
  if (!workload) throw new Error(JSON.stringify(problems))
  const provider = await startProvider(workload, { seed: 3, speed, runId: 'sdk' })
  providers.push(provider)
  if (quota) await emptyQuotas(provider.url)
  return provider
}

/** What the provider wrote down. */
export async function recordsOf({ url }: Provider): Promise<CallRecord[]> {
  const answer = await fetch(`${url}/_plimsoll/records?from=0`)
  return ((await answer.json()) as { records: CallRecord[] }).records
}

/** The schema of `orders`, as an agent declares it. */
export const orderSchema = {
  type: 'object' as const,
  properties: { order: { type: 'integer' }, detail: { type: 'string', enum: ['short', 'long'] } },
  required: ['order', 'detail'],
}

export const validOrder = {
  order: expect.toBeOneOf([1001, 1002]) as unknown,
  detail: expect.toBeOneOf(['short', 'long']) as unknown,
}

const intended = new Map([
  [1, 0.6],
  [2, 0.3],
  [4, 0.1],
])
/** The depth of the world in which `expectIntendedDepths` plays. */
export const mixedDepth = '{ 1: 60%, 2: 30%, 4: 10% }'
const atOnce = 8

/**
 * Plays so many turns, each to its final answer, and compares how many model calls they took with what the workload
 * says. Chi-square with 2 degrees of freedom exceeds 13.8 once in a thousand seeds; this one is fixed.
 */
export async function expectIntendedDepths(
  playTurn: (headers: { traceparent: string }, turn: number) => Promise<number>,
  turns = 1_000,
): Promise<void> {
  const depths = new Map<number, number>()
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < turns) {
      const session = next++
      const calls = await playTurn({ traceparent: traceparent({ run: 1, session, turn: 0 }) }, session)
      depths.set(calls, (depths.get(calls) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  expect([...depths.keys()].sort((a, b) => a - b)).toEqual([...intended.keys()])
  const chiSquare = [...intended].reduce(
    (sum, [depth, share]) => sum + (depths.get(depth)! - share * turns) ** 2 / (share * turns),
    0,
  )
  expect(chiSquare).toBeLessThan(13.8)
}
