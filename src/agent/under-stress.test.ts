import { expect, test } from 'vitest'
import type { MessageOut } from '../wire/session-api.ts'
import { read } from '../workload/fixture-read.ts'
import { Admission } from './admission.ts'
import { errorOf, world } from './fixture-agent.ts'

const workloadOf = (agent: string, fallback: string) =>
  read(`
users: { think: 1s }
scenarios: [{ say: hello, model: main, depth: 2, tools: [lookup] }]
agent: { workers: 1, concurrency: 4, ${agent} }
models:
  main: { id: main, output: 8, ${fallback} }
  backup: { id: backup, output: 8 }
tools: { lookup: { latency: 1ms, arguments: { word: [a, b] } } }
`)

const modelOf = (body: unknown): string => (body as { model: string }).model

test.each([
  ['refused', ['main', 'main', 'backup']],
  ['overQuota', ['main', 'backup']],
])('a call that main refuses goes to backup, when: %s', async (when, expected) => {
  const asked: string[] = []
  const { open, post } = await world(
    ({ body, response, say }) => {
      asked.push(modelOf(body))
      if (asked.at(-1) === 'backup') return say('here')
      response.writeHead(429, { 'retry-after-ms': '1' })
      response.end('{"error":{"message":"too many"}}')
    },
    '',
    workloadOf('retries: { attempts: 1, backoff: 20ms }', `fallback: { to: backup, when: ${when} }`),
  )
  const answer = (await (await post(await open(), 'hello')).json()) as MessageOut
  expect(answer.content).toBe('here')
  expect(asked).toEqual(expected)
})

test('a breaker that is open fails the turn at once, without asking the model', async () => {
  let calls = 0
  const { open, post } = await world(
    ({ response }) => {
      calls++
      response.writeHead(500)
      response.end('{}')
    },
    '',
    workloadOf('breakers: { failures: 100%, calls: 2, openFor: 1h }', ''),
  )
  const id = await open()
  for (let turn = 0; turn < 2; turn++) expect((await post(id, 'hello')).status).toBe(502)
  const refused = await post(id, 'hello')
  expect((await errorOf(refused)).message).toContain('breaker')
  expect(calls).toBe(2)
})

test('a model call that takes too long is cut and tried again; after the last try the turn is a timeout', async () => {
  let cut = 0
  const { open, post } = await world(
    ({ request }) => void request.socket.on('close', () => cut++),
    '',
    // The fixture runs at 20 times the speed: half a second of the machine's clock, in which a call arrives.
    workloadOf('limits: { call: 10s }, retries: { attempts: 1, backoff: 20ms }', ''),
  )
  const response = await post(await open(), 'hello')
  expect(response.status).toBe(504)
  expect(await errorOf(response)).toMatchObject({ code: 'timeout', message: 'the model took too long' })
  await expect.poll(() => cut).toBe(2)
})

test('urgent turns go first, and the lowest makes room for them', () => {
  const started: number[] = []
  const displaced: number[] = []
  const line: Admission = new Admission(
    {
      workers: 1,
      concurrency: 1,
      queue: 2,
      perSession: 1,
      rule: { order: 'priority', shed: 'lowest' },
    },
    (turn) => void started.push(turn),
    (turn) => {
      displaced.push(turn)
      line.leave(turn)
    },
  )
  const arrive = (turn: number, priority: number) => line.arrive(turn, `session ${turn}`, priority)
  expect([arrive(0, 0), arrive(1, 0), arrive(2, 1), arrive(3, 1), arrive(4, 0)]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    'overloaded',
  ])
  for (let turn = 0; turn < 4; turn++) line.leave(turn)
  expect({ started, displaced }).toEqual({ started: [0, 2, 3], displaced: [1] })
})
