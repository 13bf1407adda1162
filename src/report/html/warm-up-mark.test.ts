import { expect, test } from 'vitest'
import { fixtureLevelRun } from '../fixture-run.ts'
import { seriesCharts } from './series-charts.ts'

test('the warm-up is marked in the unit of the axis', () => {
  const [summary] = fixtureLevelRun().summaries
  for (const chart of seriesCharts(summary)) expect([chart.xLabel, chart.countedFrom]).toEqual(['minutes', 1])
})
