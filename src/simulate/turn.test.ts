import { describe, expect, test } from 'vitest'
import { constant } from '../stats/distributions.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import type { Patience, Users, Workload } from '../workload/workload.ts'
import { play } from './fixture-play.ts'
import { type Fixture, fixtureWorkload } from './fixture-workloads.ts'

const now: Partial<Users> = { think: constant(0) }
const patience = (of: Patience['of'], afterMs: number, afterwards: Patience['then'] = 'continue') => ({
  // oxlint-disable-next-line unicorn/no-thenable -- the workload file's word; nobody awaits it
  patience: { of, after: constant(afterMs), then: afterwards },
})

/** One user who sends at once and sends the next message as soon as the last is answered. */
const alone = (fixture: Fixture, measuredMs: number, users = 1) =>
  play(fixtureWorkload({ ...fixture, users: { ...now, ...fixture.users } }), { users }, measuredMs)

const overhead = { stateMs: constant(20), promptMs: constant(80), cpuPerCallMs: 2, cpuPerTokenMs: 0.5 }
const slowModel = { output: constant(101), ttft: constant(1000), perToken: constant(100) }

test('a turn is load, prompt, (cpu, model, tools)*, save; its first token is the last step’s', () => {
  const { turns, calls, simulation } = alone(
    {
      scenario: { depth: constant(2) },
      agent: { workers: 1, concurrency: 1, overhead },
      model: { output: constant(11), ttft: constant(500), perToken: constant(10) },
      tools: [{ latency: constant(200), fanOut: constant(2) }],
    },
    1800,
  )
  // load 20, prompt 80, cpu 2, model 500 + 10·10, last token's cpu ½; tools 200; cpu 2, model 600, cpu ½; save 20
  expect(calls.map(({ kind, step, sentAtMs, endedAtMs }) => [kind, step, sentAtMs, endedAtMs])).toEqual([
    ['model', 1, 102, 702],
    ['tool', 1, 702.5, 902.5],
    ['tool', 1, 702.5, 902.5],
    ['model', 2, 904.5, 1504.5],
  ])
  expect(turns).toHaveLength(1)
  expect(turns[0]).toMatchObject({ sentAtMs: 0, firstTokenAtMs: 1405, endedAtMs: 1525, tokens: 11 })
  expect([...simulation.meter.partMs]).toEqual([0, 80, 40, 5, 1200, 200, 0, 0])
})

test('the loop is cut short at the agent’s limit of steps', () => {
  const fixture = {
    scenario: { depth: constant(5) },
    agent: { limits: { steps: 2, turnMs: Infinity } },
    model: { ttft: constant(600) },
  }
  const { turns, calls } = alone(fixture, 1300)
  expect(calls.map(({ step, depth }) => [step, depth])).toEqual([
    [1, 5],
    [2, 5],
  ])
  expect(turns[0]).toMatchObject({ outcome: 'completed', firstTokenAtMs: 1200, endedAtMs: 1200 })
})

test('event loops do CPU first come, first served; turns go to the worker with the fewest', () => {
  const fixture = {
    agent: { workers: 2, concurrency: 2, overhead: { cpuPerCallMs: 10 } },
    model: { ttft: constant(1000) },
  }
  const { calls } = alone(fixture, 1500, 4)
  expect(calls.map(({ sentAtMs }) => sentAtMs)).toEqual([10, 10, 20, 20])
})

describe('limits', () => {
  test('the agent ends a turn that takes too long and frees its slot for the next', () => {
    const limits = { steps: Infinity, turnMs: 1500 }
    const fixture = { agent: { workers: 1, concurrency: 1, limits }, model: { ttft: constant(1000) } }
    const { turns, calls, simulation } = alone(fixture, 2400, 2)
    expect(
      turns.map(({ session, outcome, status, endedAtMs }) => [session, outcome, status, endedAtMs]),
    ).toEqual([
      [0, 'completed', 200, 1000],
      [1, 'failed', 504, 1500],
    ])
    expect(turns[1]!.errorKind).toBe('timeout')
    expect(calls.map(({ outcome, sentAtMs, endedAtMs }) => [outcome, sentAtMs, endedAtMs])).toEqual([
      ['completed', 0, 1000],
      ['abandoned', 1000, 1500],
    ])
    expect(simulation.meter.callsInFlight.level).toBe(1)
  })

  test('more than the queue holds are shed at once', () => {
    const rejected = play(
      fixtureWorkload({
        users: { think: constant(400) },
        agent: { workers: 1, concurrency: 1, queue: 1 },
        model: { ttft: constant(1000) },
      }),
      { users: 3 },
      401,
    )
    expect(rejected.turns).toHaveLength(1)
    expect(rejected.turns[0]).toMatchObject({ outcome: 'rejected', errorKind: 'overloaded', status: 503 })
    expect(rejected.turns[0]!.endedAtMs).toBe(rejected.turns[0]!.sentAtMs)
  })
})

describe('patience', () => {
  test('a user who gives up cuts the call: its tokens so far are told and its slot is free', () => {
    const { turns, calls } = alone(
      { users: patience('turn', 3050), agent: { workers: 1, concurrency: 1 }, model: slowModel },
      6500,
    )
    expect(
      turns.map(({ outcome, errorKind, endedAtMs, firstTokenAtMs, tokens }) => [
        outcome,
        errorKind,
        endedAtMs,
        firstTokenAtMs,
        tokens,
      ]),
    ).toEqual([
      ['abandoned', 'abandoned', 3050, 1000, 21],
      ['abandoned', 'abandoned', 6100, 4050, 21],
    ])
    expect(calls.map(({ outcome, endedAtMs, outputTokens }) => [outcome, endedAtMs, outputTokens])).toEqual([
      ['abandoned', 3050, 21],
      ['abandoned', 6100, 21],
    ])
  })

  test('of the first token: who sees text stays', () => {
    const seen = alone({ users: patience('firstToken', 1500), model: slowModel }, 11_500)
    expect(seen.turns.map(({ outcome, endedAtMs }) => [outcome, endedAtMs])).toEqual([['completed', 11_000]])
    const unseen = alone({ users: patience('firstToken', 900), model: slowModel }, 1000)
    expect(unseen.turns.map(({ outcome, firstTokenAtMs }) => [outcome, firstTokenAtMs])).toEqual([
      ['abandoned', NaN],
    ])
  })

  test('of the first token: earlier steps show the user nothing', () => {
    const { turns } = alone(
      { users: patience('firstToken', 1500), scenario: { depth: constant(2) }, model: slowModel },
      2000,
    )
    expect(turns.map(({ outcome, endedAtMs }) => [outcome, endedAtMs])).toEqual([['abandoned', 1500]])
  })

  test('who leaves begins a new session', () => {
    const scenario = { turns: constant(9) }
    const stay = alone({ users: patience('turn', 500), scenario, model: slowModel }, 1600)
    expect(stay.turns.map(({ session, turn }) => [session, turn])).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
    ])
    const leave = alone({ users: patience('turn', 500, 'leave'), scenario, model: slowModel }, 1600)
    expect(leave.turns.map(({ session, turn }) => [session, turn])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ])
  })

  test('tools are cut, waiting or served, and their servers freed', () => {
    const { calls, simulation } = alone(
      {
        users: patience('turn', 1000),
        scenario: { depth: constant(2) },
        tools: [{ latency: constant(5000), capacity: 2, fanOut: constant(3) }],
      },
      1000.5,
    )
    expect(
      calls
        .filter(({ kind }) => kind === 'tool')
        .map(({ outcome, endedAtMs }) => [outcome, endedAtMs])
        .slice(0, 3),
    ).toEqual(Array.from({ length: 3 }, () => ['abandoned', 1000]))
    // The next turn has begun at the same instant and holds them again.
    expect(simulation.agent.tools.servers[0]!.busy.level).toBe(2)
    expect(simulation.agent.tools.servers[0]!.line.length).toBe(1)
  })

  test('a call on an engine is cut with the tokens that it had made', () => {
    const engine = { stepMs: 100, decodeMs: 0, prefillMs: 0, slots: 1 }
    const { calls } = alone({ users: patience('turn', 1050), model: { output: constant(50), engine } }, 1100)
    expect(calls[0]).toMatchObject({
      outcome: 'abandoned',
      firstTokenAtMs: 100,
      endedAtMs: 1050,
      outputTokens: 10,
    })
  })
})

describe('quota', () => {
  const retries = { attempts: 2, backoffMs: 100, honourRetryAfter: true }
  const quota = { requestsPerMinute: 60, tokensPerMinute: Infinity }

  test('a rejected call waits as long as it is told, and the wait is the quota’s', () => {
    const { turns, calls, simulation } = alone(
      { agent: { retries }, model: { ttft: constant(500), quota } },
      2600,
    )
    expect(
      calls.map(({ attempt, sentAtMs, endedAtMs, outcome, status }) => [
        attempt,
        sentAtMs,
        endedAtMs,
        outcome,
        status,
      ]),
    ).toEqual([
      [0, 0, 0, 'rejected', 429],
      [1, 1000, 1500, 'completed', 200],
      [0, 1500, 1500, 'rejected', 429],
      [1, 2000, 2500, 'completed', 200],
      [0, 2500, 2500, 'rejected', 429],
    ])
    expect(turns.map(({ endedAtMs }) => endedAtMs)).toEqual([1500, 2500])
    expect(simulation.meter.partMs[6]).toBe(1500)
  })

  test('tries used up fail the turn as rate limited', () => {
    const deaf = { ...retries, honourRetryAfter: false }
    const { turns, calls } = alone({ agent: { retries: deaf }, model: { quota } }, 310)
    expect(calls.slice(0, 3).map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [0, 'rejected'],
      [1, 'rejected'],
      [2, 'rejected'],
    ])
    expect(turns[0]).toMatchObject({ outcome: 'failed', errorKind: 'rate_limited', status: 429, tokens: 0 })
    expect(turns[0]!.endedAtMs).toBe(calls[2]!.endedAtMs)
  })

  test('throughput never passes the quota, however many users ask', () => {
    const limits = { requestsPerMinute: 120, tokensPerMinute: 100_000 }
    const workload = fixtureWorkload({
      users: { think: constant(2000) },
      agent: { retries },
      scenario: {
        input: { system: constant(700), message: constant(100), toolResult: constant(0), historyMessages: 0 },
      },
      model: {
        output: constant(200),
        maxTokens: 400,
        ttft: constant(300),
        perToken: constant(5),
        quota: limits,
      },
    })
    const { calls } = play(workload, { users: 50 }, 1_800_000)
    const admitted = calls.filter(({ outcome }) => outcome !== 'rejected')
    const sent = admitted.map(({ sentAtMs }) => sentAtMs).sort((a, b) => a - b)
    expect(sent.length).toBeGreaterThan(0.95 * 30 * 100)
    // A bucket that was empty at 0 has given out at most its refill by any later instant; reservations come on top.
    for (const [i, atMs] of sent.entries())
      expect((i + 1) * 1000).toBeLessThanOrEqual((atMs / 60_000) * 100_000 + 1e-3 + 1000)
    const counts = calls.filter(({ outcome }) => outcome === 'rejected')
    expect(counts.length).toBeGreaterThan(0)
  })
})

describe('a quota like a provider’s', () => {
  const model = (quota: string, more = ''): Workload['models'][number] =>
    parseWorkload(`model: { output: 100, perToken: 1ms, ${more} quota: { like: ${quota} } }`).workload!
      .models[0]!

  const refusals = (quota: string, more?: string): number => {
    const workload = fixtureWorkload({
      users: { think: constant(5000) },
      scenario: {
        input: { system: constant(900), message: constant(100), toolResult: constant(0), historyMessages: 0 },
      },
      model: model(quota, more),
    })
    const { calls } = play(workload, { users: 10 }, 1_200_000)
    return calls.filter(({ outcome }) => outcome === 'rejected').length / calls.length
  }

  test('what spills over is answered, and counts for nothing at the quota', () => {
    const vertex = 'vertex-gsu, gsu: 1, perUnit: 70k, outputWeight: 5'
    expect(refusals(vertex)).toBe(0)
    // Ten users every 5.1 s ask 118 calls of 1,500 a minute, of which 46 fit.
    expect(refusals(`${vertex}, overLimit: reject`)).toBeCloseTo(1 - 70_000 / (118 * 1500), 1)
  })

  test('cached input is free at Anthropic', () => {
    const quota = 'anthropic-start, itpm: 60k'
    // Buckets are empty at the start of a run.
    expect(refusals(quota, 'cached: 80%,')).toBeLessThan(0.001)
    expect(refusals(quota)).toBeCloseTo(1 - 60 / 118, 1)
  })
})
