import { afterEach, expect, test } from 'vitest'
import { runLoad } from '../src/load/run-load.ts'
import { startProvider } from '../src/provider/start-provider.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { startFaultyServer } from './faulty-server.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

interface Message {
  readonly role: string
  readonly content: string
}

/** What an agent sends to its model: `memory` is what it knows of the session, `all` what it was ever told. */
type Remember = (memory: readonly Message[], all: readonly Message[]) => readonly Message[]

/** Users of five turns before an agent that remembers so, and a simulated model behind it. */
async function load(remember: Remember, history: string) {
  const { workload } = parseWorkload(`users: { think: 200ms, turns: 5 }
scenarios: [{ name: faq, say: Hi }]
model: { output: 5, ttft: 10ms, perToken: 1ms, input: { history: ${history} } }
`)
  const provider = await startProvider(workload!, { port: 0, seed: 1, speed: 10, runId: 'canaries' })
  cleanups.push(() => provider.close())
  const memories = new Map<string, Message[]>()
  const all: Message[] = []
  const agent = await startFaultyServer('sessions', (response, request) => {
    const path = request.url!
    const memory = memories.get(path) ?? []
    memories.set(path, memory)
    const { content } = JSON.parse(agent.requests.findLast((each) => each.path === path)!.body) as Message
    const asked = { role: 'user', content }
    const messages = [...remember(memory, all), asked]
    void fetch(`${provider.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'model', messages }),
    })
      .then((answer) => answer.json() as Promise<{ choices: { message: Message }[] }>)
      .then(({ choices }) => {
        const said = [asked, choices[0]!.message]
        memory.push(...said)
        all.push(...said)
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end('event: token\ndata: {"text":"hi","tokens":1}\n\nevent: done\ndata: {}\n\n')
      })
  })
  cleanups.push(() => agent.close())
  const { summary, faults } = await runLoad(
    workload!,
    {
      target: agent.url,
      driver: 'sessions',
      level: { users: 3 },
      warmupMs: 0,
      measuredMs: 3_600_000,
      seed: 1,
      speed: 10,
      runId: 'canaries',
      providerAdminUrl: provider.url,
      marker: 'suffix',
      maxTurns: 30,
    },
    new AbortController().signal,
  )
  const { turns, crossSession, lostHistory } = summary.canaries!
  // Each user's last turn may still be under way when the last one is sent.
  expect(turns).toBeGreaterThanOrEqual(27)
  expect(summary.errors!.byKind['cross_session'] ?? 0).toBe(crossSession)
  expect(summary.errors!.byKind['lost_history'] ?? 0).toBe(lostHistory)
  return { turns, crossSession, lostHistory, faults: faults.map(({ message }) => message) }
}

test.each<[string, Remember, string]>([
  ['an agent that keeps all', (memory) => memory, 'all'],
  ['a window of ten messages', (memory) => memory.slice(-10), 'window(10)'],
  ['a window of four that the file does not know', (memory) => memory.slice(-4), 'all'],
  ['an agent without a history', () => [], 'none'],
])('%s is right', async (_, remember, history) => {
  expect(await load(remember, history)).toMatchObject({ crossSession: 0, lostHistory: 0, faults: [] })
})

test('a history that all sessions share is a leak', async () => {
  const { turns, crossSession, faults } = await load((_, all) => all.slice(-6), 'all')
  expect(crossSession).toBeGreaterThan(turns / 2)
  expect(faults[0]).toMatch(/^cross_session: a model call of session \d+ held words of session \d+$/)
})

test('an agent that forgets every third answer has lost its history', async () => {
  const { turns, crossSession, lostHistory, faults } = await load(
    (memory) => (memory.length % 6 === 4 ? [] : memory),
    'all',
  )
  expect(crossSession).toBe(0)
  expect(lostHistory).toBeGreaterThan(0)
  expect(lostHistory).toBeLessThan(turns / 2)
  expect(faults).toEqual([
    expect.stringMatching(/^lost_history: the model calls of session \d+, turn 2 lacked turn 1$/),
  ])
})
