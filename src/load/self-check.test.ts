import { expect, test } from 'vitest'
import type { TurnRecord } from '../result/records.ts'
import { type SelfCheckInput, selfCheck } from './self-check.ts'

const turn = (intendedAtMs: number, lateMs = 0, tookMs = 1000): TurnRecord => ({
  kind: 'turn',
  session: 0,
  turn: 0,
  scenario: 0,
  intendedAtMs,
  sentAtMs: intendedAtMs + lateMs,
  firstTokenAtMs: NaN,
  endedAtMs: intendedAtMs + lateMs + tookMs,
  tokens: 1,
  outcome: 'completed',
  errorKind: 'none',
  status: 200,
})

const check = (changes: Partial<SelfCheckInput>) =>
  selfCheck({
    turns: Array.from({ length: 100 }, (_, i) => turn(1000 + i * 100)),
    window: { warmupMs: 1000, measuredMs: 10_000 },
    speed: 1,
    self: { loopDelayP99Ms: 2, cores: 0.3 },
    agentCores: 2,
    doubts: [],
    ...changes,
  })

test('a generator that keeps up is valid and says how it did', () => {
  expect(check({ providerLatenessP99Ms: 3, agentCpu: 0.5 })).toEqual({
    valid: true,
    reasons: [],
    requestedPerSecond: 10,
    achievedPerSecond: 10,
    latenessP99Ms: 0,
    loopDelayP99Ms: 2,
    cpu: 0.3,
    providerLatenessP99Ms: 3,
    agentCpu: 0.5,
  })
})

const lateTurns = (lateMs: number, tookMs: number) =>
  Array.from({ length: 100 }, (_, i) => turn(1000 + i * 50, i < 5 ? lateMs : 0, tookMs))

test.each<[string, Partial<SelfCheckInput>, RegExp | undefined]>([
  ['late by a twentieth of a turn', { turns: lateTurns(50, 1000) }, undefined],
  [
    'late by more',
    { turns: lateTurns(51, 1000) },
    /^messages were sent late at p99: 51 ms, more than 50 ms$/,
  ],
  ['late, but less than 20 ms', { turns: lateTurns(20, 100) }, undefined],
  ['late by more than 20 ms', { turns: lateTurns(21, 100) }, /more than 20 ms/],
  ['a late turn of the warm-up', { turns: [turn(0, 900), ...lateTurns(0, 100)] }, undefined],
  ['a blocked loop', { self: { loopDelayP99Ms: 80, cores: 0.3 } }, /event loop was blocked at p99: 80 ms/],
  ['a loop that compression magnifies', { speed: 50 }, /event loop .* 100 ms of workload time \(speed 50\)/],
  ['frames late by one of them', { frameLatenessP99Ms: 20 }, undefined],
  [
    'frames late by more',
    { frameLatenessP99Ms: 21 },
    /^frames of sound were late at p99: 21 ms, more than 20 ms$/,
  ],
  [
    'frames late by a twentieth of the response, which is not the whole answer',
    { frameLatenessP99Ms: 41, turns: [{ ...turn(2000, 0, 9000), firstTokenAtMs: 2800 }] },
    /^frames of sound were late at p99: 41 ms, more than 40 ms$/,
  ],
  [
    'a loop whose delay bends how soon a call is answered',
    {
      self: { loopDelayP99Ms: 45, cores: 0.3 },
      frameLatenessP99Ms: 1,
      turns: [{ ...turn(2000, 0, 9000), firstTokenAtMs: 2800 }],
    },
    /event loop was blocked at p99: 45 ms, more than 40 ms$/,
  ],
  ['a busy thread', { self: { loopDelayP99Ms: 1, cores: 0.95 } }, /used 0.95 cores/],
  [
    'one busy thread of several, however idle this one is',
    {
      workers: [
        { loopDelayP99Ms: 1, cores: 0.2 },
        { loopDelayP99Ms: 1, cores: 0.93 },
      ],
    },
    /^one of the generator's 2 workers used 0.93 cores and has one$/,
  ],
  [
    'one blocked thread of several',
    {
      workers: [
        { loopDelayP99Ms: 70, cores: 0.2 },
        { loopDelayP99Ms: 1, cores: 0.2 },
      ],
    },
    /event loop was blocked at p99: 70 ms/,
  ],
  [
    'a process of two busy halves, and one that only gathers and is late',
    {
      self: { loopDelayP99Ms: 90, cores: 1.4 },
      workers: [0, 1].map(() => ({ loopDelayP99Ms: 1, cores: 0.7 })),
    },
    undefined,
  ],
  ['a late provider', { providerLatenessP99Ms: 60 }, /provider was late at p99: 60 ms/],
  ['a busy agent in real time', { agentCpu: 1.9 }, undefined],
  ['a busy agent in compressed time', { agentCpu: 1.1, speed: 2 }, /the agent used 55 % of its CPU/],
  ['an idle agent in compressed time', { agentCpu: 0.9, speed: 2 }, undefined],
  ['a doubt from before', { doubts: ['another file'] }, /^another file$/],
  [
    'messages due but not sent',
    { turns: lateTurns(9000, 100).map((t, i) => (i < 50 ? turn(10_000, 9000) : t)) },
    /only 50 of 100/,
  ],
])('%s', (_, changes, reason) => {
  const { valid, reasons } = check(changes)
  expect(valid).toBe(reason === undefined)
  if (reason) expect(reasons.some((each) => reason.test(each))).toBe(true)
})

test('a run without turns has nothing to report but is not a fault of the generator', () => {
  const report = check({ turns: [], window: { warmupMs: 0, measuredMs: 0 } })
  expect(report).toEqual({ valid: true, reasons: [], loopDelayP99Ms: 2, cpu: 0.3 })
})
