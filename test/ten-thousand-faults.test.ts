import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { runLoad } from '../src/load/run-load.ts'
import { constant } from '../src/stats/distributions.ts'
import {
  type Answer,
  answerWell,
  type FaultyServer,
  frames,
  startFaultyServer,
  streamHead,
} from './faulty-server.ts'
import { loadWorkload } from './load-world.ts'

setFlagsFromString('--expose_gc')
const collect = runInNewContext('gc') as () => void

const half = frames('sessions')[0]!.slice(0, 20)
const long = `data: ${'x'.repeat(60_000)}`

/** One after the other, with a good answer in between. */
const answers: readonly Answer[] = [
  answerWell,
  (response) =>
    response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{"message":"no"}}'),
  (response) => response.writeHead(429, { 'retry-after': '1' }).end(),
  (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Sign in</p>'),
  (response) => void response.socket?.destroy(),
  (response) => void response.socket?.resetAndDestroy(),
  (response, _, dialect) =>
    void response.writeHead(200, streamHead(dialect)).write(half, () => response.destroy()),
  (response, _, dialect) => void response.writeHead(200, streamHead(dialect)).end(half),
  (response, _, dialect) => void response.writeHead(200, streamHead(dialect)).write(long),
  (response, _, dialect) =>
    void response.writeHead(200, streamHead(dialect)).end('event: token\ndata: {broken\n\n'),
  () => {},
  (response, _, dialect) => {
    const [first, ...rest] = frames(dialect)
    response.writeHead(200, streamHead(dialect)).write(first)
    // Long enough for whoever goes after the first words to be gone, on a busy machine too.
    setTimeout(() => response.end(rest.join('')), 200)
  },
  (response, _, dialect) => response.writeHead(200, streamHead(dialect)).flushHeaders(),
]

async function load(agent: FaultyServer, maxTurns: number) {
  const behaviour = {
    disconnect: { share: 0.1, after: constant(1), reconnect: constant(1) },
    stall: { share: 0.1, for: constant(5) },
    doubleSend: { share: 0.1, after: constant(1) },
    retry: { attempts: 1, backoff: constant(1), honourRetryAfter: false },
  }
  // oxlint-disable-next-line unicorn/no-thenable -- the file's own word
  const patience = { of: 'turn', after: constant(2000), then: 'continue' } as const
  const workload = loadWorkload(
    { users: { think: constant(1), patience, behaviour, peak: {} } },
    { think: constant(1) },
  )
  return runLoad(
    workload,
    {
      target: agent.url,
      driver: 'sessions',
      level: { users: 200 },
      warmupMs: 0,
      measuredMs: 3_600_000,
      seed: 1,
      speed: 20,
      runId: 'run-1',
      marker: 'suffix',
      maxTurns,
    },
    new AbortController().signal,
  )
}

/** What keeps the process up, by kind. */
const resources = (): Record<string, number> =>
  Object.fromEntries(
    ['TCPSocketWrap', 'TLSWrap', 'Timeout'].map((kind) => [
      kind,
      process.getActiveResourcesInfo().filter((each) => each === kind).length,
    ]),
  )

const more = (now: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>) =>
  Object.keys(before).some((kind) => now[kind]! > before[kind]!)

async function settled(agent: FaultyServer): Promise<void> {
  while (agent.connections() > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  agent.requests.length = 0
  collect()
}

test('10,000 turns on a target that breaks in every way leave nothing behind, and every one is counted', async () => {
  let asked = 0
  const agent = await startFaultyServer('sessions', (response, request, dialect) =>
    answers[asked++ % answers.length]!(response, request, dialect),
  )
  try {
    await load(agent, 2000)
    await settled(agent)
    const before = { resources: resources(), heap: process.memoryUsage().heapUsed }
    const { turns, summary } = await load(agent, 10_000)
    expect(turns.started).toBe(10_000)
    expect(turns.inFlight).toBe(0)
    for (const count of Object.values(summary.behaviour!)) expect(count).toBeGreaterThan(0)
    const { completed, failed, abandoned, rejected, cut } = turns
    expect(completed + failed + abandoned + rejected + cut).toBe(10_000)
    expect(Object.keys(summary.errors!.byKind).sort()).toEqual(
      expect.arrayContaining(['abandoned', 'http_5xx', 'protocol']),
    )
    await settled(agent)
    // Sockets on their way out take a moment; one that leaked stays for ever. Not vi.waitFor: its timers would count.
    for (let look = 0; look < 500 && more(resources(), before.resources); look++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    // Fewer is well: a timer of the first run's last sockets may still have counted before.
    for (const [kind, count] of Object.entries(resources()))
      expect(count, kind).toBeLessThanOrEqual(before.resources[kind]!)
    // 10,000 leaked turns would hold a hundred times as much.
    expect(process.memoryUsage().heapUsed - before.heap).toBeLessThan(8_000_000)
  } finally {
    await agent.close()
  }
})
