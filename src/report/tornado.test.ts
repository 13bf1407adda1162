import { expect, test } from 'vitest'
import { tornado, tornadoText } from './tornado.ts'

test('all bars are on one scale from the least to the most', () => {
  const { middle, spans } = tornado(100, [
    { from: 100, to: 300 },
    { from: 100, to: 50 },
    { from: 80, to: 120 },
  ])
  expect(middle).toBeCloseTo(0.2, 12)
  expect(spans.map(({ start, end }) => [start, end].map((share) => Number(share.toFixed(6))))).toEqual([
    [0.2, 1],
    [0, 0.2],
    [0.12, 0.28],
  ])
})

test('nothing moves: the line stands in the middle', () => {
  expect(tornado(5, [{ from: 5, to: 5 }])).toEqual({ middle: 0.5, spans: [{ start: 0.5, end: 0.5 }] })
})

test.each<[what: string, bars: [from: number, to: number][], lines: string[]]>([
  [
    'gains only',
    [
      [10, 20],
      [10, 15],
      [10, 10],
    ],
    ['│██████████', '│█████', '│'],
  ],
  [
    'gains and losses',
    [
      [10, 18],
      [10, 8],
      [8, 12],
    ],
    ['  │████████', '██│', '██│██'],
  ],
  [
    'halves',
    [
      [10, 20],
      [10, 13.5],
    ],
    ['│██████████', '│███▌'],
  ],
  [
    'too little to see is seen',
    [
      [10, 20],
      [10, 10.001],
    ],
    ['│██████████', '│▌'],
  ],
  [
    'halves to the left',
    [
      [10, 18],
      [10, 8.5],
      [10, 8],
    ],
    ['  │████████', '▐█│', '██│'],
  ],
])('%s', (_, bars, lines) => {
  expect(
    tornadoText(
      10,
      bars.map(([from, to]) => ({ from, to })),
      10,
    ),
  ).toEqual(lines)
})
