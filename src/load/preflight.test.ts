// A patience says what happens `then`, which the linter takes for a promise.
// oxlint-disable unicorn/no-thenable
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { type FakeProvider, startFakeProvider } from '../../test/fake-provider.ts'
import { type Answer, type FaultyServer, answerWell, startFaultyServer } from '../../test/faulty-server.ts'
import { loadWorkload } from '../../test/load-world.ts'
import { constant } from '../stats/distributions.ts'
import type { Workload } from '../workload/workload.ts'
import { type PreflightOptions, type PreflightReport, preflight } from './preflight.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

interface Tried {
  readonly report: PreflightReport
  readonly agent: FaultyServer
  readonly provider: FakeProvider
}

async function tryOne(
  answer: (provider: FakeProvider) => Answer,
  workload: Workload = loadWorkload(),
  changes: Partial<PreflightOptions> = {},
  prepare?: (provider: FakeProvider) => void,
): Promise<Tried> {
  const provider = await startFakeProvider(workload.hash)
  prepare?.(provider)
  const agent = await startFaultyServer('sessions', answer(provider))
  cleanups.push(
    () => provider.close(),
    () => agent.close(),
  )
  const options: PreflightOptions = {
    target: agent.url,
    driver: 'sessions',
    speed: 1,
    seed: 1,
    runId: 'run-1',
    marker: 'suffix',
    providerAdminUrl: provider.url,
    ...changes,
  }
  return { report: await preflight(workload, options, new AbortController().signal), agent, provider }
}

const withCalls =
  (...calls: Parameters<FakeProvider['saw']>[0][]) =>
  (provider: FakeProvider): Answer =>
  (response, request, dialect) => {
    for (const call of calls) provider.saw(call)
    answerWell(response, request, dialect)
  }

const codes = (report: PreflightReport): string[] => report.problems.map(({ code }) => code)

test('a turn that works, from both sides and in order', async () => {
  const tools = [
    { name: 'orders', latency: constant(1), capacity: 1, failure: 0, fanOut: constant(1), arguments: {} },
  ]
  const workload = loadWorkload({ tools }, { tools: [0], depth: constant(2) })
  const { report, agent } = await tryOne(
    withCalls(
      { depth: 2 },
      { kind: 'tool', depth: 2, joinedBy: 'id' },
      { step: 2, depth: 2, joinedBy: 'id' },
    ),
    workload,
    {},
    (provider) => {
      provider.stats = {
        ...provider.stats,
        unlistedTools: { delete_account: 2, refund: 2 },
        toolCallsByName: { orders: 1, refund: 1 },
      }
    },
  )
  expect(report.problems).toEqual([])
  expect(report.ok).toBe(true)
  const said = report.steps.map(({ what }) => what.replace(/\d+ ms/, '# ms'))
  expect(said).toEqual([
    'message sent to the agent',
    'model call to model, step 1 of 2: 100 tokens in, 5 out, # ms (matched to the turn by traceparent)',
    'tool orders called after step 1, # ms (matched to the turn by the id of a tool call)',
    'model call to model, step 2 of 2: 100 tokens in, 5 out, # ms (matched to the turn by the id of a tool call)',
    'first text of the answer',
    'the answer is complete with status 200',
    'refund called, which no scenario names: it looks like the form of an answer, as the only tool of a request that demands one, or by its name',
    'the agent also declares delete_account: no scenario names them, so they are never called',
  ])
  const times = report.steps.map(({ atMs }) => atMs)
  expect(times).toEqual([...times].sort((a, b) => a - b))
  expect(agent.requests.map(({ method }) => method)).toEqual(['POST', 'POST', 'DELETE'])
})

test('an agent that talks to the real model is found out, and nothing more is sent', async () => {
  const { report, agent, provider } = await tryOne(withCalls())
  expect(report.ok).toBe(false)
  expect(report.problems).toEqual([
    {
      severity: 'error',
      code: 'agent_not_on_provider',
      message: expect.stringContaining('your agent is still talking to the real model'),
      hint: expect.stringContaining(`OPENAI_BASE_URL=${provider.url}/v1`),
    },
  ])
  expect(agent.requests.filter(({ path }) => path.endsWith('/messages'))).toHaveLength(1)
})

test.each<[string, Answer, string]>([
  ['500', (response) => response.writeHead(500).end('{}'), 'target_http_5xx'],
  [
    'HTML',
    (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    'target_protocol',
  ],
  ['401', (response) => response.writeHead(401).end(), 'target_unauthorised'],
  ['404', (response) => response.writeHead(404).end(), 'target_http_4xx'],
  ['429', (response) => response.writeHead(429).end(), 'target_rate_limited'],
  ['nothing', () => {}, 'target_timeout'],
])('a target that answers %s', async (_, answer, code) => {
  const turnTimeoutMs = code === 'target_timeout' ? 50 : 20_000
  const { report } = await tryOne(() => answer, loadWorkload(), { turnTimeoutMs })
  expect(report.ok).toBe(false)
  expect(codes(report)).toEqual([code])
  expect(report.problems[0]!.hint).not.toBe('')
})

test('a target that refuses connections', async () => {
  const { report } = await tryOne(withCalls(), loadWorkload(), { target: 'http://127.0.0.1:9' })
  expect(codes(report)).toEqual(['target_unreachable'])
})

test('nothing is sent to another machine that was not allowed', async () => {
  const { report, agent, provider } = await tryOne(withCalls(), loadWorkload(), {
    target: 'http://192.0.2.1:4000',
  })
  expect(report).toMatchObject({ ok: false, steps: [] })
  expect(codes(report)).toEqual(['target_not_allowed'])
  expect(report.problems[0]!.hint).toContain('--allow-target 192.0.2.1')
  expect([...agent.requests, ...provider.asked]).toEqual([])
})

test('nothing is sent to the agent when the provider is missing or plays something else', async () => {
  const missing = await tryOne(withCalls(), loadWorkload(), { providerAdminUrl: 'http://127.0.0.1:9' })
  expect(codes(missing.report)).toEqual(['provider_unreachable'])
  const faster = await tryOne(withCalls(), loadWorkload(), { speed: 10 })
  expect(codes(faster.report)).toEqual(['provider_mismatch'])
  expect([...missing.agent.requests, ...faster.agent.requests]).toEqual([])
})

test('a provider that wants its admin token is there, and says so', async () => {
  const closed = createServer((_, response) => response.writeHead(401).end('{}')).listen(0, '127.0.0.1')
  onTestFinished(() => void closed.close())
  await once(closed, 'listening')
  const { port } = closed.address() as AddressInfo
  const { report, agent } = await tryOne(withCalls(), loadWorkload(), {
    providerAdminUrl: `http://127.0.0.1:${port}`,
  })
  expect(codes(report)).toEqual(['provider_token'])
  expect(report.problems[0]!.hint).toContain('PLIMSOLL_ADMIN_TOKEN')
  expect(agent.requests).toEqual([])
})

test('what spoils a test without forbidding it is a warning', async () => {
  const { report } = await tryOne(
    withCalls({ depth: 3, joinedBy: 'none' }),
    loadWorkload({}, { depth: constant(3) }),
  )
  expect(report.ok).toBe(true)
  expect(report.problems.map(({ severity, code }) => [severity, code])).toEqual([
    ['warning', 'not_joined'],
    ['warning', 'depth_cut'],
  ])
})

test.each<[string, Parameters<FakeProvider['saw']>[0][], string[]]>([
  ['an answer in a form where a loop was meant', [{ step: 0, depth: 3 }], ['depth_cut']],
  [
    'a router and sub-agents, and the whole loop',
    [{ step: 0, depth: 2 }, { depth: 2 }, { step: 0, depth: 5 }, { step: 2, depth: 2 }],
    [],
  ],
  ['a sub-agent, and a loop cut short', [{ depth: 2 }, { step: 0, depth: 1 }], ['depth_cut']],
])('the loop is told from what stands beside it: %s', async (_, calls, expected) => {
  const { report } = await tryOne(withCalls(...calls), loadWorkload({}, { depth: constant(3) }))
  expect(codes(report)).toEqual(expected)
  const said = report.steps.filter(({ what }) => what.includes('beside the loop')).length
  expect(said).toBe(calls.filter(({ step }) => step === 0).length)
})

test('the answer must be what the scenario expects', async () => {
  const { report } = await tryOne(withCalls({}), loadWorkload({}, { expect: { contains: 'refund' } }))
  expect(codes(report)).toEqual(['answer_unexpected'])
})

test('users who are impatient do not hurry a preflight', async () => {
  const impatient = loadWorkload({
    users: { think: constant(1), peak: {}, patience: { of: 'turn', after: constant(1), then: 'leave' } },
  })
  const slow =
    (provider: FakeProvider): Answer =>
    (response, request, dialect) => {
      provider.saw({})
      setTimeout(() => answerWell(response, request, dialect), 20)
    }
  const { report } = await tryOne(slow, impatient)
  expect(report.ok).toBe(true)
})
