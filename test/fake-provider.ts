// For tests of the load engine: the admin API of a provider that saw what the test says it saw.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { monotonicMs } from '../src/clock/now.ts'
import type { CallRecord } from '../src/result/records.ts'
import type { AdminHealth, AdminStats } from '../src/wire/admin-api.ts'

export interface FakeProvider {
  readonly url: string
  /** Paths asked for, in order. */
  readonly asked: string[]
  /** Instants are the machine's monotonic clock. */
  saw(call: Partial<CallRecord>): void
  stats: AdminStats
  health: AdminHealth
  close(): Promise<void>
}

const pageSize = 2

export async function startFakeProvider(workloadHash: string, speed = 1): Promise<FakeProvider> {
  const asked: string[] = []
  let records: CallRecord[] = []
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace('/_plimsoll/', '')
    asked.push(path)
    request.resume()
    const answer = (body: unknown): void =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (path === 'reset') {
      records = []
      answer(provider.health)
    } else if (path === 'health') answer(provider.health)
    else if (path === 'stats') answer(provider.stats)
    else if (path.startsWith('records')) {
      const from = Number(path.split('=')[1])
      const page = records.slice(from, from + pageSize)
      answer({ records: page, next: from + page.length, lost: 0 })
    } else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const provider: FakeProvider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    saw: (call) => records.push(callRecord(call)),
    stats: {
      calls: 0,
      inFlight: 0,
      rateLimited: 0,
      latenessP99Ms: 1,
      latenessMaxMs: 2,
      loopDelayP99Ms: 1,
      cpuSeconds: 0,
      wallSeconds: 1,
      unlistedTools: {},
      toolCallsByName: {},
      quotaLevel: {},
    },
    health: { name: 'plimsoll-provider', version: '0', workloadHash, seed: 1, speed, inFlight: 0 },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return provider
}

function callRecord(changes: Partial<CallRecord>): CallRecord {
  const now = monotonicMs()
  return {
    kind: 'model',
    service: 0,
    session: 0,
    turn: 0,
    step: 1,
    attempt: 0,
    sentAtMs: now,
    firstTokenAtMs: NaN,
    endedAtMs: now,
    inputTokens: 100,
    cachedTokens: 0,
    outputTokens: 5,
    maxTokens: NaN,
    depth: 1,
    outcome: 'completed',
    errorKind: 'none',
    status: 200,
    joinedBy: 'trace',
    ...changes,
  }
}
