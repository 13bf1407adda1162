import { expect, test } from 'vitest'
import type { TurnRecord } from './records.ts'
import { TurnTime } from './turn-time.ts'

const turn = { sentAtMs: 1000, firstTokenAtMs: 2500, endedAtMs: 6000 } as TurnRecord
const calls = { modelMs: 1000, toolMs: 300, retryWaitMs: 0 }

test('a turn is its agent’s, but for what calls took', () => {
  const time = new TurnTime(false)
  time.add(turn, calls)
  expect(time.parts(1).map(({ meanMs }) => meanMs)).toEqual([3700, 1000, 300, 0])
})

test.each<[what: string, modelMs: number, firstTokenAtMs: number, parts: number[]]>([
  ['a model that has ended before it is heard', 1000, 2500, [200, 1000, 300, 0, 3500]],
  ['a model that writes while it is heard', 5000, 2500, [0, 1200, 300, 0, 3500]],
  ['an answer that was never heard', 1000, NaN, [3700, 1000, 300, 0, 0]],
])('a spoken answer that is heard is nobody’s work: %s', (_, modelMs, firstTokenAtMs, parts) => {
  const time = new TurnTime(true)
  time.add({ ...turn, firstTokenAtMs }, { ...calls, modelMs })
  expect(time.parts(1).map(({ meanMs }) => meanMs)).toEqual(parts)
})
