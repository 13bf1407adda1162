import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TurnRecord } from './records.ts'
import { TurnLog } from './turn-log.ts'

const instant = fc.double({ min: 0, max: 1e6, noNaN: true })
const maybe = fc.oneof(instant, fc.constant(NaN))
const turn: fc.Arbitrary<TurnRecord> = fc.record(
  {
    kind: fc.constant('turn' as const),
    session: fc.nat(2 ** 40),
    turn: fc.nat(1e6),
    scenario: fc.nat(9),
    intendedAtMs: instant,
    sentAtMs: instant,
    firstTokenAtMs: maybe,
    endedAtMs: instant,
    tokens: fc.double({ min: 0, max: 1e5, noNaN: true }),
    outcome: fc.constantFrom('completed' as const, 'failed' as const, 'abandoned' as const),
    errorKind: fc.constantFrom('none' as const, 'timeout' as const),
    status: fc.constantFrom(0, 200, 503),
    usefulAtMs: maybe,
    refusals: fc.constant({ refused: 1, retries: 1, told: 0, obeyed: 0, lostMs: 2.5 }),
    tags: fc.constant({ plan: 'pro' }),
  },
  {
    noNullPrototype: true,
    requiredKeys: [
      ...(['kind', 'session', 'turn', 'scenario', 'intendedAtMs', 'sentAtMs', 'firstTokenAtMs'] as const),
      ...(['endedAtMs', 'tokens', 'outcome', 'errorKind', 'status'] as const),
    ],
  },
)

test('gives every turn back as it was, in the order in which they ended', () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 20 }), fc.boolean(), (turns, inOrder) => {
      const told = inOrder ? turns.toSorted((a, b) => a.endedAtMs - b.endedAtMs) : turns
      const log = new TurnLog()
      for (const each of turns) log.add(each)
      log.clear()
      for (const each of told) log.add(each)
      expect([...log]).toStrictEqual(told.toSorted((a, b) => a.endedAtMs - b.endedAtMs))
      expect(log.length).toBe(turns.length)
      const within = turns.filter(({ endedAtMs }) => endedAtMs >= 1000 && endedAtMs < 5e5)
      expect(log.endedWithin(1000, 5e5)).toBe(within.length)
    }),
    { numRuns: 200, seed: 3 },
  )
})

test('grows block by block', () => {
  const log = new TurnLog()
  const [first] = fc.sample(turn, { numRuns: 1, seed: 1 })
  for (let i = 0; i < 10_000; i++) log.add({ ...first!, session: i, endedAtMs: i })
  expect([...log].map(({ session }) => session)).toEqual(Array.from({ length: 10_000 }, (_, i) => i))
})
