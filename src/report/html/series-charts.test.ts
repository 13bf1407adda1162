import { expect, test } from 'vitest'
import type { SeriesPoint, Summary } from '../../result/summary.ts'
import { fixtureLevelRun } from '../fixture-run.ts'
import { seriesCharts } from './series-charts.ts'

const [measured] = fixtureLevelRun().summaries
const simulated: Summary = { ...measured!, origin: 'simulated' }

const pointsOf = (values: Partial<SeriesPoint>): SeriesPoint[] =>
  [1, 2].map((i) => ({
    atMs: i * 1000,
    users: 3,
    turnsPerSecond: 1,
    callsInFlight: 1.5,
    errors: 0,
    ...values,
  }))

test('levels are drawn as their averages with the highest of each beside them', () => {
  const series = pointsOf({
    turnsInFlight: 2,
    waiting: 0.4,
    quotaUsed: 0.5,
    highest: { turnsInFlight: 5, callsInFlight: 4, waiting: 3, quotaUsed: 0.9 },
  })
  const charts = seriesCharts({ ...simulated, series })
  const drawn = ['time-flight', 'time-waiting', 'time-quota'].map((id) =>
    charts.find((chart) => chart.id === id)!.series.map(({ label, values }) => [label, values[0]]),
  )
  expect(drawn).toEqual([
    [
      ['turns', 2],
      ['turns, highest', 5],
      ['model calls', 1.5],
      ['model calls, highest', 4],
    ],
    [
      ['waiting', 0.4],
      ['highest', 3],
    ],
    [
      ['in use', 50],
      ['highest', 90],
    ],
  ])
})

test('of a measured run there are averages alone', () => {
  const charts = seriesCharts({ ...measured!, series: pointsOf({}) })
  expect(charts.find(({ id }) => id === 'time-flight')!.series.map(({ label }) => label)).toEqual([
    'model calls',
  ])
})

test('the warm-up is marked in the unit of the axis', () => {
  const charts = seriesCharts(measured)
  expect(charts.length).toBeGreaterThan(0)
  for (const chart of charts) expect([chart.xLabel, chart.countedFrom]).toEqual(['minutes', 1])
})
