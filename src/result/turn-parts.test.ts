import { describe, expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import type { Workload } from '../workload/workload.ts'
import type { Refusals, TurnRecord } from './records.ts'
import { createSummarizer, type Summarizer } from './summarize.ts'
import type { Dist, Summary, SummaryOrigin } from './summary.ts'

const window = { warmupMs: 0, measuredMs: 100_000 }

function summarized(
  objectives: readonly string[],
  play: (summarizer: Summarizer) => void,
  origin: SummaryOrigin = 'measured',
): Summary {
  const summarizer = createSummarizer({
    workload: workloadWith(objectives),
    origin,
    level: { users: 5 },
    speed: 1,
    window,
    runId: 'test',
  })
  play(summarizer)
  return summarizer.finish({ sessions: { started: 9, ended: 3 } })
}

function workloadWith(objectives: readonly string[]): Workload {
  const { workload, problems } = parseWorkload(`
users: { think: 10s }
scenarios: [{ name: quick, say: [hi] }, { name: long, say: [explain] }]
model: { ttft: 500ms, perToken: 10ms, output: 50 }
objectives: ${JSON.stringify(objectives)}
`)
  if (!workload) throw new Error(JSON.stringify(problems))
  return workload
}

/** A turn of so many milliseconds that began at 0. */
function turn(index: number, tookMs: number, more: Partial<TurnRecord> = {}): TurnRecord {
  return {
    kind: 'turn',
    session: 1,
    turn: index,
    scenario: 0,
    intendedAtMs: -50,
    sentAtMs: 0,
    firstTokenAtMs: tookMs / 2,
    usefulAtMs: tookMs / 2,
    endedAtMs: tookMs,
    tokens: 11,
    outcome: 'completed',
    errorKind: 'none',
    status: 200,
    ...more,
  }
}

const gaveUp = { outcome: 'abandoned', errorKind: 'abandoned', firstTokenAtMs: NaN, usefulAtMs: NaN } as const
const timedOut = { outcome: 'failed', errorKind: 'timeout', firstTokenAtMs: NaN, usefulAtMs: NaN } as const

describe('who gave up counts as at least that long, in every part', () => {
  // Half of the first turns are given up after 30 s: an average over the others would say 1 s.
  const { all, scenarios, turnIndexes } = summarized([], (summarizer) => {
    for (let i = 0; i < 10; i++) {
      summarizer.add(turn(0, 1000, { scenario: 1 }))
      summarizer.add(turn(0, 30_000, { scenario: 1, ...(i % 2 === 0 ? gaveUp : timedOut) }))
      summarizer.add(turn(4, 2000))
      summarizer.add(turn(9, 3000))
      summarizer.add(turn(9, 1, { outcome: 'rejected', errorKind: 'overloaded' }))
    }
  })

  test('by place in the session', () => {
    expect(Object.keys(turnIndexes!)).toEqual(['1', '4-7', '8+'])
    const first = turnIndexes!['1']!
    for (const name of ['turn', 'intended', 'ttft', 'useful'] as const)
      expect(first.metrics![name]).toMatchObject({
        p99: name === 'intended' ? 30_050 : 30_000,
        count: 20,
        censored: 10,
      })
    expect(first).toMatchObject({ completed: 10, errorRate: 0.5 })
  })

  test('what was shed at the door has no time at all', () => {
    expect(turnIndexes!['8+']).toMatchObject({
      completed: 10,
      errorRate: 0.5,
      turnMs: { max: 3000, count: 10 },
    })
  })

  test('by scenario, and over all', () => {
    expect(scenarios!['long']!.turnMs).toMatchObject({ p99: 30_000, censored: 10 })
    expect(scenarios!['quick']!.turnMs).toMatchObject({ max: 3000, censored: 0 })
    expect(all!.metrics!.turn).toMatchObject({ max: 30_000, count: 40, censored: 10 })
  })
})

test('a simulated run tells the parts with turn and first token, and of all turns what records tell', () => {
  const summary = summarized(
    ['turn p95 < 3s', 'ttft{turn:1} p95 < 1s', '[long] tpot p95 < 1s', 'useful p95 < 1s'],
    (summarizer) => {
      for (let i = 0; i < 40; i++) {
        const { usefulAtMs: _, ...seen } = turn(i % 2, 2000, { scenario: i % 2 })
        summarizer.add(seen)
      }
    },
    'simulated',
  )
  expect(Object.keys(summary.turnIndexes!['1']!.metrics!)).toEqual(['turn', 'ttft', 'errors'])
  expect(summary.turnIndexes!['1']!.turnMs).toMatchObject({ max: 2000, count: 20, censored: 0 })
  expect(Object.keys(summary.all!.metrics!)).toEqual(['turn', 'ttft', 'intended', 'errors', 'goodput'])
  expect(summary.refusals).toBeUndefined()
  expect(summary.objectives.map(({ value, pass }) => [value, pass])).toEqual([
    [2000, true],
    [1000, true],
    [100, true],
    [undefined, 'undecided'],
  ])
})

describe('objectives on parts', () => {
  test('by turn and by scenario, each on its own turns', () => {
    const { objectives } = summarized(
      [
        'ttft{turn:1} p95 < 2s',
        'turn{turn:2+} mean < 3s',
        '[long] turn{turn:1} p50 < 900ms',
        'errors{turn:2} < 30%',
      ],
      (summarizer) => {
        for (let i = 0; i < 40; i++) {
          summarizer.add(turn(0, 1000, { scenario: i % 2 }))
          summarizer.add(turn(1, 8000, i % 4 === 0 ? gaveUp : {}))
          summarizer.add(turn(2, 2000))
        }
      },
    )
    expect(objectives.map(({ value, pass }) => [value, pass])).toEqual([
      [500, true],
      [5000, false],
      [1000, false],
      [0.25, true],
    ])
  })

  test('goodput counts turns that keep every limit that is about them', () => {
    const { objectives, goodput, turnIndexes } = summarized(
      ['goodput > 70%', 'turn p95 < 3s', 'ttft{turn:1} p95 < 700ms', 'turn mean < 1ms'],
      (summarizer) => {
        for (let i = 0; i < 10; i++) {
          summarizer.add(turn(0, 1000))
          summarizer.add(turn(0, 2000))
          summarizer.add(turn(1, 2000))
          summarizer.add(turn(2, 4000))
        }
      },
    )
    expect(goodput).toMatchObject({
      share: 0.5,
      count: 40,
      turnsPerSecond: 0.2,
      limits: ['turn p95 < 3s', 'ttft{turn:1} p95 < 700ms'],
    })
    expect(objectives[0]).toMatchObject({ value: 0.5, limit: 0.7, pass: false })
    expect(turnIndexes!['2']!.metrics!.goodput).toMatchObject({ share: 1 })
  })

  test('the pace of tokens, by the turns they belong to', () => {
    const { objectives, turnIndexes, scenarios } = summarized(
      ['itl p50 < 15ms', 'itl{turn:1} p50 < 15ms', '[long] itl mean < 15ms'],
      (summarizer) => {
        summarizer.add(turn(0, 1000))
        summarizer.add(turn(7, 1000, { scenario: 1 }))
        for (let i = 0; i < 4; i++) {
          summarizer.interToken(10, 100, { scenario: 0, turn: 0 })
          summarizer.interToken(20, 300, { scenario: 1, turn: 7 })
        }
      },
    )
    expect(objectives.map(({ pass }) => pass)).toEqual([false, true, false])
    expect((turnIndexes!['8+']!.metrics!.itl as Dist).mean).toBe(20)
    expect((scenarios!['quick']!.metrics!.itl as Dist).mean).toBe(10)
  })

  test('sessions by how long they last', () => {
    const { objectives, sessions } = summarized(
      ['session p50 < 50s', '[long] session mean < 1m'],
      (summarizer) => {
        for (const seconds of [10, 20, 90])
          summarizer.session({
            scenario: seconds === 90 ? 1 : 0,
            durationMs: seconds * 1000,
            turns: seconds / 10,
            completed: seconds > 10,
          })
      },
    )
    expect(objectives.map(({ value, pass }) => [value, pass])).toEqual([
      [20_000, true],
      [90_000, false],
    ])
    expect(sessions).toMatchObject({
      started: 9,
      ended: 3,
      completed: 2,
      abandoned: 1,
      durationMs: { mean: 40_000, count: 3 },
      turns: { mean: 4 },
    })
  })
})

test('refusals: how many turns met one, what users did, and the time they lost', () => {
  const refusals: Refusals = { refused: 2, retries: 2, told: 1, obeyed: 1, lostMs: 1500 }
  const { refusals: found, objectives } = summarized(
    ['refused < 20%', 'retries mean < 1', 'lost p95 < 1s'],
    (summarizer) => {
      for (let i = 0; i < 40; i++) summarizer.add(turn(0, 2000, i % 4 === 0 ? { refusals } : {}))
    },
  )
  expect(found).toEqual({ turns: 10, refused: 20, retries: 20, told: 10, obeyed: 10, lostMs: 15_000 })
  expect(objectives.map(({ value, pass }) => [value, pass])).toEqual([
    [0.25, false],
    [0.5, true],
    [1500, false],
  ])
})
