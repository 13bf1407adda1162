import { expect, test } from 'vitest'
import type { PhoneSummary } from '../result/phone-summary.ts'
import { callCounts, callTimes } from './call-lines.ts'
import { callMetrics } from './call-metrics.ts'
import { fixtureLevelRun } from './fixture-run.ts'
import { summaryCounts } from './summary-lines.ts'

const phone: PhoneSummary = {
  calls: {
    completed: 82,
    escalated: 3,
    abandoned: 0,
    dropped: 0,
    blocked: 15,
    failed: 0,
    ended: 100,
    blockedByAgent: 0,
    perSecond: 0.5,
    inFlightAtStart: 4,
    offered: 98,
    inFlightAtEnd: 2,
  },
  active: { mean: 2.99, max: 4 },
  durationMs: { mean: 17_500, p50: 13_100, p90: 41_500, p95: 44_400, p99: 52_700 },
  queuedMs: { mean: 1, p50: 1, p90: 2, p95: 3, p99: 9 },
  interruptions: 7,
  talkedOver: 1,
  gaps: { count: 2, callsWithGaps: 1, longestMs: 450 },
  integrationTimeouts: 0.25,
  satisfaction: { score: 0.86, answeredWithinMs: 1400 },
  frames: { sent: 72_000, latenessP50Ms: 1, latenessP99Ms: 3.2, latenessMaxMs: 13 },
}

test('calls in words: what happened, and nothing of what did not', () => {
  expect(Object.fromEntries(callCounts(phone))).toEqual({
    calls:
      '30/min: 4 at start, 98 offered, 2 at end; 100 ended: completed 82 (82 %), escalated 3 (3 %), blocked 15 (15 %); an integration timed out in 25 %',
    'on the line': '2.99 on average, 4 at most',
    sound: '2 holes in the answers of 1 calls, the longest 450 ms; 1 answers began over the caller',
    callers: 'spoke into 7 answers',
    satisfaction:
      '0.86 of 1, a proxy: answers within 1.4 s, sound without holes, calls that came to their end; nobody was asked',
    frames: '72k sent, late by 3.2 ms (p99), 13 ms at most',
  })
  // A channel that is there at once is no wait.
  expect(callTimes(phone).flatMap(([label, dist]) => (dist ? [label] : []))).toEqual(['call'])
})

test('what calls cost the server is told by the second of a call, since most of it is sound', () => {
  const server = { cpuCores: 0.1495, cpuMsPerTurn: 600, rssBytes: 3e8, rssPeakBytes: 4e8 }
  const summary = { ...fixtureLevelRun().summaries[0]!, server }
  const serverOf = (of: Parameters<typeof summaryCounts>[0]) => new Map(summaryCounts(of)).get('server')
  expect(serverOf({ ...summary, phone })).toMatch(/, 50 ms of CPU a second of a call, /)
  expect(serverOf(summary)).toMatch(/, 600 ms of CPU a turn, /)
})

test('calls for machines: in seconds and shares, by ending', () => {
  const told = callMetrics(phone, { origin: 'measured' })
  const value = (name: string) => told.find((each) => each.name === name)?.value
  expect(
    told.filter(({ name }) => name === 'phone_calls').map(({ labels }) => labels['ending']),
  ).toHaveLength(6)
  expect(['phone_calls_active_max', 'phone_frame_lateness_p99', 'phone_barge_in_p95'].map(value)).toEqual([
    4,
    0.0032,
    undefined,
  ])
  expect(callMetrics(undefined, {})).toEqual([])
})

test.each([
  [0, 'blocked 15 (15 %)'],
  [4, 'blocked 15 (15 %, 4 of them by the agent)'],
  [15, 'blocked 15 (15 %, by the agent)'],
])('who gave the busy tones is told: %i by the agent', (blockedByAgent, text) => {
  const counts = Object.fromEntries(callCounts({ ...phone, calls: { ...phone.calls, blockedByAgent } }))
  expect(counts['calls']).toContain(text)
})

test('a response in parts, where hearing and speaking were seen: in the order of a turn, without its sound', () => {
  const turnTime = [
    { part: 'hearing', meanMs: 763 },
    { part: 'agent', meanMs: 66 },
    { part: 'model', meanMs: 407, p95Ms: 690 },
    { part: 'tools', meanMs: 0 },
    { part: 'speaking', meanMs: 94 },
    { part: 'answer heard', meanMs: 4543 },
  ]
  const response = (parts: typeof turnTime): unknown =>
    Object.fromEntries(callCounts(phone, parts))['a response']
  expect(response(turnTime)).toBe(
    'hearing 763 ms, model 407 ms (p95 690 ms), speaking 94 ms, agent 66 ms on average; hearing is the silence that ends speech, and its text',
  )
  expect(response(turnTime.slice(1))).toBeUndefined()
})
