import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Admission, type AdmissionLimits } from './admission.ts'

function admission(limits: Partial<AdmissionLimits>) {
  const started: [turn: number, worker: number][] = []
  const all = { workers: 2, concurrency: 2, queue: 10, perSession: 8, ...limits }
  return { started, line: new Admission(all, (turn, worker) => started.push([turn, worker])) }
}

test('the worker with the fewest turns takes the next one', () => {
  const { started, line } = admission({ workers: 3, concurrency: 2 })
  for (let turn = 0; turn < 4; turn++) line.arrive(turn, `s${turn}`)
  line.leave(1)
  line.arrive(4, 's4')
  expect(started).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 0],
    [4, 1],
  ])
})

test('a synchronous worker holds one turn, an asynchronous one several', () => {
  const running = (concurrency: number): number => {
    const { line } = admission({ workers: 2, concurrency })
    for (let turn = 0; turn < 10; turn++) line.arrive(turn, `s${turn}`)
    return line.running
  }
  expect(running(1)).toBe(2)
  expect(running(3)).toBe(6)
  expect(running(Infinity)).toBe(10)
})

test('beyond the queue it sheds, and a slot that falls free goes to the first in line', () => {
  const { started, line } = admission({ workers: 1, concurrency: 1, queue: 2 })
  expect([0, 1, 2, 3].map((turn) => line.arrive(turn, `s${turn}`))).toEqual([
    undefined,
    undefined,
    undefined,
    'overloaded',
  ])
  line.leave(0)
  expect(started.map(([turn]) => turn)).toEqual([0, 1])
  expect(line.waiting).toBe(1)
})

test('without a queue it answers at once or not at all', () => {
  const { line } = admission({ workers: 1, concurrency: 1, queue: 0 })
  expect(line.arrive(0, 'a')).toBeUndefined()
  expect(line.arrive(1, 'b')).toBe('overloaded')
})

test('turns of a session go one after the other, though slots are free', () => {
  const { started, line } = admission({ perSession: 2 })
  expect([0, 1, 2, 3].map((turn) => line.arrive(turn, 's'))).toEqual([
    undefined,
    undefined,
    undefined,
    'busy',
  ])
  expect(line.arrive(4, 'other')).toBeUndefined()
  expect(started.map(([turn]) => turn)).toEqual([0, 4])
  line.leave(1)
  line.leave(0)
  expect(started.map(([turn]) => turn)).toEqual([0, 4, 2])
  line.leave(2)
  expect(line.isBusy('s')).toBe(false)
})

test('whatever comes and goes: limits hold, order holds, every turn that was let in starts or left', () => {
  const step = fc.record({ arrive: fc.boolean(), session: fc.nat(4), pick: fc.nat(1000) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.nat(3), fc.nat(5), (steps, more, queue) => {
      const limits = { workers: 2, concurrency: 1 + more, queue, perSession: 2 }
      const { started, line } = admission(limits)
      const inside = new Map<number, string>()
      for (const [turn, { arrive, session, pick }] of steps.entries()) {
        if (arrive) {
          if (line.arrive(turn, `s${session}`) === undefined) inside.set(turn, `s${session}`)
        } else if (inside.size > 0) {
          const gone = [...inside.keys()][pick % inside.size]!
          line.leave(gone)
          inside.delete(gone)
        }
        expect(line.waiting).toBeLessThanOrEqual(queue)
        expect(line.running + line.waiting).toBe(inside.size)
        const running = started.map(([id]) => id).filter((id) => inside.has(id))
        expect(running.length).toBe(line.running)
        expect(running.length).toBeLessThanOrEqual(limits.workers * limits.concurrency)
        expect(new Set(running.map((id) => inside.get(id))).size).toBe(running.length)
      }
      for (const turn of inside.keys()) line.leave(turn)
      // Those that left in line never started; all others did, once.
      expect(new Set(started.map(([id]) => id)).size).toBe(started.length)
      expect([line.running, line.waiting]).toEqual([0, 0])
      for (const session of [0, 1, 2, 3, 4]) expect(line.isBusy(`s${session}`)).toBe(false)
    }),
  )
})
