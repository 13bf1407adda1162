import { expect, test } from 'vitest'
import { recordedPerSecond } from '../workload/arrivals.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { createSessions, type Sessions } from './sessions.ts'

const columns: Readonly<Record<string, number[]>> = {
  at: [10_000, 10_250, 13_000, 20_000],
  input: [4808, 3180, 110, 7433],
  output: [10, 8, 27, 0],
}
const parse = (users: string, more = '') =>
  parseWorkload(`users: ${users}\n${more}`, { traces: (_file, column) => columns[column]! }).workload!
const level = { sessionsPerSecond: 2 }
const sessionsOf = (users: string, seed = 1): Sessions => createSessions(parse(users), seed, level)
const starts = (sessions: Sessions, count: number): number[] =>
  Array.from({ length: count }, (_, session) => sessions.startMs(session))

/** Mean and squared coefficient of variation of the gaps. */
function gapMoments(instants: readonly number[]): { mean: number; scv: number } {
  const gaps = instants.slice(1).map((at, i) => at - instants[i]!)
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
  return { mean, scv: variance / mean ** 2 }
}

test('even arrivals keep one distance, and begin anywhere in it', () => {
  const first = Array.from({ length: 100 }, (_, seed) => {
    const instants = starts(sessionsOf('{ arrivals: even }', seed), 3)
    expect(instants[1]! - instants[0]!).toBeCloseTo(500, 9)
    expect(instants[2]! - instants[1]!).toBeCloseTo(500, 9)
    return instants[0]!
  })
  expect(Math.max(...first)).toBeLessThan(500)
  // Five standard errors of the mean of 100 uniforms.
  expect(Math.abs(first.reduce((sum, at) => sum + at, 0) / 100 - 250)).toBeLessThan(72)
})

// Fixed seeds; the bounds are about four standard errors of the heavy-tailed moments.
test.each([
  ['gamma(cv 3)', 9, 0.05, 0.15],
  ['gamma(cv 0.5)', 0.25, 0.01, 0.05],
  ['poisson', 1, 0.02, 0.05],
])('%s: the rate asked for and gaps of that variation', (arrivals, scv, meanOff, scvOff) => {
  const moments = gapMoments(starts(sessionsOf(`{ arrivals: ${arrivals} }`), 60_000))
  expect(Math.abs(moments.mean / 500 - 1)).toBeLessThan(meanOff)
  expect(Math.abs(moments.scv / scv - 1)).toBeLessThan(scvOff)
})

test('clustered arrivals come at their rate from the first instant on', () => {
  const count = Array.from(
    { length: 200 },
    (_, seed) => starts(sessionsOf('{ arrivals: gamma(cv 2) }', seed), 40).filter((at) => at < 1000).length,
  ).reduce((sum, each) => sum + each, 0)
  // Two a run are expected, 3.5 if a cluster began every run; a count's variance is at most cv² times that of Poisson:
  // four standard errors.
  expect(Math.abs(count / 200 - 2)).toBeLessThan(0.8)
})

const trace = '{ arrivals: { trace: t.csv, at: at, input: input, output: output } }'

test('a trace at its own rate starts sessions at its instants, and again when it is over', () => {
  const workload = parse(trace)
  const { arrivals } = workload.users
  if (arrivals?.kind !== 'trace') throw new Error('no trace')
  const sessions = createSessions(workload, 1, { sessionsPerSecond: recordedPerSecond(arrivals) })
  const period = (10_000 * 4) / 3
  const once = [0, 250, 3000, 10_000]
  for (const [i, at] of [...once, ...once.map((at) => at + period)].entries())
    expect(sessions.startMs(i)).toBeCloseTo(at, 8)
})

test('at another rate the gaps of a trace shrink or grow, and the seed changes nothing', () => {
  const [fast, faster] = [0.6, 1.2].map((sessionsPerSecond) =>
    starts(createSessions(parse(trace), sessionsPerSecond, { sessionsPerSecond }), 9),
  )
  fast!.forEach((at, i) => expect(faster![i]! * 2).toBeCloseTo(at, 8))
  expect(starts(sessionsOf(trace, 1), 9)).toEqual(starts(sessionsOf(trace, 2), 9))
})

test('every session carries its row’s tokens, closed load too; an answer has at least one and keeps to maxTokens', () => {
  const model = 'model: { input: { system: 500 }, maxTokens: 20 }'
  for (const at of [level, { users: 3 }]) {
    const sessions = createSessions(parse(trace, model), 1, at)
    expect([0, 1, 2, 3, 4].map((session) => sessions.inputTokens(session, 0, 1))).toEqual([
      5308, 3680, 610, 7933, 5308,
    ])
    expect([0, 1, 2, 3, 4].map((session) => sessions.tokens(session, 0, 1))).toEqual([10, 8, 20, 1, 10])
  }
})

test('draws do not depend on the order in which they are asked for', () => {
  const [forwards, backwards] = [
    sessionsOf('{ arrivals: gamma(cv 3) }'),
    sessionsOf('{ arrivals: gamma(cv 3) }'),
  ]
  const late = backwards.startMs(500)
  expect(starts(forwards, 501)).toEqual(starts(backwards, 501))
  expect(late).toBe(forwards.startMs(500))
})

const day = Array.from({ length: 24 }, (_, hour) => (hour < 6 ? 0 : hour < 12 ? 0.5 : hour === 12 ? 1 : 0.25))

test('open arrivals follow the day: hour by hour its share of the busiest one, day after day', () => {
  const sessions = sessionsOf(`{ peak: { day: [${day.map((share) => `${share * 100}%`).join(', ')}] } }`)
  const counts = new Float64Array(48)
  for (let session = 0; ; session++) {
    const hour = Math.floor(sessions.startMs(session) / 3_600_000)
    if (hour >= 48) break
    counts[hour]!++
  }
  // Poisson counts: four and a half standard deviations.
  for (const [hour, count] of counts.entries()) {
    const expected = 7200 * day[hour % 24]!
    expect(Math.abs(count - expected)).toBeLessThanOrEqual(4.5 * Math.sqrt(expected))
  }
})

test('closed load does not follow the day', () => {
  const users = '{ think: exponential(mean 30s), peak: { day: [' + Array(24).fill('100%').join(', ') + '] } }'
  const plain = '{ think: exponential(mean 30s) }'
  const startsOf = (text: string): number[] => {
    const sessions = createSessions(parse(text), 1, { users: 5 })
    return [0, 1, 2, 3, 4].map((user) => sessions.startMs(user))
  }
  expect(startsOf(users)).toEqual(startsOf(plain))
})
