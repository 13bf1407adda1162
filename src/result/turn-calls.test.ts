import { expect, test } from 'vitest'
import { modelCall } from './fixture-records.ts'
import type { CallRecord } from './records.ts'
import { TurnCalls } from './turn-calls.ts'

const call = (step: number, depth: number, outcome: CallRecord['outcome'] = 'completed'): CallRecord =>
  modelCall({ step, depth, outcome })

test.each<[string, CallRecord[], { steps: number; depth: number; calls: number; beside: number }]>([
  ['a loop', [call(1, 2), call(2, 2)], { steps: 2, depth: 2, calls: 2, beside: 0 }],
  ['a router before it', [call(0, 2), call(1, 2), call(2, 2)], { steps: 2, depth: 2, calls: 3, beside: 1 }],
  [
    'sub-agents in it',
    [call(1, 2), call(0, 3), call(0, 3), call(2, 2)],
    { steps: 2, depth: 2, calls: 4, beside: 2 },
  ],
  ['an answer in a form, and nothing else', [call(0, 3)], { steps: 1, depth: 3, calls: 1, beside: 0 }],
  ['two of them', [call(0, 3), call(0, 3)], { steps: 1, depth: 3, calls: 2, beside: 1 }],
  [
    'a step tried again',
    [call(1, 2), call(2, 2, 'failed'), call(2, 2)],
    { steps: 2, depth: 2, calls: 3, beside: 0 },
  ],
  ['a step refused', [call(1, 1, 'rejected'), call(1, 1)], { steps: 1, depth: 1, calls: 1, beside: 0 }],
  ['none', [], { steps: 0, depth: 0, calls: 0, beside: 0 }],
])('steps of the root loop, and calls beside it: %s', (_, all, expected) => {
  const turn = new TurnCalls()
  turn.add(call(0, 9))
  turn.clear()
  for (const each of all) turn.add(each)
  const { steps, depth, calls, beside } = turn
  expect({ steps, depth, calls, beside }).toEqual(expected)
})
