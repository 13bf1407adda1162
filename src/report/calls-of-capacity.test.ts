import { expect, test } from 'vitest'
import type { Capacity } from '../result/capacity.ts'
import type { PhoneSummary } from '../result/phone-summary.ts'
import type { Run } from '../result/run.ts'
import type { Summary } from '../result/summary.ts'
import { agreementOf } from './agreement.ts'
import { capacityAnswers, columnsOf } from './answers.ts'
import { compareRuns, comparisonOf } from './compare-runs.ts'
import { answerTitle, comparisonRows } from './comparison.ts'
import { csv } from './csv.ts'
import { fixtureRun } from './fixture-run.ts'
import { html } from './html.ts'
import { capacityCharts } from './html/capacity-charts.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import { terminal } from './terminal.ts'

const heldMs = 180_000

/** The run of users with each of them a call a minute: 147 users are 147 calls a minute, 441 at once. */
function runOfCalls(): Run {
  const run = fixtureRun()
  const rate = (users: number): { sessionsPerSecond: number } => ({ sessionsPerSecond: users / 60 })
  const calls = ({ series: _, assumed: __, ...summary }: Summary, users: number): Summary => ({
    ...summary,
    level: rate(users),
    objectives: [{ text: 'response p95 < 6s', metric: 'ttft', pass: true }],
    phone: {
      calls: { ended: 200, completed: 190, blocked: 10, escalated: 0, abandoned: 0, dropped: 0, failed: 0 },
      active: { mean: users * 3, max: users * 4 },
    } as unknown as PhoneSummary,
  })
  const capacities = run.capacities.map(
    ({
      level,
      low,
      high,
      runAt,
      probes,
      advice: _,
      tried: __,
      pairs: ___,
      uncertainty: ____,
      sensitivity: _____,
      ...rest
    }): Capacity => ({
      ...rest,
      level: rate('users' in level ? level.users : 0),
      phone: { heldMs },
      runAt: runAt / 60,
      ...(low === undefined || high === undefined ? {} : { low: low / 60, high: high / 60 }),
      probes: probes.map((probe) => {
        const users = 'users' in probe.level ? probe.level.users : 0
        return { ...probe, level: rate(users), summary: calls(probe.summary, users) }
      }),
    }),
  )
  const against = {
    change: 'the target of --against',
    capacity: capacities[2]!,
    difference: -0.2,
    verdict: 'worse' as const,
    gate: { share: 0.02, regressed: true },
  }
  return { ...run, workload: { ...run.workload, name: 'receptionist' }, verdict: [], capacities, against }
}

const run = runOfCalls()
const answers = capacityAnswers(run)

test('the table of answers tells calls at once, calls a minute, and how calls fared', () => {
  const rows = Object.fromEntries(comparisonRows(answers).map(({ label, cells }) => [label, cells]))
  expect(rows).toMatchObject({
    'calls at once': ['447', '435', '441'],
    'calls/min': ['149', '145', '147'],
    interval: ['', '143 to 148', '141 to 152'],
    'run at': ['112', '109', '110'],
    'on the line, most': ['596', '580', '580'],
    completed: ['95 %', '95 %', '95 %'],
    blocked: ['5 %', '5 %', '5 %'],
  })
  expect(Object.keys(rows)).not.toContain('dropped')
  expect(Object.keys(rows)).not.toContain('calls/turn')
})

test('two systems that were searched in turn stand side by side', () => {
  const measured = { ...run, capacities: run.capacities.slice(2) }
  const b = { ...run.against!, capacity: { ...run.capacities[2]!, level: { sessionsPerSecond: 0.5 } } }
  const columns = columnsOf({ ...measured, against: b }, capacityAnswers(measured))
  expect(columns.map(answerTitle)).toEqual(['A, measured', 'B, measured'])
  expect(comparisonRows(columns)[1]).toEqual({ label: 'calls/min', cells: ['147', '30'] })
  const { against: _, ...alone } = measured
  expect(columnsOf(alone, answers)).toBe(answers)
})

test('whether they agree is told in calls a minute', () => {
  expect(agreementOf(answers)!.sentence).toContain('145 to 149 calls/min')
})

test('charts are of calls, drawn against calls a minute', () => {
  const charts = capacityCharts(answers)
  expect(charts.map(({ id }) => id)).toEqual(['response', 'on-the-line', 'blocked', 'lost'])
  expect(charts[0]).toMatchObject({
    xLabel: 'calls/min',
    limit: { value: 6, label: 'response p95 < 6s' },
  })
  const { at, low, high, runAt } = charts[0]!.capacity!
  for (const [value, exact] of [
    [at, 147],
    [low, 141],
    [high, 152],
    [runAt, 110],
    [charts[0]!.xs[0], 20],
  ])
    expect(value).toBeCloseTo(exact!, 9)
})

test.each([
  ['terminal', terminal(run, {})],
  ['markdown', markdown(run, {})],
  ['html', html(run, {})],
  ['csv', csv(run, {})],
  ['junit', junit(run, {})],
])('%s counts no users and no sessions', (_, text) => {
  expect(text.includes('calls/min')).toBe(true)
  // What the page's own program is written in is no word for readers.
  const read = text.replaceAll(/<(script|style)[^>]*>[^]*?<\/\1>/g, '')
  expect(read.match(/.{0,80}(?:sessions\/s|\busers\b)/g) ?? []).toEqual([])
})

test('machines are told as people are', () => {
  expect(junit(run, {})).toContain('<system-out>441 calls at once (147 calls/min)</system-out>')
  expect(junit(run, {})).toContain('message="−12 calls/min"')
  expect(csv(run, {})).toMatch(/measured,capacity,calls\/min,calls\/min,147(?:\.0+\d+)?,141(?:\.0+\d+)?,152/)
  expect(csv(run, {})).toMatch(/measured,capacity_calls_at_once,,1,441/)
})

test('two runs of calls are compared as calls', () => {
  const [first, ...others] = run.capacities
  const slower = { ...first!, level: { sessionsPerSecond: 100 / 60 } }
  const rows = compareRuns(run, { ...run, capacities: [slower, ...others] })
  const solved = rows
    .filter(({ origin }) => origin === 'solved')
    .map(({ measure, text }) => [measure, ...text])
  expect(solved.slice(0, 3)).toEqual([
    ['capacity, calls at once', '447', '300'],
    ['on the line', '447', '300'],
    ['capacity, calls/min', '149', '100'],
  ])
  const told = solved.map(([measure]) => measure)
  expect(told).toEqual(expect.arrayContaining(['response p95', 'completed', 'blocked', 'model calls/turn']))
  expect(told).not.toContain('ttft p95')
  // Fewer completed are worse, fewer blocked are better: the same of both is neither.
  expect(rows.filter(({ measure }) => measure === 'blocked').map(({ worse }) => worse)).toEqual([0, 0, 0])
  expect(comparisonOf(run, run, {}).text).toContain('may be chance')
})
