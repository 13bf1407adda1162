import { expect, test } from 'vitest'
import type { Traces } from './parse-distribution.ts'
import { parseWorkload } from './parse-workload.ts'
import { readCallRecords } from './recorded-calls.ts'

const minute = 60_000
/** Monday 5 October 2026. */
const monday = Date.UTC(2026, 9, 5)
const at = (day: number, hour: number, min: number): number =>
  monday + ((day * 24 + hour) * 60 + min) * minute

const table: Record<string, number[]> = {
  // Three in the half hour from 9:30 on Monday, one in the evening, one on Saturday.
  at: [at(0, 9, 30), at(0, 9, 45), at(0, 9, 59), at(0, 20, 0), at(5, 10, 0)],
  seconds: [60, 120, 180, 120, 120],
  person: [1, 0, 0, 1, 0],
  calls: [30, 10, 0, 5, 5],
  mean: [100, 200, 0, 100, 100],
}
const traces: Traces = (_, column) => table[column]!

test('call records: the busiest half hour, the hours, the length, and who went to a person', () => {
  const read = readCallRecords({ file: 'c.csv', at: 'at', duration: 'seconds', handedOff: 'person' }, traces)
  expect(read).toMatchObject({
    calls: 5,
    days: 6,
    callsPerMinute: 0.1,
    busiestAtMs: at(0, 9, 30),
    peakToAverage: 3 / (5 / (6 * 48)),
    afterHours: 0.4,
    handedOff: 0.4,
  })
  expect(read.byHour[9]).toBeCloseTo(0.6, 12)
  expect(read.duration!.mean).toBeCloseTo(120_000, 6)
  // Deviations of 60 s, twice in five.
  expect(Math.sqrt(read.duration!.variance)).toBeCloseTo(Math.sqrt(2 / 5) * 60_000, -2)
})

test('counts of half hours: their mean lengths by how many there were', () => {
  const read = readCallRecords({ file: 'c.csv', at: 'at', calls: 'calls', meanDuration: 'mean' }, traces)
  expect(read).toMatchObject({ calls: 50, afterHours: 0.2, busiestAtMs: at(0, 9, 30) })
  expect(read.callsPerMinute).toBeCloseTo(40 / 30, 12)
  expect(read.duration!.mean).toBeCloseTo(120_000, 6)
})

test('instants of another clock are told, and never taken for milliseconds', () => {
  const inSeconds: Traces = (_, column, _kind, unit) =>
    column === 'at' ? table['at']!.map((ms) => (unit === 's' ? ms : ms / 1000)) : table[column]!
  const records = { file: 'c.csv', at: 'at', duration: 'seconds' }
  expect(() => readCallRecords(records, inSeconds)).toThrow(`${monday / 1000 + 34_200} is 2026-10-05 in s`)
  expect(readCallRecords({ ...records, unit: 's' }, inSeconds)).toMatchObject({ days: 6, afterHours: 0.4 })
})

const parse = (phone: string) => parseWorkload(`phone: { ${phone} }\nmodel: {}`, { traces })

test('a file takes from its records what it does not write itself', () => {
  const records = 'records: { file: c.csv, at: at, duration: seconds, handedOff: person }, blocked: 1%'
  const handOff = 'handOff: { talk: 4m, within: 20s, answered: 80% }'
  const { phone } = parse(`${records}, ${handOff}`).workload!
  expect(phone).toMatchObject({ callsPerMinute: 0.1, handOff: { share: 0.4 }, recorded: { calls: 5 } })
  expect(phone!.duration.mean).toBeCloseTo(120_000, 6)
  expect(parse(`${records}, calls: 3/min`).workload!.phone!.callsPerMinute).toBe(3)
})

test.each([
  ['records: { file: c.csv, at: at }, blocked: 1%', 'phone.duration: is missing'],
  [
    'records: { file: c.csv, at: at, duration: seconds }, blocked: 1%, handOff: { talk: 4m, within: 20s, answered: 80% }',
    'phone.handOff.share: is missing',
  ],
  ['blocked: 1%', 'phone.calls: is missing'],
])('%s', (phone, message) => {
  expect(parse(phone).problems.map((problem) => problem.message)).toContain(message)
})
