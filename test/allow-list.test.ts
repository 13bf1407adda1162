import { Pool } from 'undici'
import { expect, test } from 'vitest'
import { startProvider } from '../src/provider/start-provider.ts'
import { traceparent } from '../src/sessions/turn-key.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'

const workload = parseWorkload(`
name: allow-list
scenarios:
  - { name: faq, weight: 1, say: hello, depth: 1 }
  - { name: orders, weight: 3, say: where is my order, depth: { 1: 20%, 2: 40%, 4: 40% }, tools: [orders, stock] }
model: { output: 5, ttft: 0ms, perToken: 0ms }
tools:
  orders: { latency: 0ms, fanOut: 2 }
  stock: { latency: 0ms }
`).workload!

const declared = ['delete_account', 'orders', 'refund', 'stock'].map((name) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: { id: { type: 'string' } } } },
}))

interface Message {
  readonly tool_calls?: readonly { readonly id: string; readonly function: { readonly name: string } }[]
}

const turns = 10_000
const atOnce = 50

test(`an agent that declares delete_account sees it called zero times in ${turns} turns`, async () => {
  const provider = await startProvider(workload, {
    host: '127.0.0.1',
    port: 0,
    seed: 11,
    speed: 1,
    runId: 'allow',
  })
  const pool = new Pool(provider.url, { connections: atOnce })
  const called = new Map<string, number>()
  const depths = new Map<number, number>()

  async function oneTurn(session: number): Promise<void> {
    const messages: unknown[] = [{ role: 'user', content: 'please help' }]
    for (let step = 1; step <= 20; step++) {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: '/v1/chat/completions',
        headers: {
          'content-type': 'application/json',
          traceparent: traceparent({ run: 1, session, turn: 0 }, step),
        },
        body: JSON.stringify({ model: 'm', messages, tools: declared }),
      })
      expect(statusCode).toBe(200)
      const answer = (await body.json()) as { choices: { message: Message }[] }
      const message = answer.choices[0]!.message
      messages.push(message)
      if (!message.tool_calls?.length) {
        depths.set(step, (depths.get(step) ?? 0) + 1)
        return
      }
      for (const call of message.tool_calls) {
        called.set(call.function.name, (called.get(call.function.name) ?? 0) + 1)
        messages.push({ role: 'tool', tool_call_id: call.id, content: 'done' })
      }
    }
    throw new Error('the loop did not end')
  }

  try {
    let next = 0
    const worker = async (): Promise<void> => {
      while (next < turns) await oneTurn(next++)
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
  } finally {
    await pool.destroy()
    await provider.close()
  }

  expect([...called.keys()].sort()).toEqual(['orders', 'stock'])
  // Intended: depth 1 for a quarter and for 20 % of the rest, then 2 and 4. Chi-square with 2 degrees of freedom
  // exceeds 13.8 once in a thousand; the seed is fixed.
  const intended = new Map([
    [1, 0.4],
    [2, 0.3],
    [4, 0.3],
  ])
  expect([...depths.keys()].sort((a, b) => a - b)).toEqual([1, 2, 4])
  const chiSquare = [...intended].reduce(
    (sum, [depth, share]) => sum + (depths.get(depth)! - share * turns) ** 2 / (share * turns),
    0,
  )
  expect(chiSquare).toBeLessThan(13.8)
})

test('a tool that only another scenario names is not called, also where a request offers no other or demands it', async () => {
  const { workload: two } = parseWorkload(`
scenarios:
  - { name: look, depth: 3, tools: [orders] }
  - { name: pay back, weight: 0, depth: 3, tools: [refund] }
model: { output: 5, ttft: 0ms, perToken: 0ms }
tools: { orders: { latency: 0ms }, refund: { latency: 0ms } }
`)
  const provider = await startProvider(two!, { seed: 1, runId: 'allow' })
  const [refund, orders] = ['refund', 'orders'].map((name) => ({ type: 'function', function: { name } }))
  const ask = async (tools: unknown, choice: unknown = 'auto') => {
    const messages = [{ role: 'user', content: 'please help' }]
    const body = JSON.stringify({ model: 'm', messages, tools, tool_choice: choice })
    const answer = await fetch(`${provider.url}/v1/chat/completions`, { method: 'POST', body })
    const { choices } = (await answer.json()) as { choices?: { message: Message }[] }
    return choices ? choices[0]!.message.tool_calls?.map((call) => call.function.name) : answer.status
  }
  try {
    expect(await ask([refund, orders])).toEqual(['orders'])
    expect(await ask([refund])).toBeUndefined()
    expect(await ask([refund], 'required')).toBe(400)
    expect(await ask([refund, orders], refund)).toBe(400)
  } finally {
    await provider.close()
  }
})
