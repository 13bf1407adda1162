import { expect, test } from 'vitest'
import { FaultSamples } from './fault-samples.ts'

test('faults are counted by their kind, those of the window apart from the others', () => {
  const faults = new FaultSamples()
  faults.add('answered 500 after 3 s', 'before')
  faults.add('refused', 'within')
  for (const when of ['within', 'within', 'after'] as const) faults.add('answered 503 after 9 s', when)
  const message = 'answered 500 after 3 s'
  expect(faults.read(false)).toEqual([
    { message, count: 2, outside: 2 },
    { message: 'refused', count: 1, outside: 0 },
  ])
  // A run that was stopped in its warm-up counts all there is.
  expect(faults.read(true)[0]).toEqual({ message, count: 3, outside: 1 })
})
