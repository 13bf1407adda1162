import { expect, test } from 'vitest'
import { fixtureWorkload } from '../../simulate/fixture-workloads.ts'
import { simulate } from '../../simulate/simulate.ts'
import { exponential } from '../../stats/distributions.ts'
import { seriesCharts } from './series-charts.ts'

test('levels are drawn as their averages with the highest of each beside them', () => {
  const workload = fixtureWorkload({
    agent: { workers: 1, concurrency: 3 },
    model: { ttft: exponential(3000), quota: { requestsPerMinute: 100, tokensPerMinute: Infinity } },
  })
  const window = { warmupMs: 0, measuredMs: 3_600_000 }
  const charts = seriesCharts(simulate(workload, { level: { users: 30 }, seed: 1, ...window }))
  for (const [id, labels] of [
    ['time-flight', ['turns', 'turns, highest', 'model calls', 'model calls, highest']],
    ['time-waiting', ['waiting', 'highest']],
    ['time-quota', ['in use', 'highest']],
  ] as const) {
    const { series } = charts.find((chart) => chart.id === id)!
    expect(series.map(({ label }) => label)).toEqual(labels)
    for (let i = 0; i < series.length; i += 2)
      for (const [at, average] of series[i]!.values.entries())
        expect(series[i + 1]!.values[at]).toBeGreaterThanOrEqual(average!)
  }
})

test('of a measured run there are averages alone', () => {
  const points = [1, 2].map((i) => ({
    atMs: i * 1000,
    users: 3,
    turnsPerSecond: 1,
    callsInFlight: 1.5,
    errors: 0,
  }))
  const workload = fixtureWorkload({})
  const summary = simulate(workload, { level: { users: 1 }, seed: 1, warmupMs: 0, measuredMs: 1000 })
  const charts = seriesCharts({ ...summary, origin: 'measured', series: points })
  expect(charts.find(({ id }) => id === 'time-flight')!.series.map(({ label }) => label)).toEqual([
    'model calls',
  ])
})
