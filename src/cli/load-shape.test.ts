import { expect, test } from 'vitest'
import { highestLevel, lengthMs, stages } from './load-shape.ts'

const minuteMs = 60_000

test.each([
  [
    '1m:10,3m:50',
    'users',
    [
      [1, 10],
      [3, 50],
    ],
  ],
  // Ramp, then sustain; a spike.
  [
    '2m:50,10m:50',
    'users',
    [
      [2, 50],
      [10, 50],
    ],
  ],
  [
    '5m:10,0s:100,1m:100,0s:10,5m:10',
    'users',
    [
      [5, 10],
      [0, 100],
      [1, 100],
      [0, 10],
      [5, 10],
    ],
  ],
  [
    '1m:3/s,5m:3/s,1m:0/s',
    'sessionsPerSecond',
    [
      [1, 3],
      [5, 3],
      [1, 0],
    ],
  ],
  ['1m:90/m', 'sessionsPerSecond', [[1, 1.5]]],
] as const)('%s', (text, of, expected) => {
  expect(stages(text)).toEqual({
    of,
    stages: expected.map(([minutes, target]) => ({ durationMs: minutes * minuteMs, target })),
  })
})

test.each(['', '10', '1m', '1m:', '1m:-1', '1m:1.5', '1m:10:2', 'x:10', '1m:3/x', '1m:10,1m:3/s', '0s:10'])(
  '%j is no list of stages',
  (text) => {
    expect(() => stages(text)).toThrow()
  },
)

test('stages are as long as all of them, and as high as the highest', () => {
  const shape = { stages: stages('1m:2/s,4m:5/s,1m:0/s') }
  expect(lengthMs(shape, 99)).toBe(6 * minuteMs)
  expect(highestLevel(shape)).toEqual({ sessionsPerSecond: 5 })
  expect(lengthMs({ level: { users: 3 }, measuredMs: minuteMs }, 1000)).toBe(61_000)
})
