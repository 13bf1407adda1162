import { afterEach, expect, test } from 'vitest'
import { type FakeProvider, startFakeProvider } from '../../test/fake-provider.ts'
import { type Answer, answerWell, startFaultyServer } from '../../test/faulty-server.ts'
import { loadWorkload } from '../../test/load-world.ts'
import { monotonicMs } from '../clock/now.ts'
import type { CallRecord, TurnRecord } from '../result/records.ts'
import { turnOfText } from '../sessions/turn-key.ts'
import { type LoadOptions, type LoadProgress, type LoadResult, runLoad } from './run-load.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

const speed = 20

async function setUp(answer: (provider: FakeProvider) => Answer, changes: Partial<LoadOptions> = {}) {
  const workload = loadWorkload()
  const provider = await startFakeProvider(workload.hash, speed)
  const agent = await startFaultyServer('sessions', answer(provider))
  cleanups.push(
    () => provider.close(),
    () => agent.close(),
  )
  const turns: TurnRecord[] = []
  const calls: CallRecord[] = []
  const options = {
    target: agent.url,
    driver: 'sessions',
    level: { users: 5 },
    warmupMs: 1000,
    measuredMs: 5000,
    seed: 1,
    speed,
    runId: 'run-1',
    providerAdminUrl: provider.url,
    marker: 'suffix',
    sink: (record) => {
      if (record.kind === 'turn') turns.push({ ...record })
      else if ('service' in record) calls.push({ ...record })
    },
    ...changes,
  } as LoadOptions
  return {
    workload,
    provider,
    agent,
    turns,
    calls,
    options,
    run: (signal = new AbortController().signal) => runLoad(workload, options, signal),
  }
}

/** Answers and leaves behind the call of its turn. */
const withCall =
  (provider: FakeProvider): Answer =>
  (response, request, dialect) => {
    const trace = request.headers['traceparent'] as string
    const atMs = monotonicMs()
    provider.saw({
      session: parseInt(trace.slice(19, 27), 16),
      turn: parseInt(trace.slice(27, 35), 16),
      sentAtMs: atMs,
      firstTokenAtMs: atMs,
      endedAtMs: atMs,
    })
    answerWell(response, request, dialect)
  }

function expectClosed({ turns }: LoadResult): void {
  const { started, completed, failed, abandoned, rejected, cut, inFlight } = turns
  expect(started).toBe(completed + failed + abandoned + rejected + cut)
  expect(inFlight).toBe(0)
}

test('calls of no driven turn are counted apart, and the others balance', async () => {
  const world = await setUp((provider) => (response, request, dialect) => {
    withCall(provider)(response, request, dialect)
    provider.saw({ session: -1, turn: -1, joinedBy: 'none' })
    provider.saw({ session: 70_000, turn: 3, kind: 'tool', joinedBy: 'id' })
  })
  const { summary } = await world.run()
  const { modelCalls, toolCalls, lost } = summary.unjoined!
  expect(modelCalls).toBeGreaterThan(0)
  expect(toolCalls).toBe(modelCalls)
  expect(lost).toBe(0)
  expect(summary.joined!.none).toBe(modelCalls)
})

test('every turn is sent, answered, recorded and joined with its call', async () => {
  const world = await setUp(withCall)
  const result = await world.run()
  expectClosed(result)
  expect(result.interrupted).toBe(false)
  expect(result.faults).toEqual([])
  expect(world.turns).toHaveLength(result.turns.started)
  expect(result.turns.completed).toBeGreaterThan(10)
  const messages = world.agent.requests.filter(({ path }) => path.endsWith('/messages'))
  const named = messages.map(({ body }) => turnOfText(body)!).map(({ session, turn }) => `${session}/${turn}`)
  const recorded = world.turns
    .filter((turn) => turn.outcome === 'completed')
    .map((t) => `${t.session}/${t.turn}`)
  expect(new Set(named)).toEqual(new Set(world.calls.map((call) => `${call.session}/${call.turn}`)))
  expect(recorded.filter((name) => !named.includes(name))).toEqual([])
  for (const call of world.calls) {
    const turn = world.turns.find((each) => each.session === call.session && each.turn === call.turn)!
    expect(call.sentAtMs).toBeGreaterThanOrEqual(turn.sentAtMs)
    expect(call.sentAtMs).toBeLessThanOrEqual(turn.endedAtMs)
    expect(call.maxTokens).toBeNaN()
  }
  expect(world.provider.asked[0]).toBe('reset')
  expect(result.summary).toMatchObject({
    origin: 'measured',
    level: { users: 5 },
    speed,
    seed: 1,
    runId: 'run-1',
  })
  expect(result.summary.window).toEqual({ warmupMs: 1000, measuredMs: 5000 })
  const counts = result.summary.turns
  expect(counts.inFlightAtStart! + counts.started!).toBe(
    counts.completed! + counts.failed! + counts.abandoned! + counts.rejected! + counts.inFlightAtEnd!,
  )
  expect(result.summary.joined).toMatchObject({ none: 0 })
  expect(result.summary.unjoined).toEqual({ modelCalls: 0, toolCalls: 0, lost: 0 })
  // A session starts between the instant at which its first message was meant to be sent and the one at which it was.
  const first = world.turns.filter(({ turn }) => turn === 0)
  const surely = first.filter(({ intendedAtMs, sentAtMs }) => intendedAtMs >= 1000 && sentAtMs < 6000)
  const perhaps = first.filter(({ intendedAtMs, sentAtMs }) => sentAtMs >= 1000 && intendedAtMs < 6000)
  expect(surely.length).toBeGreaterThan(0)
  expect(result.summary.sessions!.started).toBeGreaterThanOrEqual(surely.length)
  expect(result.summary.sessions!.started).toBeLessThanOrEqual(perhaps.length)
  expect(result.summary.sessions!.ended).toBeGreaterThan(0)
})

test('an interrupt ends the run early and still sums it up', async () => {
  const interrupt = new AbortController()
  let progress: LoadProgress | undefined
  let answered = 0
  const world = await setUp(
    () => (response, request, dialect) => {
      if (++answered === 8) interrupt.abort()
      answerWell(response, request, dialect)
    },
    { measuredMs: 3_600_000, onProgress: (seen) => (progress = seen) },
  )
  const result = await world.run(interrupt.signal)
  expectClosed(result)
  expect(result.interrupted).toBe(true)
  expect(result.turns.started).toBeGreaterThanOrEqual(8)
  expect(result.summary.window!.measuredMs).toBeLessThan(3_600_000)
  expect(progress === undefined || progress.share < 1).toBe(true)
})

test('an interrupt cuts turns that do not end', async () => {
  const interrupt = new AbortController()
  const world = await setUp(() => () => interrupt.abort(), { measuredMs: 3_600_000, graceMs: 10 })
  const result = await world.run(interrupt.signal)
  expectClosed(result)
  expect(result.turns.cut).toBeGreaterThan(0)
  expect(world.turns.every((turn) => turn.errorKind === 'cut' && turn.status === 0)).toBe(true)
})

test('a target that fails is data, with its words counted', async () => {
  const world = await setUp(() => (response) => response.writeHead(500).end('{"error":"out of order"}'))
  const result = await world.run()
  expectClosed(result)
  expect(result.turns.completed).toBe(0)
  // As many as the summary tells of the window, and beside them the others.
  const count = result.summary.turns.failed!
  expect(result.faults).toEqual([
    { message: 'the target answered 500: out of order', count, outside: result.turns.failed - count },
  ])
  expect(result.summary.errors?.byKind['http_5xx']).toBe(count)
  expect(count).toBeGreaterThan(0)
})

test('another workload at the provider makes the result invalid', async () => {
  const world = await setUp(withCall)
  world.provider.health = { ...world.provider.health, workloadHash: 'another' }
  const { summary } = await world.run()
  expect(summary.generator?.valid).toBe(false)
  expect(summary.generator?.reasons).toContain('the provider plays another workload file than the load')
})

test('open load and stages', async () => {
  const open = await setUp(withCall, { level: { sessionsPerSecond: 3 } })
  const result = await open.run()
  expectClosed(result)
  expect(result.turns.completed).toBeGreaterThan(5)
  expect(result.summary.level).toEqual({ sessionsPerSecond: 3 })
  const stages = {
    of: 'users' as const,
    stages: [
      { durationMs: 3000, target: 4 },
      { durationMs: 2000, target: 0 },
    ],
  }
  const staged = await setUp(withCall, {
    level: undefined,
    stages,
    warmupMs: 0,
    measuredMs: undefined,
  } as unknown as Partial<LoadOptions>)
  const ramp = await staged.run()
  expectClosed(ramp)
  expect(ramp.summary.window).toEqual({ warmupMs: 0, measuredMs: 5000 })
  expect(ramp.summary.level).toEqual({ users: 4 })
})

test('nothing is sent when the target is not allowed or the provider is not there', async () => {
  const elsewhere = await setUp(withCall, { target: 'http://192.0.2.1:4000' })
  await expect(elsewhere.run()).rejects.toThrow(/not on this machine/)
  expect(elsewhere.provider.asked).toEqual([])
  const alone = await setUp(withCall, { providerAdminUrl: 'http://127.0.0.1:9' })
  await expect(alone.run()).rejects.toThrow()
  expect(alone.agent.requests).toEqual([])
})
