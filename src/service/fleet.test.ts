import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Fleet, serverStates } from './fleet.ts'

const rule = { above: 0.7, below: 0.3 }

test('one more above, one fewer below, and nothing between or beyond the limits', () => {
  const fleet = new Fleet(1, 2)
  expect([fleet.look(0.5, rule), fleet.look(0.1, rule), fleet.look(0.8, rule)]).toEqual([0, 0, 1])
  const server = fleet.start()
  // The one that starts is counted, so that nobody starts a third.
  expect([server, fleet.up, fleet.paid, fleet.look(1, rule)]).toEqual([1, 1, 2, 0])
  fleet.ready(server)
  expect([fleet.up, fleet.look(0.1, rule)]).toEqual([2, -1])
  fleet.drain(0)
  expect([fleet.up, fleet.paid, fleet.fail(0), fleet.paid]).toEqual([1, 2, false, 1])
})

test('whatever happens, the limits hold and the counts are right', () => {
  const act = fc.record({
    what: fc.constantFrom('look', 'ready', 'empty', 'fail', 'back'),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    pick: fc.nat(50),
  })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.nat(5),
      fc.array(act, { maxLength: 100 }),
      (from, more, acts) => {
        const fleet = new Fleet(from, from + more)
        const pick = (state: number, at: number): number => {
          const all = [...fleet.states.keys()].filter((server) => fleet.states[server] === state)
          return all.length === 0 ? -1 : all[at % all.length]!
        }
        const of = (...states: number[]): number =>
          fleet.states.filter((state) => states.includes(state)).length
        for (const { what, share, pick: at } of acts) {
          const { starting, up, draining, down } = serverStates
          if (what === 'look') {
            const step = fleet.look(share, rule)
            if (step > 0) fleet.start()
            else if (step < 0) fleet.drain(pick(up, at))
          } else {
            const server = pick({ ready: starting, empty: draining, fail: up, back: down }[what], at)
            if (server < 0) continue
            if (what === 'empty') fleet.emptied(server)
            else if (what === 'fail') expect(fleet.fail(server)).toBe(true)
            else fleet.ready(server)
          }
          expect(fleet.up).toBe(of(up))
          expect(fleet.paid).toBe(of(starting, up, draining, down))
          const there = of(starting, up, down)
          expect(there >= from && there <= from + more).toBe(true)
        }
      },
    ),
  )
})
