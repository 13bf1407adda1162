import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import type { Workload } from '../workload/workload.ts'
import { modelCall } from './fixture-records.ts'
import type { CallRecord, ErrorKind, Outcome, TurnRecord } from './records.ts'
import { createSummarizer, type Summarizer, type SummarizerOptions } from './summarize.ts'

const workload = parsed(`
name: two kinds
users: { think: 10s, peak: { peakToAverage: 2 } }
scenarios:
  - { name: quick, weight: 3, say: [hi], depth: 1 }
  - { name: long, weight: 1, say: [explain], depth: 2, tools: [lookup] }
tools: { lookup: { latency: 200ms } }
model: { ttft: 500ms, perToken: 10ms, output: 50, price: { input: $2, cached: $1, output: $8 } }
agent: { server: { perMonth: $100 } }
objectives: [turn p50 < 2s, errors < 30%, turn mean < 20s]
`)

const window = { warmupMs: 10_000, measuredMs: 100_000 }

test('one turn after another, exactly', () => {
  const summary = summarized((summarizer) => {
    // Ended within the warm-up: counted nowhere.
    summarizer.add(call({ turn: 0, sentAtMs: 5000, endedAtMs: 6000 }))
    summarizer.add(turn({ turn: 0, sentAtMs: 5000, endedAtMs: 6000 }))
    // Across its end: in flight at the start, and counted by its end.
    summarizer.add(call({ turn: 1, sentAtMs: 9500, endedAtMs: 10_500 }))
    summarizer.add(turn({ turn: 1, sentAtMs: 9000, firstTokenAtMs: 10_000, endedAtMs: 11_000 }))
    // A refused call, a wait, two steps with a tool between.
    const own = { turn: 2, depth: 2 }
    summarizer.add(call({ ...own, sentAtMs: 20_100, endedAtMs: 20_110, outcome: 'rejected', status: 429 }))
    summarizer.add(call({ ...own, attempt: 1, sentAtMs: 20_610, endedAtMs: 21_610 }))
    summarizer.add(call({ ...own, kind: 'tool', sentAtMs: 21_650, endedAtMs: 21_850 }))
    summarizer.add(call({ ...own, step: 2, sentAtMs: 21_900, endedAtMs: 22_900 }))
    summarizer.add(
      turn({
        turn: 2,
        scenario: 1,
        intendedAtMs: 19_000,
        sentAtMs: 20_000,
        firstTokenAtMs: 22_400,
        endedAtMs: 23_000,
      }),
    )
    // Given up after 30 s: at least that long. Shed at the door: no latency at all.
    summarizer.add(
      turn({ turn: 3, sentAtMs: 30_000, firstTokenAtMs: NaN, endedAtMs: 60_000, ...failed('abandoned') }),
    )
    summarizer.add(
      turn({ turn: 4, sentAtMs: 70_000, endedAtMs: 70_001, ...failed('rejected', 'overloaded') }),
    )
    // Still there at the end of the window.
    summarizer.add(turn({ turn: 5, sentAtMs: 109_000, endedAtMs: 111_000 }))
  })
  expect(summary.turns).toEqual({
    inFlightAtStart: 1,
    started: 4,
    completed: 2,
    failed: 0,
    abandoned: 1,
    rejected: 1,
    inFlightAtEnd: 1,
    perSecond: 0.02,
  })
  expect(summary.latency.turnMs).toMatchObject({
    count: 3,
    censored: 1,
    max: 30_000,
    mean: 35_000 / 3,
    p50: 3000,
  })
  expect(summary.latency.ttftMs).toMatchObject({ count: 3, censored: 1, p50: 2400 })
  expect(summary.latency.intendedTurnMs?.p50).toBe(4000)
  expect(summary.ownTime?.beforeMs?.max).toBe(500)
  expect(summary.ownTime?.betweenMs?.max).toBe(90)
  expect(summary.ownTime?.afterMs?.max).toBe(500)
  expect(summary.ownTime?.retryWaitMs?.max).toBe(500)
  expect(summary.calls).toMatchObject({
    // Three that were answered, and the one refused.
    perSecond: 0.04,
    retriesPerTurn: 0.5,
    depth: { intended: 1.5, observed: 1.5, cut: 0 },
  })
  expect(summary.calls?.perTurn?.mean).toBe(1.5)
  expect(summary.calls?.inFlight?.mean).toBeCloseTo((500 + 10 + 1000 + 1000) / 100_000, 12)
  expect(summary.models?.['model']).toMatchObject({
    perSecond: 0.03,
    rateLimitedPerSecond: 0.01,
    tokensPerCall: { input: 1000, cachedInput: 400, output: 50, max: 200 },
  })
  expect(summary.tools?.['lookup']).toMatchObject({ perSecond: 0.01, errorRate: 0 })
  expect(summary.scenarios).toMatchObject({
    quick: { completed: 1, errorRate: 2 / 3 },
    long: { completed: 1, errorRate: 0 },
  })
  expect(summary.errors).toEqual({ rate: 0.5, byKind: { abandoned: 1, overloaded: 1 } })
  expect(summary.tokens).toEqual({ input: 3000, cachedInput: 1200, output: 150, perSecond: 31.5 })
  // (1800 × $2 + 1200 × $1 + 150 × $8) ÷ 1M over two answered turns.
  const perTurnUsd = 0.003
  expect(summary.cost?.perTurnUsd).toBeCloseTo(perTurnUsd, 12)
  expect(summary.cost?.perUserHourUsd).toBeCloseTo((perTurnUsd * 0.02 * 3600) / 5, 12)
  expect(summary.cost?.perMonthUsd).toBeCloseTo((perTurnUsd * 0.02 * 3600 * 730) / 2 + 100, 9)
  expect(summary.turnTime).toEqual([
    { part: 'agent', meanMs: (1000 + 300) / 2 },
    { part: 'model', meanMs: 1500 },
    { part: 'tools', meanMs: 100 },
    { part: 'retry wait', meanMs: 250 },
  ])
  expect(summary.objectives).toMatchObject([
    { text: 'turn p50 < 2s', value: 3000, exceeded: { share: 2 / 3, allowed: 0.5 }, pass: false },
    { text: 'errors < 30%', value: 0.5, pass: false },
    { value: 35_000 / 3, pass: true },
  ])
})

test('parallel tool calls are one stretch of time', () => {
  const summary = summarized((summarizer) => {
    summarizer.add(call({ sentAtMs: 20_000, endedAtMs: 21_000 }))
    for (const endedAtMs of [21_300, 21_500, 21_200])
      summarizer.add(call({ kind: 'tool', sentAtMs: 21_000, endedAtMs }))
    summarizer.add(call({ step: 2, sentAtMs: 21_500, endedAtMs: 22_000 }))
    summarizer.add(turn({ sentAtMs: 20_000, endedAtMs: 22_000 }))
  })
  expect(summary.turnTime).toMatchObject([{ meanMs: 0 }, { meanMs: 1500 }, { meanMs: 500 }, { meanMs: 0 }])
})

test('too few turns decide nothing, unless far beyond the limit', () => {
  const pass = (errors: number, turns: number): boolean | 'undecided' =>
    summarized((summarizer) => {
      for (let i = 0; i < turns; i++)
        summarizer.add(
          turn({
            turn: i,
            sentAtMs: 20_000,
            endedAtMs: 21_000,
            ...(i < errors ? failed('failed', 'http_5xx') : {}),
          }),
        )
    }).objectives[1]!.pass
  expect(pass(0, 0)).toBe('undecided')
  expect(pass(0, 3)).toBe('undecided')
  expect(pass(1, 3)).toBe('undecided')
  expect(pass(3, 3)).toBe(false)
  expect(pass(0, 4)).toBe(true)
  expect(pass(2, 4)).toBe(false)
})

test('where nobody sees what is behind the agent, nothing of it is told', () => {
  const told = summarized(oneTurn, { callsUnseen: true })
  for (const unseen of ['calls', 'models', 'tools', 'tokens', 'joined', 'ownTime', 'cost'])
    expect(told).not.toHaveProperty(unseen)
  expect(told.turns.completed).toBe(1)
})

test('a level that moves in stages has a cost a turn, but no user-hour and no month', () => {
  const told = summarized(oneTurn, { stages: true })
  expect(told).toMatchObject({ stages: true, cost: { perTurnUsd: expect.any(Number) } })
  expect(Object.keys(told.cost!)).toEqual(['perTurnUsd'])
})

test('answers that come in a few bursts make the rate uncertain, never less than none', () => {
  const { perSecondCi95 } = summarized((summarizer) => {
    for (let i = 0; i < 200; i++) summarizer.add(turn({ turn: i, sentAtMs: 20_000, endedAtMs: 21_000 }))
  }).turns
  expect(perSecondCi95![0]).toBe(0)
  expect(perSecondCi95![1]).toBeGreaterThan(2)
})

test('turns a second of a load that moves on purpose have no interval: their bins differ by what was asked', () => {
  const evenly = (summarizer: Summarizer): void => {
    for (let i = 0; i < 400; i++)
      summarizer.add(turn({ turn: i, sentAtMs: 10_000 + 200 * i, endedAtMs: 10_100 + 200 * i }))
  }
  const level = { sessionsPerSecond: 5 }
  const day = Array.from({ length: 24 }, (_, hour) => hour / 23)
  const byDay = { ...workload, users: { ...workload.users, peak: { day } } }
  expect(summarized(evenly, { level }).turns).toHaveProperty('perSecondCi95')
  for (const moves of [
    { level, stages: true },
    { level, workload: byDay },
  ])
    expect(summarized(evenly, moves).turns).not.toHaveProperty('perSecondCi95')
  // The users of the busiest hour are there all the time.
  expect(summarized(evenly, { workload: byDay }).turns).toHaveProperty('perSecondCi95')
})

test('a model without a price leaves the cost unknown, never zero', () => {
  const { price: _, ...model } = workload.models[0]!
  const summary = summarized(oneTurn, { workload: { ...workload, models: [model] } })
  expect(summary).not.toHaveProperty('cost')
})

const ended = fc.record({
  session: fc.integer({ min: 0, max: 50 }),
  scenario: fc.integer({ min: 0, max: 1 }),
  sentAtMs: fc.integer({ min: 0, max: 115_000 }),
  tookMs: fc.integer({ min: 0, max: 60_000 }),
  how: fc.constantFrom(
    failed('abandoned'),
    failed('failed', 'timeout'),
    failed('rejected', 'overloaded'),
    {},
  ),
})

test('accounting closes for any turns, and scenarios add up to the whole', () => {
  fc.assert(
    fc.property(fc.array(ended, { maxLength: 200 }), (turns) => {
      const summary = summarized((summarizer) => {
        turns
          .map((each, i) => turn({ ...each.how, ...each, turn: i, endedAtMs: each.sentAtMs + each.tookMs }))
          .toSorted((a, b) => a.endedAtMs - b.endedAtMs)
          .forEach((record) => summarizer.add(record))
      })
      const {
        inFlightAtStart,
        started,
        completed,
        failed: lost,
        abandoned,
        rejected,
        inFlightAtEnd,
      } = summary.turns
      expect(inFlightAtStart! + started!).toBe(completed! + lost! + abandoned! + rejected! + inFlightAtEnd!)
      expect(inFlightAtEnd).toBe(
        turns.filter(({ sentAtMs, tookMs }) => sentAtMs < 110_000 && sentAtMs + tookMs >= 110_000).length,
      )
      const scenarios = Object.values(summary.scenarios!)
      expect(scenarios.reduce((sum, each) => sum + each.completed, 0)).toBe(completed)
    }),
  )
})

function oneTurn(summarizer: Summarizer): void {
  summarizer.add(call({ sentAtMs: 20_000, endedAtMs: 21_000 }))
  summarizer.add(turn({ sentAtMs: 20_000, endedAtMs: 21_000 }))
}

function summarized(play: (summarizer: Summarizer) => void, more: Partial<SummarizerOptions> = {}) {
  const summarizer = createSummarizer({
    workload,
    origin: 'measured',
    level: { users: 5 },
    speed: 1,
    window,
    runId: 'test',
    ...more,
  })
  play(summarizer)
  return summarizer.finish({})
}

function turn(parts: Partial<TurnRecord> & { sentAtMs: number; endedAtMs: number }): TurnRecord {
  return {
    kind: 'turn',
    session: 1,
    turn: 0,
    scenario: 0,
    intendedAtMs: parts.sentAtMs,
    firstTokenAtMs: parts.sentAtMs,
    tokens: 50,
    outcome: 'completed',
    errorKind: 'none',
    status: 200,
    ...parts,
  }
}

function call(parts: Partial<CallRecord> & { sentAtMs: number; endedAtMs: number }): CallRecord {
  const tokens = { inputTokens: 1000, cachedTokens: 400, outputTokens: 50, maxTokens: 200 }
  return modelCall({ firstTokenAtMs: parts.sentAtMs, ...tokens, ...parts })
}

function failed(
  outcome: Outcome,
  errorKind: ErrorKind = 'abandoned',
): { outcome: Outcome; errorKind: ErrorKind } {
  return { outcome, errorKind }
}

function parsed(text: string): Workload {
  const { workload: read, problems } = parseWorkload(text)
  if (!read) throw new Error(JSON.stringify(problems))
  return read
}
