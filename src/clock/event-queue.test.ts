import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventQueue } from './event-queue.ts'

test('by time, and in order of arrival at one instant', () => {
  const queue = new EventQueue(2)
  for (const [i, atMs] of [5, 1, 5, 3, 1, 5].entries()) queue.at(atMs).push(i, i * 10, i * 100)
  const out: number[][] = []
  while (queue.pop()) out.push([queue.atMs, queue.kind, queue.subject, queue.generation])
  expect(out.map(([atMs, kind]) => [atMs, kind])).toEqual([
    [1, 1],
    [1, 4],
    [3, 3],
    [5, 0],
    [5, 2],
    [5, 5],
  ])
  for (const [, kind, subject, generation] of out)
    expect([subject, generation]).toEqual([kind! * 10, kind! * 100])
})

test('what never happens is not kept, what has no time is a bug', () => {
  const queue = new EventQueue()
  queue.at(Infinity).push(1, 1, 0)
  expect([queue.length, queue.nextAtMs, queue.pop()]).toEqual([0, Infinity, false])
  expect(() => queue.at(NaN).push(1, 1, 0)).toThrow('an event needs a time')
})

test('agrees with a sorted list, pushes and pops mixed', () => {
  const act = fc.oneof(
    { weight: 3, arbitrary: fc.nat(8) },
    { weight: 2, arbitrary: fc.constant('pop' as const) },
  )
  fc.assert(
    fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
      const queue = new EventQueue(1)
      const list: { atMs: number; id: number }[] = []
      for (const [id, what] of acts.entries()) {
        if (what === 'pop') {
          const first = list.sort((a, b) => a.atMs - b.atMs || a.id - b.id).shift()
          expect(queue.pop()).toBe(first !== undefined)
          if (first) expect({ atMs: queue.atMs, id: queue.subject }).toEqual(first)
        } else {
          queue.at(what).push(0, id, 0)
          list.push({ atMs: what, id })
        }
        expect(queue.length).toBe(list.length)
      }
    }),
  )
})
