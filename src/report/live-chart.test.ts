import { expect, test } from 'vitest'
import type { SeriesPoint } from '../result/summary.ts'
import { liveChart } from './live-chart.ts'

const point = (atMs: number, values: Partial<SeriesPoint>): SeriesPoint => ({
  atMs,
  users: 10,
  turnsPerSecond: 1,
  errors: 0,
  ...values,
})
const series = [0, 1, 2, 3, 4, 5, 6, 7].map((i) =>
  point(i * 1000, { waiting: i, quotaUsed: i === 0 ? 0 : 0.5 }),
)
const rowsOf = (atMs: number, endMs: number, width = 60): Record<string, string> =>
  Object.fromEntries(
    liveChart({ series, atMs, endMs }, { width }).map((line) => [line.slice(0, 20).trim(), line.slice(20)]),
  )

test('a row of blocks for each figure that is known, with its last value and its highest', () => {
  const rows = rowsOf(8000, 8000)
  expect(Object.keys(rows)).toEqual(['8 s of 8 s', 'users', 'waiting for a slot', 'fullest quota', 'errors'])
  expect(rows['waiting for a slot']).toMatch(/^·+▁?[▁▂▃▄▅▆▇█]+ +7 +most 7$/)
  expect(rows['users']!.match(/█/g)).toHaveLength(11)
  // Half of a quota is half the height, however little was the most.
  expect(rows['fullest quota']).toMatch(/^·+▅+ +50 % +most 50 %$/)
  expect(rows['errors']).toMatch(/^·+ +0 +most 0$/)
})

test('full height is the highest that was in between, and what was there for a moment is seen', () => {
  const short = series.map((each, i) => ({
    ...each,
    waiting: i === 3 ? 0.05 : 0,
    highest: { waiting: i === 3 ? 12 : 0 },
  }))
  const row = liveChart({ series: short, atMs: 8000, endMs: 8000 }, { width: 60 }).find((line) =>
    line.startsWith('waiting'),
  )
  expect(row).toMatch(/^waiting for a slot {2}·+▁+·+ +0 +most 12$/)
})

test('what has not passed yet is empty', () => {
  const half = rowsOf(8000, 16_000)
  expect(half['users']).toMatch(/^█{6} {5} /)
})

// Three of its columns are left free.
test('rows fit a terminal of 35 columns or more, and tell the highest value where there is room', () => {
  const slow = series.map((each) => ({ ...each, turnP95Ms: 200_000 }))
  for (const width of [32, 40, 58, 59, 60, 80, 120])
    for (const line of liveChart({ series: slow, atMs: 8000, endMs: 8000 }, { width }))
      expect(line.length).toBeLessThanOrEqual(width)
  expect(liveChart({ series: slow, atMs: 8000, endMs: 8000 }, { width: 40 }).at(-1)).toBe(
    'turn p95            ████████  3 min 20 s',
  )
})

test('nothing yet', () => {
  expect(liveChart({ series: [], atMs: 0, endMs: 1000 })).toEqual(['0 ms of 1 s'])
})
