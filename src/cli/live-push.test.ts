import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { uncompress } from 'snappyjs'
import { afterEach, expect, test } from 'vitest'
import type { LoadProgress } from '../load/run-load.ts'
import { fixtureLevelRun } from '../report/fixture-run.ts'
import { metricsOf } from '../report/metrics.ts'
import { writeRequest } from '../report/remote-write.ts'
import type { TurnRecord } from '../result/records.ts'
import type { Io } from './io.ts'
import { LivePush, type LivePushOptions } from './live-push.ts'
import { requireAllowedOutputs, sendSeries } from './send-report.ts'

const cleanups: (() => void)[] = []
afterEach(() => cleanups.splice(0).forEach((cleanup) => cleanup()))

interface Series {
  readonly labels: readonly { readonly name: string; readonly value: string }[]
  readonly samples: readonly { readonly value: number; readonly timestamp: unknown }[]
}

/** Takes what is pushed, or answers with another status. */
async function receiver(status = 204) {
  const received: { headers: IncomingHttpHeaders; body: Buffer }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks) })
      response.writeHead(status).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  const url = `http://user:secret@127.0.0.1:${(server.address() as AddressInfo).port}/write`
  return { url, received }
}

function seriesIn(body: Buffer): Series[] {
  const read = writeRequest.toObject(writeRequest.decode(uncompress(new Uint8Array(body))), { longs: Number })
  return read['timeseries'] as Series[]
}

/** `name{outcome="failed"}` without what is the same on all. */
const named = ({ labels }: Series): string =>
  labels
    .filter(({ name }) => name !== 'run' && name !== 'workload')
    .map(({ name, value }) => (name === '__name__' ? value : `${name}=${value}`))
    .join(' ')

const run = { runId: 'run-1', version: '1', workload: { name: 'a "b"\u0007', hash: 'h' } }

const users = { level: { users: 5 } }

function pushTo(
  form: 'remote-write' | 'otlp',
  url: string,
  of: Pick<LivePushOptions, 'level' | 'phone'> = users,
) {
  const clock = { ms: 1_000_000 }
  const notes: string[] = []
  const io = { note: (text: string) => void notes.push(text) } as Partial<Io> as Io
  const outputs = [
    { form, to: url },
    { form: 'junit', to: 'report.xml' },
  ]
  const push = new LivePush({ outputs, run, ...of, now: () => clock.ms }, io)
  return { push, notes, clock }
}

const turn = (tookMs: number, more: Partial<TurnRecord> = {}): TurnRecord => ({
  kind: 'turn',
  session: 0,
  turn: 0,
  scenario: 0,
  intendedAtMs: 0,
  sentAtMs: 0,
  firstTokenAtMs: tookMs / 2,
  endedAtMs: tookMs,
  tokens: 1,
  outcome: 'completed',
  errorKind: 'none',
  status: 200,
  ...more,
})

const progress = (completed: number): LoadProgress => ({
  atMs: 0,
  untilMs: 1000,
  share: 0,
  level: 5,
  started: completed + 3,
  completed,
  failed: 2,
  abandoned: 1,
  rejected: 0,
  cut: 0,
  inFlight: 0,
})

test('a run goes to Prometheus every few seconds: counters, and the times of the turns since the last push', async () => {
  const { url, received } = await receiver()
  const { push, notes, clock } = pushTo('remote-write', url)
  for (let i = 0; i < 100; i++) push.ended(turn(1000))
  push.ended(turn(9000, { outcome: 'abandoned', errorKind: 'abandoned', firstTokenAtMs: NaN }))
  push.show(progress(100))
  await push.close()
  clock.ms += 1000
  push.show(progress(120))
  clock.ms += 2000
  push.show(progress(150))
  await push.close()
  expect(notes).toEqual([])
  expect(received).toHaveLength(2)
  expect(received[0]!.headers).toMatchObject({
    'content-encoding': 'snappy',
    'content-type': 'application/x-protobuf',
    'x-prometheus-remote-write-version': '0.1.0',
    authorization: `Basic ${Buffer.from('user:secret').toString('base64')}`,
  })
  const [first, second] = received.map(({ body }) => seriesIn(body))
  expect(first!.map(named)).toEqual([
    'plimsoll_live_load_level of=users',
    'plimsoll_live_turns_in_flight',
    'plimsoll_live_turns_total outcome=completed',
    'plimsoll_live_turns_total outcome=failed',
    'plimsoll_live_turns_total outcome=rejected',
    'plimsoll_live_turns_total outcome=abandoned',
    'plimsoll_live_turn_duration_seconds statistic=p50',
    'plimsoll_live_turn_duration_seconds statistic=p95',
    'plimsoll_live_turn_duration_seconds statistic=p99',
    'plimsoll_live_ttft_seconds statistic=p50',
    'plimsoll_live_ttft_seconds statistic=p95',
    'plimsoll_live_ttft_seconds statistic=p99',
  ])
  // Sorted by name, as receivers demand, and printable.
  expect(first![0]!.labels).toEqual([
    { name: '__name__', value: 'plimsoll_live_load_level' },
    { name: 'of', value: 'users' },
    { name: 'run', value: 'run-1' },
    { name: 'workload', value: 'a "b"' },
  ])
  expect(first![2]!.samples).toEqual([{ value: 100, timestamp: 1_000_000 }])
  expect(first![6]!.samples[0]!.value).toBeCloseTo(1, 2)
  // Who gave up waited at least that long.
  expect(first![8]!.samples[0]!.value).toBeGreaterThanOrEqual(1)
  expect(second!).toHaveLength(6)
  expect(second![2]!.samples).toEqual([{ value: 150, timestamp: 1_003_000 }])
})

test('the load of calls is told in calls a minute', async () => {
  const { url, received } = await receiver()
  const { push } = pushTo('remote-write', url, { level: { sessionsPerSecond: 1 }, phone: {} })
  push.show({ ...progress(0), level: 0.5 })
  await push.close()
  const [load] = seriesIn(received[0]!.body)
  expect(named(load!)).toBe('plimsoll_live_load_level of=calls/min')
  expect(load!.samples[0]!.value).toBe(30)
})

test('a collector takes the same as OTLP: what only grows is a cumulative sum', async () => {
  const { url, received } = await receiver()
  const { push } = pushTo('otlp', url)
  push.ended(turn(1000))
  push.show(progress(1))
  await push.close()
  const { resourceMetrics } = JSON.parse(received[0]!.body.toString()) as {
    resourceMetrics: { scopeMetrics: { metrics: { name: string; sum?: object; gauge?: object }[] }[] }[]
  }
  const { metrics } = resourceMetrics[0]!.scopeMetrics[0]!
  expect(metrics.map(({ name, sum }) => [name, sum !== undefined])).toEqual([
    ['plimsoll.live_load_level', false],
    ['plimsoll.live_turns_in_flight', false],
    ['plimsoll.live_turns_total', true],
    ['plimsoll.live_turn_duration_seconds', false],
    ['plimsoll.live_ttft_seconds', false],
  ])
  expect(metrics[2]!.sum).toMatchObject({ aggregationTemporality: 2, isMonotonic: true })
})

test('who takes nothing is told of once, without the password, and stops nothing', async () => {
  const { url, received } = await receiver(400)
  const { push, notes, clock } = pushTo('remote-write', url)
  for (let i = 0; i < 3; i++) {
    push.show(progress(i))
    await push.close()
    clock.ms += 3000
  }
  expect(received).toHaveLength(3)
  expect(notes).toEqual([
    expect.stringMatching(/^remote-write: 127\.0\.0\.1:\d+ takes nothing \(it answered 400\)$/),
  ])
})

test('at the end every number of the run goes there, with its interval', async () => {
  const { url, received } = await receiver()
  const ended = fixtureLevelRun()
  const metrics = metricsOf(ended)
  await sendSeries(metrics, ended, 2_000_000, url)
  const series = seriesIn(received[0]!.body)
  const withInterval = metrics.filter(({ low, high }) => low !== undefined && high !== undefined)
  expect(withInterval.length).toBeGreaterThan(0)
  expect(series).toHaveLength(metrics.length + 2 * withInterval.length)
  expect(series.every(({ samples }) => samples[0]!.timestamp === 2_000_000)).toBe(true)
})

test.each([
  ['http://127.0.0.1:9090/api/v1/write', [], true],
  ['http://metrics.example:9090/api/v1/write', [], false],
  ['http://metrics.example:9090/api/v1/write', ['metrics.example'], true],
  ['out.json', [], true],
])('%s with %j is allowed: %s', (to, allowTargets, allowed) => {
  const check = () => requireAllowedOutputs([{ form: 'otlp', to }], allowTargets)
  if (allowed) expect(check).not.toThrow()
  else expect(check).toThrow('metrics.example:9090 is not on this machine')
})
