import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Deadlines } from './deadlines.ts'
import { EventQueue } from './event-queue.ts'

const kinds = { other: 0, deadline: 1, wake: 2 }

function world(usualWaitMs: number) {
  const queue = new EventQueue(1)
  const generations = new Int32Array(4)
  const wake = { kind: kinds.wake, subject: 0 }
  const options = { kind: kinds.deadline, wake, usualWaitMs, generations: () => generations }
  return { queue, generations, deadlines: new Deadlines(queue, options) }
}

test('what has come to nothing never enters the queue', () => {
  const { queue, generations, deadlines } = world(16_000)
  for (let subject = 0; subject < 4; subject++) deadlines.at(16_000 + subject).plan(subject, 0)
  generations.fill(1, 0, 3)
  expect(queue.length).toBe(1)
  const popped: number[][] = []
  while (queue.pop()) {
    popped.push([queue.atMs, queue.kind])
    if (queue.kind === kinds.wake) deadlines.enter(queue.generation)
  }
  expect(popped).toEqual([
    [31 * 512, kinds.wake],
    [16_003, kinds.deadline],
  ])
})

/** Waits that meet at the instants where steps begin, some of them further ahead than there are lists. */
const waitMs = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(64, 128, 512, 513, 5_000, Infinity))
const act = fc.oneof(
  fc.record({ what: fc.constantFrom('deadline', 'other'), waitMs, subject: fc.nat(3) }),
  fc.record({ what: fc.constantFrom('end'), waitMs: fc.constant(0), subject: fc.nat(3) }),
  fc.record({ what: fc.constantFrom('pop'), waitMs: fc.constant(0), subject: fc.constant(0) }),
)

test('what is still meant comes up as if it had been pushed at once', () => {
  const acts = fc.array(act, { maxLength: 200 })
  fc.assert(
    fc.property(acts, fc.constantFrom(1, 20, 130), (all, usualWaitMs) => {
      const { queue, generations, deadlines } = world(usualWaitMs)
      const plain = new EventQueue()
      const next = (): readonly number[] | undefined => {
        while (queue.pop()) {
          const { atMs, kind, subject, generation } = queue
          if (kind === kinds.wake) deadlines.enter(generation)
          else if (kind === kinds.other || generations[subject] === generation) return [atMs, kind, subject]
        }
        return undefined
      }
      const expected = (): readonly number[] | undefined => {
        while (plain.pop()) {
          const { atMs, kind, subject, generation } = plain
          if (kind === kinds.other || generations[subject] === generation) return [atMs, kind, subject]
        }
        return undefined
      }
      let nowMs = 0
      for (const { what, waitMs: aheadMs, subject } of [
        ...all,
        ...all.map(() => ({ ...all[0]!, what: 'pop' })),
      ]) {
        const generation = generations[subject]!
        if (what === 'end') generations[subject]!++
        else if (what === 'pop') {
          const popped = next()
          expect(popped).toEqual(expected())
          if (popped) nowMs = popped[0]!
          else nowMs = Math.max(queue.atMs, plain.atMs)
        } else if (what === 'deadline') {
          deadlines.at(nowMs + aheadMs).plan(subject, generation)
          plain.at(nowMs + aheadMs).push(kinds.deadline, subject, generation)
        } else {
          queue.at(nowMs + aheadMs).push(kinds.other, subject, generation)
          plain.at(nowMs + aheadMs).push(kinds.other, subject, generation)
        }
      }
    }),
  )
})
