import { describe, expect, test } from 'vitest'
import { read } from '../workload/fixture-read.ts'
import { play } from './fixture-play.ts'
import { simulate } from './simulate.ts'

/** One call a second, a bucket that is empty at the start. */
const quota = 'quota: { rpm: 60 }'

describe('circuit breakers', () => {
  const breakers = 'breakers: { failures: 50%, calls: 4, openFor: 10s }'

  test('open after so many refusals, fail fast, let one through, and close', () => {
    const { turns, calls, simulation } = play(
      read(`{ users: { think: 100ms }, model: { ${quota} }, agent: { ${breakers} } }`),
      { users: 1 },
      10_900,
    )
    // One user who comes every 100 ms from within the first: 4 refused, some 10 s of failing fast, then answers.
    const first = calls[0]!.sentAtMs
    const sent = (count: number): number[] =>
      calls.slice(0, count).map(({ sentAtMs }) => Math.round(sentAtMs - first))
    expect(sent(5)).toEqual([0, 100, 200, 300, 10_300])
    expect(calls.slice(0, 5).map(({ outcome }) => outcome)).toEqual([
      ...Array.from({ length: 4 }, () => 'rejected'),
      'completed',
    ])
    const failedFast = turns.filter(({ errorKind }) => errorKind === 'circuit_open')
    expect(failedFast).toHaveLength(99)
    expect(
      failedFast.every(({ status, endedAtMs, sentAtMs }) => status === 503 && endedAtMs === sentAtMs),
    ).toBe(true)
    expect([simulation.agent.breakers!.opened[0], simulation.agent.breakers!.refused[0]]).toEqual([1, 99])
  })

  test('of a tool: its calls come back as errors at once, and the loop goes on', () => {
    const { turns, calls } = play(
      read(`
users: { think: 1s }
scenarios: [{ depth: 2, tools: [flaky] }]
agent: { breakers: { failures: 100%, calls: 2, openFor: 1m } }
model: { ttft: 100ms }
tools: { flaky: { latency: 500ms, failure: 100% } }
`),
      { users: 1 },
      20_000,
    )
    expect(calls.filter(({ kind }) => kind === 'tool')).toHaveLength(2)
    expect(turns.every(({ outcome }) => outcome === 'completed')).toBe(true)
    expect(Math.round(turns.at(-1)!.endedAtMs - turns.at(-1)!.sentAtMs)).toBe(200)
  })

  test('each worker has its own', () => {
    const { calls } = play(
      read(
        `{ users: { think: 100ms }, model: { ${quota} }, agent: { workers: 2, concurrency: 1, ${breakers} } }`,
      ),
      { users: 1 },
      900,
    )
    // The worker with the fewest turns is the first one while nobody else is there: only its breaker opens.
    expect(calls).toHaveLength(4)
  })
})

describe('fallback', () => {
  // Nothing is left of the quota before a minute has gone, and the only user comes within ten seconds.
  const at = (when: string) =>
    play(
      read(`
users: { think: 10s }
scenarios: [{ output: 20 }]
agent: { retries: { attempts: 2, backoff: 100ms, jitter: 0% } }
models: { main: { quota: { rpm: 1 }, fallback: { to: backup, when: ${when} } }, backup: { ttft: 50ms, maxTokens: 7 } }
`),
      { users: 1 },
      10_000,
    )

  test.each([
    [
      'after the last try',
      'refused',
      [
        [0, 0, 0, 'rejected'],
        [0, 1, 100, 'rejected'],
        [0, 2, 300, 'rejected'],
        [1, 0, 300, 'completed'],
      ],
    ],
    [
      'at once',
      'overQuota',
      [
        [0, 0, 0, 'rejected'],
        [1, 0, 0, 'completed'],
      ],
    ],
  ])('%s, when: %s', (_, when, expected) => {
    const { calls, turns, simulation } = at(when)
    const ofFirst = calls.filter(
      ({ session, turn }) => session === calls[0]!.session && turn === calls[0]!.turn,
    )
    expect(
      ofFirst.map(({ service, attempt, sentAtMs, outcome }) => [
        service,
        attempt,
        Math.round(sentAtMs - ofFirst[0]!.sentAtMs),
        outcome,
      ]),
    ).toEqual(expected)
    expect(turns[0]).toMatchObject({ outcome: 'completed', tokens: 7 })
    expect(simulation.counts.fellBack[0]).toBe(turns.length)
  })

  test('spillover is exact: beyond the quota everything goes to the other model', () => {
    const { calls } = play(
      read(`
users: { think: exponential(mean 1s) }
models: { main: { ${quota}, fallback: { to: backup, when: overQuota } }, backup: { } }
`),
      { users: 10 },
      600_000,
    )
    const served = (model: number): number =>
      calls.filter(({ service, outcome }) => service === model && outcome === 'completed').length
    // Ten a second against a bucket of one a second that is never full: it serves 600 calls in 600 s.
    expect(Math.abs(served(0) - 600)).toBeLessThanOrEqual(1)
    expect(calls.filter(({ service, outcome }) => service === 0 && outcome === 'rejected')).toHaveLength(
      served(1),
    )
    expect(calls.filter(({ service, outcome }) => service === 1 && outcome !== 'completed')).toHaveLength(0)
  })
})

test('a call that took too long says nothing of how it fares at the next model', () => {
  const model = (to: string): string =>
    `{ ttft: exponential(mean 1s), output: 9, perToken: exponential(mean 10ms) ${to} }`
  const { turns, calls } = play(
    read(`
users: { think: exponential(mean 10s) }
agent: { limits: { call: 1s } }
models:
  first: ${model(', fallback: { to: second }')}
  second: ${model(', fallback: { to: third }')}
  third: ${model('')}
scenarios: [{ model: first }]
`),
    { users: 200 },
    3_600_000,
  )
  // Each is too slow for its first token once in e times, whatever the one before was. One seed in 15,000 misses each.
  const tooSlow = Math.exp(-1)
  for (const service of [0, 1, 2]) {
    const tried = calls.filter((call) => call.service === service)
    const slow = tried.filter(({ firstTokenAtMs }) => Number.isNaN(firstTokenAtMs)).length
    const standardError = Math.sqrt((tooSlow * (1 - tooSlow)) / tried.length)
    expect(tried.length).toBeGreaterThan(5000)
    expect(Math.abs(slow / tried.length - tooSlow)).toBeLessThan(4 * standardError)
  }
  expect(turns.length).toBeGreaterThan(50_000)
})

test('turns ask models by their shares', () => {
  const { calls } = play(
    read(`
users: { think: 1s }
scenarios: [{ model: { main: 70%, backup: 30% }, depth: 2 }]
models: { main: { ttft: 100ms }, backup: { ttft: 100ms } }
`),
    { users: 10 },
    600_000,
  )
  const turns = new Map<string, Set<number>>()
  for (const { session, turn, service } of calls) {
    const key = `${session}/${turn}`
    turns.set(key, (turns.get(key) ?? new Set()).add(service))
  }
  // Both calls of a turn ask the same model.
  expect([...turns.values()].every(({ size }) => size === 1)).toBe(true)
  const main = calls.filter(({ service }) => service === 0).length / calls.length
  expect(Math.abs(main - 0.7)).toBeLessThan(4 * Math.sqrt(0.21 / turns.size))
})

describe('timeouts', () => {
  test('a model call that takes too long is cut, counted and tried again; the engine is free of it', () => {
    const { calls, turns, simulation } = play(
      read(`
users: { think: 60s }
agent: { limits: { call: 2s }, retries: { attempts: 1, backoff: 1s, jitter: 0% } }
model: { output: 100, engine: { step: 50ms, slots: 1 } }
`),
      { users: 2 },
      120_000,
    )
    const first = calls.filter(({ session }) => session === calls[0]!.session)
    expect(first.slice(0, 1)).toMatchObject([
      { outcome: 'failed', errorKind: 'timeout', attempt: 0, outputTokens: 40 },
    ])
    expect(first[0]!.endedAtMs - first[0]!.sentAtMs).toBeCloseTo(2000, 6)
    // 40 tokens had come: what the user has seen cannot be taken back.
    expect(turns[0]).toMatchObject({ outcome: 'failed', errorKind: 'timeout', tokens: 40 })
    expect(simulation.counts.callsTimedOut[0]).toBe(
      calls.filter(({ errorKind }) => errorKind === 'timeout').length,
    )
    expect(simulation.agent.models.endpoints[0]!.engine!.inService).toBeLessThanOrEqual(1)
  })

  test('before the first token it is tried again', () => {
    const { calls, turns } = play(
      read(`
users: { think: 60s }
agent: { limits: { call: 2s }, retries: { attempts: 1, backoff: 1s, jitter: 0% } }
model: { ttft: 5s, output: 10 }
`),
      { users: 1 },
      60_000,
    )
    const from = calls[0]!.sentAtMs
    expect(
      calls.slice(0, 2).map(({ sentAtMs, errorKind }) => [Math.round(sentAtMs - from), errorKind]),
    ).toEqual([
      [0, 'timeout'],
      [3000, 'timeout'],
    ])
    expect(turns[0]).toMatchObject({ outcome: 'failed', errorKind: 'timeout', status: 504 })
    expect(Math.round(turns[0]!.endedAtMs - turns[0]!.sentAtMs)).toBe(5000)
  })

  test('a tool call that takes too long is an error that the model reads', () => {
    const { calls, turns, simulation } = play(
      read(`
users: { think: 60s }
scenarios: [{ depth: 2, tools: [slow] }]
agent: { limits: { tool: 1s } }
tools: { slow: { latency: 10s, capacity: 1 } }
`),
      { users: 1 },
      60_000,
    )
    expect(calls.find(({ kind }) => kind === 'tool')).toMatchObject({
      outcome: 'failed',
      errorKind: 'timeout',
    })
    expect(turns[0]!.outcome).toBe('completed')
    expect(Math.round(turns[0]!.endedAtMs - turns[0]!.sentAtMs)).toBe(1000)
    expect(simulation.agent.tools.servers[0]!.busy.level).toBe(0)
  })
})

describe('retry storms', () => {
  const storm = (users: number, quota: string, retries: string, more = '') => {
    const source = `
users: { think: 5s }
agent: { retries: { attempts: 6, backoff: 500ms, ${retries} } }
model: { ttft: 500ms, quota: { ${quota} } }
${more}
`
    const { calls } = play(read(source), { users }, 600_000)
    const summary = simulate(read(source), { level: { users }, seed: 1, warmupMs: 0, measuredMs: 600_000 })
    return { calls, summary }
  }

  test('who does not listen to Retry-After asks again and again, and it shows', () => {
    const polite = storm(2, 'rpm: 6', 'honourRetryAfter: true').summary
    const deaf = storm(2, 'rpm: 6', 'honourRetryAfter: false').summary
    expect(deaf.calls!.retriesPerTurn).toBeGreaterThan(2 * polite.calls!.retriesPerTurn!)
    const refused = ({ models }: typeof deaf): number => models!['model']!.rateLimitedPerSecond!
    expect(refused(deaf)).toBeGreaterThan(2 * refused(polite))
    // The quota is what limits both: as much gets through.
    expect(deaf.turns.perSecond / polite.turns.perSecond).toBeCloseTo(1, 1)
  })

  const half = 'model: { quota: { rpm: 60 } }'
  const spilling =
    'models: { main: { quota: { rpm: 60 }, fallback: { to: other, when: overQuota } }, other: { ttft: 1s } }'
  const slow =
    'model: { ttft: 2s }\nagent: { limits: { call: 1s }, retries: { attempts: 2, backoff: 1s, jitter: 0% } }'

  test.each([
    ['refused, and not tried again', half, 0, 0],
    ['refused, and sent to another model at once', `${spilling}\nscenarios: [{ model: main }]`, 0, 0],
    ['too slow, each of three times', slow, 2, 3000],
  ])('a retry is a further try of the same call: %s', (_, file, retries, waitMs) => {
    const level = { sessionsPerSecond: 2 }
    const workload = read(`users: { arrivals: even }\n${file}`)
    const { calls, ownTime } = simulate(workload, { level, seed: 1, warmupMs: 60_000, measuredMs: 60_000 })
    expect(calls!.retriesPerTurn).toBe(retries)
    expect(ownTime!.retryWaitMs!.mean).toBeCloseTo(waitMs, 6)
    expect(ownTime!.betweenMs!.mean).toBeCloseTo(0, 6)
  })

  test('without jitter those who were refused together come back together', () => {
    const atOnce = (jitter: string): number => {
      const team = `
scenarios: [{ depth: 2, tools: [team] }]
tools: { team: { fanOut: 20, subagent: { depth: 1 } } }`
      const { calls } = storm(1, 'rpm: 60', `jitter: ${jitter}`, team)
      const instants = new Map<number, number>()
      for (const { sentAtMs, attempt } of calls)
        if (attempt > 0) {
          const ms = Math.floor(sentAtMs)
          instants.set(ms, (instants.get(ms) ?? 0) + 1)
        }
      return Math.max(...instants.values())
    }
    expect(atOnce('0%')).toBeGreaterThanOrEqual(10)
    expect(atOnce('100%')).toBeLessThanOrEqual(5)
  })
})
