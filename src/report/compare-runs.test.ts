import { expect, test } from 'vitest'
import { compareRuns, comparisonOf } from './compare-runs.ts'
import { fixtureRun } from './fixture-run.ts'

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
  expect(comparisonOf(run, slower, {})).toContain('capacity')
  expect(JSON.parse(comparisonOf(run, slower, { json: true }))).toHaveProperty('rows')
  expect(comparisonOf(run, { ...run, workload: { ...run.workload, hash: 'x' } }, {})).toContain(
    'different workloads',
  )
  expect(comparisonOf(run, { ...run, capacities: [], summaries: [] }, {})).toContain('no engine in common')
})
