import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { AdmissionLine } from './admission-line.ts'

test('agrees with a plain list, whoever comes, goes and gives up', () => {
  const act = fc.oneof(
    { weight: 4, arbitrary: fc.record({ push: fc.nat(99), level: fc.nat(2) }) },
    { weight: 2, arbitrary: fc.constant('take' as const) },
    { weight: 1, arbitrary: fc.record({ remove: fc.nat(99) }) },
    { weight: 1, arbitrary: fc.record({ below: fc.nat(2) }) },
  )
  const orders = fc.constantFrom('fifo' as const, 'priority' as const, 'lifo' as const)
  fc.assert(
    fc.property(orders, fc.array(act, { maxLength: 120 }), (order, acts) => {
      const line = new AdmissionLine(order, 3)
      let list: { job: number; level: number }[] = []
      for (const what of acts) {
        if (what === 'take') {
          const urgent = Math.min(...list.map(({ level }) => level))
          const of = order === 'priority' ? list.filter(({ level }) => level === urgent) : list
          const expected = order === 'lifo' ? of.at(-1) : of[0]
          expect(line.take()).toBe(expected?.job ?? -1)
          list = list.filter((each) => each !== expected)
        } else if ('push' in what) {
          if (list.some(({ job }) => job === what.push)) continue
          line.push(what.push, what.level)
          list.push({ job: what.push, level: what.level })
        } else if ('remove' in what) {
          line.remove(what.remove)
          list = list.filter(({ job }) => job !== what.remove)
        } else {
          const lower = list.filter(({ level }) => level > what.below)
          const lowest = Math.max(...lower.map(({ level }) => level))
          const expected = lower.filter(({ level }) => level === lowest).at(-1)
          expect(line.lowestBelow(what.below)).toBe(expected?.job ?? -1)
        }
        expect(line.length).toBe(list.length)
      }
    }),
  )
})
