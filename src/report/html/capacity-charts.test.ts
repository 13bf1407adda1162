import { describe, expect, test } from 'vitest'
import type { Run } from '../../result/run.ts'
import { capacityAnswers } from '../answers.ts'
import { fixtureRun } from '../fixture-run.ts'
import { capacityCharts, objectiveLimit } from './capacity-charts.ts'

const answers = capacityAnswers(fixtureRun())

function withObjective(text: string): Run {
  const run = fixtureRun()
  const capacities = run.capacities.map((capacity) => ({
    ...capacity,
    probes: capacity.probes.map((probe) => ({
      ...probe,
      summary: { ...probe.summary, objectives: [{ text, pass: true as const }] },
    })),
  }))
  return { ...run, capacities }
}

describe('capacityCharts', () => {
  test('one chart for each measure, every engine in its own style', () => {
    const charts = capacityCharts(answers)
    expect(charts.map((chart) => chart.id)).toEqual(['turn-time', 'first-token', 'throughput', 'errors'])
    expect(charts[2]?.series.map(({ color, style }) => `${color} ${style}`)).toEqual([
      'solved line',
      'simulated dashed',
      'measured points',
    ])
  })

  test('levels are shared, in order, and a level that an engine did not try is a gap', () => {
    const chart = capacityCharts(answers)[0]
    expect(chart?.xs).toEqual(chart?.xs.toSorted((one, other) => one - other))
    for (const series of chart?.series ?? []) expect(series.values).toHaveLength(chart?.xs.length ?? 0)
    expect(chart?.series[0]?.values[chart.xs.indexOf(145)]).toBeNull()
  })

  test('a level that was tried twice shows what both trials found', () => {
    const [first] = answers
    const [probe] = first!.capacity!.probes
    const slower = {
      ...probe!,
      summary: { ...probe!.summary, latency: { turnMs: { ...probe!.summary.latency.turnMs!, p95: 20_000 } } },
    }
    const capacity = { ...first!.capacity!, probes: [probe!, slower] }
    const [chart] = capacityCharts([{ ...first!, capacity }])
    expect(chart?.xs).toEqual([20, 20])
    expect(chart?.series[0]?.values).toEqual([probe!.summary.latency.turnMs!.p95 / 1000, 20])
  })

  test('the capacity of the engine that counts most is marked', () => {
    expect(capacityCharts(answers)[0]?.capacity).toEqual({ at: 147, low: 141, high: 152, runAt: 110 })
    const solved = answers.slice(0, 1)
    expect(capacityCharts(solved)[0]?.capacity).toEqual({ at: 149, runAt: 112 })
  })

  test('times are in seconds where any is long, and far beyond the limit they are cut', () => {
    const chart = capacityCharts(answers)[0]
    expect(chart).toMatchObject({ yLabel: 'seconds', yUnit: 's', limit: { value: 10 }, yMax: 30 })
  })

  test('no probes, no charts', () => {
    expect(
      capacityCharts(answers.map((answer) => ({ ...answer, capacity: { ...answer.capacity!, probes: [] } }))),
    ).toEqual([])
  })
})

describe('objectiveLimit', () => {
  test.each([
    ['turn p95 < 10s', 'turn p95', 10_000],
    ['turn p95 < 800ms', 'turn p95', 800],
    ['ttft p95 <= 1.5s', 'ttft p95', 1500],
    ['turn p95 < 2m', 'turn p95', 120_000],
    ['errors < 1%', 'errors', 0.01],
  ])('%s', (text, metric, value) => {
    expect(objectiveLimit(capacityAnswers(withObjective(text)), metric)).toEqual({ value, label: text })
  })

  test('of another metric is none', () => {
    expect(objectiveLimit(capacityAnswers(withObjective('turn p99 < 10s')), 'turn p95')).toBeUndefined()
  })
})
