import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CallDesk, type DeskLimits } from './call-desk.ts'

function desk(limits: DeskLimits) {
  const told: string[] = []
  const calls = new CallDesk(
    limits,
    (call) => told.push(`serve ${call}`),
    (call) => told.push(`displace ${call}`),
  )
  return { calls, told }
}

const limits = { calls: 1, hold: 2, urgentFirst: true }

test('first come, first served where nobody is urgent; who finds neither place nor hold is refused', () => {
  const { calls, told } = desk(limits)
  expect([1, 2, 3, 4].map((call) => calls.arrive(call, 0))).toEqual(['served', 'held', 'held', 'refused'])
  expect(calls.refuses(0)).toBe(true)
  calls.leave(1)
  calls.leave(2)
  expect(told).toEqual(['serve 2', 'serve 3'])
})

test('urgent callers go first, and others make room for them', () => {
  const { calls, told } = desk(limits)
  for (const call of [1, 2, 3]) calls.arrive(call, 0)
  expect(calls.refuses(9)).toBe(false)
  expect(calls.arrive(4, 9)).toBe('held')
  calls.leave(1)
  expect(told).toEqual(['displace 3', 'serve 4'])
})

test('switched off, they wait like all others', () => {
  const { calls, told } = desk({ ...limits, urgentFirst: false })
  for (const call of [1, 2]) calls.arrive(call, 0)
  calls.arrive(3, 9)
  expect(calls.arrive(4, 9)).toBe('refused')
  calls.leave(1)
  expect(told).toEqual(['serve 2'])
})

test('whoever gives up on hold leaves no gap, and the books balance', () => {
  const step = fc.record({ leaves: fc.boolean(), who: fc.nat(30), priority: fc.nat(2) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { calls, told } = desk({ calls: 3, hold: 4, urgentFirst: true })
      const there = new Set<number>()
      for (const [call, { leaves, who, priority }] of steps.entries()) {
        if (leaves) {
          calls.leave(who)
          there.delete(who)
        } else if (calls.arrive(call, priority) !== 'refused') there.add(call)
        for (const line of told.splice(0))
          if (line.startsWith('displace')) there.delete(Number(line.slice(9)))
        expect(calls.serving + calls.holding).toBe(there.size)
        expect(calls.serving).toBe(Math.min(3, there.size))
      }
    }),
  )
})
