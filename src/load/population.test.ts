// A patience says what happens `then`, which the linter takes for a promise.
// oxlint-disable unicorn/no-thenable
import type { TurnSignal } from './turn-signal.ts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { HandClock, loadWorkload } from '../../test/load-world.ts'
import type { TurnRecord } from '../result/records.ts'
import { createSessions } from '../sessions/sessions.ts'
import { constant, exponential } from '../stats/distributions.ts'
import type { Workload } from '../workload/workload.ts'
import type { Driver, DriverResult, DriverTurn } from './driver.ts'
import { InterTokenTally } from './inter-token-tally.ts'
import { startPopulation } from './population.ts'
import type { TurnContext } from './run-turn.ts'
import { type Shape, arrivalMs, durationMs, peakLevel, shapeOfLevel, shapeOfStages } from './stages.ts'
import { TurnTally } from './turn-tally.ts'

type Play = (turn: DriverTurn, signal: TurnSignal, clock: HandClock) => Promise<DriverResult>

const completed: DriverResult = { outcome: 'completed', errorKind: 'none' }

const answerAfter =
  (ms: number): Play =>
  async (_, signal, clock) => {
    const gone = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    await Promise.race([clock.sleep(ms), gone])
    return signal.aborted ? { outcome: 'abandoned', errorKind: 'abandoned' } : completed
  }

/** Plays a whole run on a clock turned by hand. */
async function play(
  shape: Shape,
  driverTurn: Play,
  workload: Workload = loadWorkload(),
  stopAtMs = durationMs(shape),
  more: Partial<TurnContext> = {},
) {
  const clock = new HandClock()
  const cut = new AbortController()
  const tally = new TurnTally()
  const records: TurnRecord[] = []
  const texts: string[] = []
  const sessions = createSessions(workload, 1, peakLevel(shape))
  const driver: Driver = {
    leave: () => {},
    turn: (turn, _, signal) => {
      texts.push(turn.text)
      return driverTurn(turn, signal, clock)
    },
    close: () => Promise.resolve(),
  }
  const context = {
    workload,
    sessions,
    clock,
    driver,
    run: 7,
    marker: 'none' as const,
    turnTimeoutMs: 600_000,
    cut: cut.signal,
    interToken: new InterTokenTally(0),
    ...more,
  }
  const counts = { started: 0, ended: 0, turnedAway: 0 }
  const population = startPopulation(context, shape, {
    sessionStarted: () => void counts.started++,
    sessionEnded: () => void counts.ended++,
    sessionTurnedAway: () => void counts.turnedAway++,
    sampled: () => {},
    remarked: () => {},
    started: () => tally.start(),
    ended: ({ record }) => {
      tally.end(record)
      records.push(record)
    },
  })
  population.gone.catch(() => {})
  await clock.turn(stopAtMs)
  const atEnd = tally.read()
  population.stop()
  cut.abort()
  await clock.turn(stopAtMs)
  await population.gone
  return { records, texts, sessions, atEnd, accounting: tally.read(), counts }
}

const closed = (users: number, ms: number): Shape => shapeOfLevel({ users }, ms)

test('a user waits for the answer, thinks and goes on; sessions are users apart', async () => {
  const users = 3
  const { records, sessions } = await play(closed(users, 20_000), answerAfter(200))
  expect(records.length).toBeGreaterThan(30)
  for (let user = 0; user < users; user++) {
    const own = records.filter((record) => record.session % users === user)
    expect(own[0]).toMatchObject({ session: user, turn: 0, intendedAtMs: sessions.startMs(user) })
    for (const [i, record] of own.entries()) {
      if (i === 0) continue
      const before = own[i - 1]!
      const last = before.turn === sessions.turns(before.session) - 1
      expect(record.session).toBe(last ? before.session + users : before.session)
      expect(record.turn).toBe(last ? 0 : before.turn + 1)
      expect(record.intendedAtMs).toBe(before.endedAtMs + sessions.thinkMs(record.session, record.turn))
    }
  }
})

test('open sessions start at their own instants, however slow the answers are', async () => {
  const shape = shapeOfLevel({ sessionsPerSecond: 2 }, 10_000)
  const { records, sessions, accounting } = await play(shape, answerAfter(1e9))
  const expected = Array.from({ length: 100 }, (_, k) => arrivalMs(shape, sessions.unitArrival(k))).filter(
    (at) => at < 10_000,
  )
  expect(expected.length).toBeGreaterThan(10)
  expect(records.map((record) => record.intendedAtMs)).toEqual(expected)
  expect(accounting).toMatchObject({ started: expected.length, cut: expected.length, inFlight: 0 })
})

test('a trace is played as it was recorded: the simulator’s instants are the load’s', async () => {
  const atMs = [0, 40, 1700, 1700, 5200]
  const users = {
    ...loadWorkload().users,
    arrivals: { kind: 'trace' as const, text: 'trace', atMs, periodMs: 6500 },
  }
  const level = { sessionsPerSecond: (atMs.length / 6500) * 1000 }
  const { records, sessions } = await play(shapeOfLevel(level, 12_000), answerAfter(1e9), {
    ...loadWorkload(),
    users,
  })
  const twice = [...atMs, ...atMs.map((at) => at + 6500)].filter((at) => at < 12_000)
  expect(records).toHaveLength(twice.length)
  for (const [i, at] of twice.entries()) {
    expect(records[i]!.intendedAtMs).toBeCloseTo(at, 6)
    expect(sessions.startMs(i)).toBeCloseTo(at, 6)
  }
})

test('users come and go with the stages, and a turn under way is finished', async () => {
  const shape = shapeOfStages({
    of: 'users',
    stages: [
      { durationMs: 10_000, target: 5 },
      { durationMs: 10_000, target: 0 },
    ],
  })
  const { records, accounting } = await play(shape, answerAfter(100))
  const firstOf = (user: number): number =>
    Math.min(...records.filter((r) => r.session % 5 === user).map((r) => r.sentAtMs))
  for (let user = 0; user < 5; user++) expect(firstOf(user)).toBeGreaterThanOrEqual((user + 1) * 2000)
  for (const record of records) expect(record.sentAtMs).toBeLessThan(20_000 - (record.session % 5) * 2000)
  expect(accounting).toMatchObject({ cut: 0, inFlight: 0, completed: records.length })
})

test('patience ends a turn at its instant, and the user goes on or leaves', async () => {
  const users = (then: 'continue' | 'leave'): Workload =>
    loadWorkload(
      { users: { think: constant(100), peak: {}, patience: { of: 'turn', after: constant(250), then } } },
      { turns: constant(3), think: constant(10) },
    )
  const goOn = await play(closed(1, 3000), answerAfter(400), users('continue'))
  expect(
    goOn.records.slice(0, -1).every((r) => r.outcome === 'abandoned' && r.endedAtMs - r.sentAtMs === 250),
  ).toBe(true)
  expect(goOn.records.slice(0, 4).map((r) => [r.session, r.turn])).toEqual([
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
  ])
  const leave = await play(closed(1, 3000), answerAfter(400), users('leave'))
  expect(leave.records.slice(0, 3).map((r) => [r.session, r.turn])).toEqual([
    [0, 0],
    [1, 0],
    [2, 0],
  ])
})

test('a failed turn is followed by the next message, not by the same one again', async () => {
  const fail: Play = () => Promise.resolve({ outcome: 'failed', errorKind: 'http_5xx', message: 'no' })
  const { texts, accounting } = await play(closed(1, 5000), fail, loadWorkload({}, { turns: constant(3) }))
  expect(texts.slice(0, 4)).toEqual(['hello', 'and then?', 'thanks', 'hello'])
  expect(accounting.failed).toBe(accounting.started)
})

test('a bug in a driver ends the run and is thrown', async () => {
  let turns = 0
  const broken: Play = () => (++turns > 3 ? Promise.reject(new Error('a bug')) : Promise.resolve(completed))
  await expect(play(closed(4, 60_000), broken)).rejects.toThrow('a bug')
})

test('accounting closes, whatever happens to turns and whenever the run is stopped', async () => {
  const results: DriverResult[] = [
    completed,
    { outcome: 'failed', errorKind: 'protocol', message: 'x' },
    { outcome: 'rejected', errorKind: 'overloaded' },
  ]
  const shapes = fc.oneof(
    fc.record({ users: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ sessionsPerSecond: fc.integer({ min: 1, max: 6 }) }),
  )
  await fc.assert(
    fc.asyncProperty(
      shapes,
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 1, max: 3000 }),
      fc.array(fc.nat(2), { minLength: 1, maxLength: 5 }),
      async (level, rampMs, stopAtMs, pattern) => {
        let i = 0
        const driverTurn: Play = async (turn, signal, clock) => {
          const result = await answerAfter(((i * 37) % 11) * 40)(turn, signal, clock)
          return result === completed ? results[pattern[i++ % pattern.length]!]! : result
        }
        const impatient = loadWorkload({
          users: {
            think: exponential(200),
            peak: {},
            patience: { of: 'turn', after: exponential(600), then: 'leave' },
          },
        })
        const { records, atEnd, accounting } = await play(
          shapeOfLevel(level, 3000, rampMs),
          driverTurn,
          impatient,
          stopAtMs,
        )
        for (const counts of [atEnd, accounting])
          expect(counts.started).toBe(
            counts.completed +
              counts.failed +
              counts.abandoned +
              counts.rejected +
              counts.cut +
              counts.inFlight,
          )
        expect(accounting.inFlight).toBe(0)
        expect(accounting.cut).toBe(atEnd.inFlight)
        expect(records).toHaveLength(accounting.started)
        expect(new Set(records.map((r) => `${r.session}/${r.turn}`)).size).toBe(records.length)
        for (const record of records) {
          expect(record.sentAtMs).toBeGreaterThanOrEqual(record.intendedAtMs)
          expect(record.endedAtMs).toBeGreaterThanOrEqual(record.sentAtMs)
        }
      },
    ),
    { numRuns: 40 },
  )
})

test.each([
  [{ maxUsers: 3 }, 3],
  // Each of two crews has its part: the second of three users one.
  [{ maxUsers: 3, part: { index: 1, of: 2 } }, 1],
])('of open arrivals no more than %j are there at once, the others are turned away', async (more, most) => {
  const shape = shapeOfLevel({ sessionsPerSecond: 5 }, 10_000)
  const { accounting, counts, sessions } = await play(shape, answerAfter(1e9), undefined, undefined, more)
  const { index, of } = 'part' in more ? more.part : { index: 0, of: 1 }
  const own = Array.from({ length: 200 }, (_, k) => k).filter((k) => k % of === index)
  const arrived = own.filter((k) => arrivalMs(shape, sessions.unitArrival(k)) < 10_000).length
  expect(accounting.started).toBe(most)
  expect(counts).toMatchObject({ started: most, turnedAway: arrived - most })
})
