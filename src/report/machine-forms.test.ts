import { describe, expect, test } from 'vitest'
import type { Run } from '../result/run.ts'
import type { Summary } from '../result/summary.ts'
import { csv, csvLine } from './csv.ts'
import { fixtureLevelRun, fixtureRun } from './fixture-run.ts'
import { junit } from './junit.ts'
import { otlp } from './otlp.ts'
import { partTables } from './part-tables.ts'
import { prometheus } from './prometheus.ts'

const find = fixtureRun()
const measured: Summary = {
  ...find.capacities.find(({ origin }) => origin === 'measured')!.probes[0]!.summary,
  turns: { completed: 90, failed: 10, perSecond: 1.5, perSecondCi95: [1.4, 1.6] },
  latency: { turnMs: { mean: 900, p50: 800, p90: 1500, p95: 2000, p99: 3000, ci95: { p95: [1800, 2300] } } },
  objectives: [
    { text: 'turn p95 < 1s', value: 2000, limit: 1000, pass: false },
    { text: 'errors < 20%', value: 0.1, limit: 0.2, pass: true },
    { text: '[a "b" <c> & \'d\'] ttft p95 < 2s', pass: 'undecided' },
  ],
  generator: { valid: true, reasons: [] },
}
const load: Run = { ...find, capacities: [], summaries: [measured] }

describe('junit', () => {
  test('a missed objective fails, an undecided one is skipped, and the totals say so', () => {
    const xml = junit(load)
    expect(xml).toContain('tests="4" failures="1" errors="0" skipped="1"')
    expect(xml).toMatch(/name="turn p95 &lt; 1s"><failure message="2(\.0)? s/)
    expect(xml).toContain('name="[a &quot;b&quot; &lt;c&gt; &amp; &apos;d&apos;] ttft p95 &lt; 2s"><skipped')
  })

  test('an answer that must not be used is an error, and an interrupted run too', () => {
    const generator = { valid: false, reasons: ['sends were late'] }
    const xml = junit({ ...load, interrupted: true, summaries: [{ ...measured, generator }] })
    expect(xml).toContain('errors="2"')
    expect(xml).toContain('<error message="sends were late"/>')
  })

  test('a search fails where no load holds', () => {
    const [capacity] = find.capacities
    expect(junit(find)).toContain('failures="0"')
    expect(junit({ ...find, capacities: [{ ...capacity!, level: { users: 0 } }] })).toContain('failures="1"')
  })
})

test('csv has a line for each number, with its interval', () => {
  const lines = csv(load).split('\n')
  expect(lines[0]).toBe('run,workload,engine,metric,of,unit,value,ci95_low,ci95_high')
  expect(lines.find((line) => line.includes('turn_duration_seconds,p95'))).toMatch(/,s,2,1\.8,2\.3$/)
})

test.each([
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['=HYPERLINK(1)', "'=HYPERLINK(1)"],
  ['a\nb', '"a\nb"'],
  ['plain', 'plain'],
])('csv: %j', (value, cell) => {
  expect(csvLine([value])).toBe(`${cell}\n`)
})

test('prometheus: one header for each family, labels escaped', () => {
  const text = prometheus({ ...load, workload: { ...load.workload, name: 'a "b" \\ c' } })
  const headers = text.split('\n').filter((line) => line.startsWith('# TYPE'))
  expect(new Set(headers).size).toBe(headers.length)
  const labels = 'workload="a \\"b\\" \\\\ c",origin="measured"'
  expect(text).toContain(`plimsoll_turn_duration_seconds{${labels},statistic="p95"} 2\n`)
  expect(text).toContain(`plimsoll_turn_duration_seconds_ci95_high{${labels},statistic="p95"} 2.3\n`)
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(/^# (HELP|TYPE) plimsoll_\w+ .+|^plimsoll_\w+\{.*\} [\d.e+-]+$/)
})

test('otlp: gauges in the JSON of opentelemetry-proto', () => {
  const { resourceMetrics } = JSON.parse(otlp(load)) as {
    resourceMetrics: { scopeMetrics: { metrics: unknown }[] }[]
  }
  expect(resourceMetrics[0]!.scopeMetrics[0]!.metrics).toContainEqual({
    name: 'plimsoll.turns_per_second',
    description: 'Completed turns a second.',
    unit: '1/s',
    gauge: {
      dataPoints: [
        {
          attributes: [{ key: 'origin', value: { stringValue: 'measured' } }],
          startTimeUnixNano: `${Date.parse(load.startedAt)}000000`,
          timeUnixNano: `${Date.parse(load.endedAt ?? load.startedAt)}000000`,
          asDouble: 1.5,
        },
      ],
    },
  })
})

describe('turns told apart', () => {
  const summary = fixtureLevelRun().summaries[0]!

  test('in a table, by the names that objectives have', () => {
    const [table] = partTables(summary)
    expect(table!.head).toEqual(['answered', 'errors', 'turn', 'ttft', 'useful', 'goodput', 'refused'])
    expect(table!.rows.map(([turn]) => turn)).toEqual(['1', '2', '3'])
    // A tenth of them were given up: their p95 is at least that.
    expect(table!.rows.map(([, , , turn]) => turn!.startsWith('≥'))).toEqual([false, true, true])
  })

  test('for machines, with the turn as a label', () => {
    const text = prometheus(fixtureLevelRun())
    expect(text).toMatch(/plimsoll_useful_seconds\{[^}]*turn="2",statistic="p95"\} /)
    expect(text).toMatch(/plimsoll_refused_share\{[^}]*turn="3"\} 0\.1\n/)
    expect(text).toMatch(/plimsoll_retry_after_honoured\{[^}]*\} 44\n/)
    expect(text).toMatch(/plimsoll_goodput_turns_per_second\{[^}]*\} 2\.1\n/)
  })
})
