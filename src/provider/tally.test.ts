import { expect, test } from 'vitest'
import { parseFaults } from '../workload/parse-faults.ts'
import { Tally } from './tally.ts'

test('faults that come and go are counted however many came before, and forgotten when they have gone', () => {
  const [fault] = parseFaults([{ fault: 503 }], { models: [], tools: [] }).faults!
  const drawn = (id: number) => ({ id, fault: fault!, place: 0.5 })
  const tally = new Tally()
  const last = 1_500
  for (let id = 1; id <= last; id++) tally.countFault(drawn(id))
  const total = new Tally()
  total.addAll(tally.take())
  total.countFault(drawn(last))
  expect(total.hitsOf(last)).toBe(2)
  total.keepRules([drawn(last)])
  expect([1, last].map((id) => total.hitsOf(id))).toEqual([0, 2])
})
