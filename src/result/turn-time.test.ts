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

test.each<[what: string, modelMs: number, firstTokenAtMs: number, parts: number[]]>([
  ['all of it known', 500, 2500, [450, 150, 500, 300, 0, 100, 3500]],
  ['a model that writes while it is heard', 5000, 2500, [450, 0, 650, 300, 0, 100, 3500]],
  ['an answer from before the silence was over', 500, 1600, [300, 0, 0, 300, 0, 0, 4400]],
])(
  'where the speech services are seen, the agent’s own is what is left: %s',
  (_, modelMs, firstTokenAtMs, parts) => {
    const time = new TurnTime(true, {
      hearing: { meanMs: 450, p95Ms: 600 },
      speaking: { meanMs: 100, p95Ms: 150 },
    })
    time.add({ ...turn, firstTokenAtMs }, { ...calls, modelMs })
    const told = time.parts(1)
    expect(told.map(({ part }) => part).join()).toBe(
      'hearing,agent,model,tools,retry wait,speaking,answer heard',
    )
    expect(told.map(({ meanMs }) => meanMs)).toEqual(parts)
  },
)

test('each part of a response has a p95 of its own, but the agent’s, which is a rest of means', () => {
  const time = new TurnTime(true, {
    hearing: { meanMs: 450, p95Ms: 600 },
    speaking: { meanMs: 100, p95Ms: 150 },
  })
  for (let i = 1; i <= 20; i++) time.add(turn, { ...calls, modelMs: i * 10 })
  const told = Object.fromEntries(time.parts(20).map(({ part, p95Ms }) => [part, p95Ms]))
  expect(told).toMatchObject({ hearing: 600, speaking: 150 })
  expect(told['model']! / 190).toBeCloseTo(1, 1)
  expect(told['tools']! / 300).toBeCloseTo(1, 1)
  expect([told['agent'], told['answer heard']]).toEqual([undefined, undefined])
  expect(new TurnTime(false).parts(1).every(({ p95Ms }) => p95Ms === undefined)).toBe(true)
})
