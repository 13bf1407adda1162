import { expect, test } from 'vitest'
import { compareRuns, comparisonOf, nothingInCommon, regressionsOf } from './compare-runs.ts'
import { fixtureLevelRun, fixtureRun } from './fixture-run.ts'

const run = fixtureRun()
const [first, ...others] = run.capacities
const slower = { ...run, capacities: [{ ...first!, level: { users: 100 } }, ...others] }

test('each engine is compared with its own kind', () => {
  const rows = compareRuns(run, slower)
  const capacity = rows.find(({ origin, measure }) => origin === first!.origin && measure === 'capacity')!
  expect(capacity.after).toBe(100)
  expect(capacity.change).toBeCloseTo(100 / capacity.before! - 1, 12)
  expect(rows.filter(({ measure }) => measure === 'capacity')).toHaveLength(3)
  expect(rows.filter(({ change }) => change === 0).length).toBeGreaterThan(5)
})

test('as a table and as JSON', () => {
  expect(comparisonOf(run, slower, {}).text).toContain('capacity')
  expect(JSON.parse(comparisonOf(run, slower, { json: true }).text)).toHaveProperty('rows')
  expect(comparisonOf(run, { ...run, workload: { ...run.workload, hash: 'x' } }, {}).text).toContain(
    'different workloads',
  )
  const empty = { ...run, capacities: [], summaries: [] }
  expect(comparisonOf(run, empty, {}).rows).toEqual([])
  expect(nothingInCommon(run, empty)).toContain('no engine in common')
})

test('a change beyond both intervals is none of chance, and worse is what users would call worse', () => {
  const level = fixtureLevelRun()
  const at = (p95: number, half: number, perSecond: number) => ({
    ...level,
    summaries: level.summaries.map((summary) => ({
      ...summary,
      turns: { ...summary.turns, perSecond, perSecondCi95: [perSecond - 0.1, perSecond + 0.1] as const },
      latency: {
        turnMs: { ...summary.latency.turnMs!, p95, ci95: { p95: [p95 - half, p95 + half] as const } },
      },
    })),
  })
  const [base, wide, slow] = [at(1000, 30, 2), at(1100, 400, 2), at(1100, 40, 1.9)]
  const row = (after: typeof base, measure: string) =>
    compareRuns(base, after).find((each) => each.measure === measure)!
  expect(row(slow, 'turn p95').difference).toEqual([50, 150])
  expect(row(slow, 'turn p95')).toMatchObject({ significant: true })
  expect(row(wide, 'turn p95')).toMatchObject({ significant: false })
  expect(row(slow, 'turns/s').worse).toBeCloseTo(0.05, 12)
  const regressions = (after: typeof base, share: number) =>
    regressionsOf(compareRuns(base, after), share).map(({ measure }) => measure)
  expect(regressions(slow, 0.02)).toEqual(['turn p95'])
  expect(regressions(wide, 0.02)).toEqual([])
  expect(regressions(slow, 0.2)).toEqual([])
  expect(regressionsOf(compareRuns(slow, base), 0)).toEqual([])
  expect(comparisonOf(base, slow, { gate: 0.02 }).text).toMatch(
    /Regression beyond 2 %: measured turn p95 1 s → 1\.1 s/,
  )
  expect(comparisonOf(base, wide, { gate: 0.02 }).text).toContain('No regression beyond 2 %')
})

test.each([60, 80])('no line of a comparison is longer than %i columns', (width) => {
  const run = fixtureRun()
  const after = { ...run, workload: { ...run.workload, hash: 'x' } }
  const lines = comparisonOf(run, after, { width, gate: 0.02 }).text.split('\n')
  expect(lines.filter((line) => line.length > width)).toEqual([])
})

test('errors are held against the gate in points, not doubled by chance', () => {
  const level = fixtureLevelRun()
  const failing = (failed: number) => ({
    ...level,
    summaries: level.summaries.map((summary) => ({
      ...summary,
      objectives: [],
      turns: { ...summary.turns, completed: 1000 - failed, failed, abandoned: 0, rejected: 0 },
      errors: { rate: failed / 1000, byKind: {} },
    })),
  })
  const regressions = (before: number, after: number) =>
    regressionsOf(compareRuns(failing(before), failing(after)), 0.02).map(({ measure }) => measure)
  expect(regressions(1, 3)).toEqual([])
  expect(regressions(10, 60)).toEqual(['errors'])
})
