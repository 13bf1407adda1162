import { afterEach, expect, test } from 'vitest'
import { type Answer, answerWell, frames, startFaultyServer, streamHead } from '../../test/faulty-server.ts'
import { loadWorkload } from '../../test/load-world.ts'
import type { TurnRecord } from '../result/records.ts'
import { constant } from '../stats/distributions.ts'
import type { Behaviour } from '../workload/behaviour.ts'
import { runLoad } from './run-load.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function load(behaviour: Behaviour, answer: Answer, maxTurns = 40) {
  const agent = await startFaultyServer('sessions', answer)
  cleanups.push(() => agent.close())
  const turns: TurnRecord[] = []
  const workload = loadWorkload({ users: { think: constant(100), peak: {}, behaviour } })
  const result = await runLoad(
    workload,
    {
      target: agent.url,
      driver: 'sessions',
      level: { users: 4 },
      warmupMs: 0,
      measuredMs: 600_000,
      seed: 1,
      speed: 20,
      runId: 'run-1',
      marker: 'suffix',
      maxTurns,
      graceMs: 5000,
      sink: (record) => void (record.kind === 'turn' && turns.push({ ...record })),
    },
    new AbortController().signal,
  )
  const messages = agent.requests.filter(({ path }) => path.endsWith('/messages'))
  return { result, turns, messages, counts: result.summary.behaviour! }
}

/** The first text at once, the rest never. */
const halfAnswer: Answer = (response, _, dialect) => {
  response.writeHead(200, streamHead(dialect)).write(frames(dialect)[0])
}

/** Refuses each message once, answers it the second time. */
function refuseOnce(headers: Record<string, string>): Answer {
  const seen = new Set<string>()
  return (response, request, dialect) => {
    const trace = String(request.headers['traceparent'])
    if (seen.has(trace)) return answerWell(response, request, dialect)
    seen.add(trace)
    response
      .writeHead(429, { 'content-type': 'application/json', ...headers })
      .end('{"error":{"code":"rate_limited"}}')
  }
}

test('who drops the connection frees it, and the turn is given up', async () => {
  const { turns, counts, messages } = await load(
    { disconnect: { share: 1, after: constant(40) } },
    halfAnswer,
  )
  expect(turns).toHaveLength(40)
  expect(turns.every(({ outcome, firstTokenAtMs }) => outcome === 'abandoned' && firstTokenAtMs > 0)).toBe(
    true,
  )
  expect(counts).toEqual({ disconnected: 40, reconnected: 0, stalled: 0, doubleSent: 0, retried: 0 })
  expect(messages).toHaveLength(40)
})

test('who comes back sends the same message again, as one turn', async () => {
  const seen = new Set<string>()
  const answer: Answer = (response, request, dialect) => {
    const trace = String(request.headers['traceparent'])
    if (seen.has(trace)) return answerWell(response, request, dialect)
    seen.add(trace)
    return halfAnswer(response, request, dialect)
  }
  const disconnect = { share: 1, after: constant(0), reconnect: constant(60) }
  const { turns, counts, messages } = await load({ disconnect }, answer)
  expect(turns.map(({ outcome }) => outcome)).toEqual(turns.map(() => 'completed'))
  expect(counts).toMatchObject({ disconnected: 40, reconnected: 40 })
  expect(messages).toHaveLength(80)
  expect(turns.every(({ endedAtMs, sentAtMs }) => endedAtMs - sentAtMs >= 60)).toBe(true)
})

test('about the share of the turns that the file says, the same with the same seed', async () => {
  const run = () => load({ disconnect: { share: 0.25, after: constant(0) } }, halfThenRest, 80)
  const [one, other] = [await run(), await run()]
  const dropped = ({ turns }: typeof one) =>
    turns
      .filter(({ outcome }) => outcome === 'abandoned')
      .map(({ session, turn }) => `${session}/${turn}`)
      .sort()
  const both = dropped(one).filter((key) =>
    other.turns.some(({ session, turn }) => `${session}/${turn}` === key),
  )
  expect(dropped(other)).toEqual(expect.arrayContaining(both))
  // 80 turns at 25 %: below 5 or above 38 once in a million.
  expect(one.counts['disconnected']).toBeGreaterThan(5)
  expect(one.counts['disconnected']).toBeLessThan(38)
})

const halfThenRest: Answer = (response, _, dialect) => {
  const [first, ...rest] = frames(dialect)
  response.writeHead(200, streamHead(dialect)).write(first)
  // Long enough that no machine is so busy that both are read at once.
  setTimeout(() => response.end(rest.join('')), 60)
}

test('a stalled reader reads on after its time, and waits for its answer as long', async () => {
  const { turns, counts } = await load({ stall: { share: 1, for: constant(800) } }, halfThenRest, 12)
  expect(counts).toMatchObject({ stalled: 12 })
  expect(turns.every(({ outcome }) => outcome === 'completed')).toBe(true)
  expect(turns.every(({ firstTokenAtMs, endedAtMs }) => endedAtMs - firstTokenAtMs >= 800)).toBe(true)
})

test('a second send is answered too, and is no turn of its own', async () => {
  const { turns, counts, messages } = await load(
    { doubleSend: { share: 1, after: constant(20) } },
    halfThenRest,
    12,
  )
  expect(turns).toHaveLength(12)
  expect(counts['doubleSent']).toBe(12)
  expect(messages).toHaveLength(24)
  expect(turns.every(({ outcome }) => outcome === 'completed')).toBe(true)
})

test.each([
  ['honours Retry-After', true, 20_000, 1],
  ['does not', false, 100, 0],
])('a client that tries again and %s', async (_name, honourRetryAfter, leastMs, obeyed) => {
  const retry = { attempts: 1, backoff: constant(100), honourRetryAfter }
  const { turns, counts, messages } = await load({ retry }, refuseOnce({ 'retry-after': '1' }), 4)
  expect(turns.map(({ outcome }) => outcome)).toEqual(['completed', 'completed', 'completed', 'completed'])
  expect(counts['retried']).toBe(4)
  expect(messages).toHaveLength(8)
  const tookMs = turns.map(({ endedAtMs, sentAtMs }) => endedAtMs - sentAtMs)
  expect(Math.min(...tookMs)).toBeGreaterThanOrEqual(leastMs)
  for (const [i, { refusals }] of turns.entries()) {
    expect(refusals).toMatchObject({ refused: 1, retries: 1, told: 1, obeyed })
    expect(refusals!.lostMs).toBeGreaterThanOrEqual(leastMs)
    expect(refusals!.lostMs).toBeLessThanOrEqual(tookMs[i]!)
  }
})

test('no more attempts than the file allows', async () => {
  const retry = { attempts: 2, backoff: constant(10), honourRetryAfter: false }
  const refuse: Answer = (response) =>
    void response
      .writeHead(429, { 'content-type': 'application/json' })
      .end('{"error":{"code":"rate_limited"}}')
  const { turns, messages } = await load({ retry }, refuse, 4)
  expect(turns.every(({ errorKind }) => errorKind === 'rate_limited')).toBe(true)
  for (const { refusals, sentAtMs, endedAtMs } of turns)
    expect(refusals).toEqual({ refused: 3, retries: 2, told: 0, obeyed: 0, lostMs: endedAtMs - sentAtMs })
  expect(messages).toHaveLength(12)
})
