import { expect, test } from 'vitest'
import { uniformAt } from './uniform.ts'

/** Chi-square against 100 equal cells; 99 degrees of freedom exceed 148.2 once in a thousand. */
function chiSquare(draws: readonly number[]): number {
  const cells = new Float64Array(100)
  for (const u of draws) cells[Math.floor(u * 100)]!++
  const expected = draws.length / 100
  return cells.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
}

const many = Array.from({ length: 16_384 }, (_, i) => i)

// Six fixed seeds of a test with a false-alarm rate of 0.1 %.
test.each([
  ['sessions', (i: number) => uniformAt(7, i, 0, 0, 0, 1)],
  ['turns', (i: number) => uniformAt(7, 3, i, 0, 0, 1)],
  ['steps', (i: number) => uniformAt(7, 3, 1, i, 0, 1)],
  ['attempts and purposes', (i: number) => uniformAt(7, 3, 1, i >> 12, i & 63, (i >> 6) & 63)],
  ['seeds', (i: number) => uniformAt(i, 3, 1, 1, 0, 1)],
  [
    'neighbours, by their difference',
    (i: number) => (uniformAt(7, i, 1, 1, 0, 1) - uniformAt(7, i + 1, 1, 1, 0, 1) + 1) % 1,
  ],
])('even over %s', (_, draw) => {
  const draws = many.map(draw)
  expect(Math.min(...draws)).toBeGreaterThan(0)
  expect(Math.max(...draws)).toBeLessThan(1)
  expect(chiSquare(draws)).toBeLessThan(148.2)
})

test('coordinates do not collide: step, attempt and purpose are apart', () => {
  const seen = new Set<number>()
  for (let step = 0; step < 40; step++)
    for (let attempt = 0; attempt < 40; attempt++)
      for (let purpose = 0; purpose < 40; purpose++) seen.add(uniformAt(1, 5, 2, step, attempt, purpose))
  expect(seen.size).toBeGreaterThan(63_990)
})

test('the same on every machine', () => {
  expect(uniformAt(1, 2, 3, 4, 5, 6)).toBe(uniformAt(1, 2, 3, 4, 5, 6))
  expect([uniformAt(1, 0, 0, 0, 0, 1), uniformAt(2, 0, 0, 0, 0, 1)].map((u) => Math.floor(u * 1e9)))
    .toMatchInlineSnapshot(`
    [
      813564844,
      34268956,
    ]
  `)
})
