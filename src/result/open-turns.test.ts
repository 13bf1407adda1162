import fc from 'fast-check'
import { expect, test } from 'vitest'
import { modelCall } from './fixture-records.ts'
import { OpenTurns } from './open-turns.ts'

const called = modelCall({ depth: 7 })

const turn = fc.record({ session: fc.oneof(fc.nat(40), fc.nat(2 ** 40)), turn: fc.nat(3) })
const steps = fc.array(fc.tuple(fc.boolean(), turn), { maxLength: 400 })

test('is a map of turns to their calls, whatever comes and goes', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const open = new OpenTurns()
      const known = new Map<string, number>()
      for (const [comes, { session, turn }] of all) {
        const key = `${session}.${turn}`
        if (comes) {
          const calls = open.of(session, turn)
          expect(calls.calls).toBe(known.get(key) ?? 0)
          calls.add(called)
          known.set(key, calls.calls)
        } else {
          expect(open.take(session, turn)?.calls).toBe(known.get(key))
          known.delete(key)
        }
      }
      for (const [key, count] of known) {
        const [session, turn] = key.split('.').map(Number)
        expect(open.take(session!, turn!)?.calls).toBe(count)
      }
    }),
  )
})

test('a row that is used again begins empty', () => {
  const open = new OpenTurns()
  open.of(1, 0).add(called)
  expect(open.take(1, 0)).toMatchObject({ depth: 7, modelMs: 2 })
  expect(open.of(2, 0)).toMatchObject({ depth: 0, modelMs: 0 })
})
