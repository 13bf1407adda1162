import { expect, test } from 'vitest'
import { parseWorkload } from './parse-workload.ts'

const rows = [
  { at: 5000, input: 300, output: 30 },
  { at: 1000, input: 100, output: 10 },
  { at: 2000, input: 200, output: 20 },
]
const traces = (_file: string, column: string): number[] => rows.map((row) => row[column as keyof typeof row])
const parse = (users: string, more = '') => parseWorkload(`users: ${users}\n${more}`, { traces })
const problems = (users: string, more = '') =>
  parse(users, more).problems.map(({ message, hint }) => `${message} | ${hint ?? ''}`)

test.each([
  ['even', 0],
  ['gamma(cv 3)', 9],
  ['gamma( cv 0.5 )', 0.25],
])('%s: independent gaps of one mean', (text, scv) => {
  const { arrivals } = parse(`{ arrivals: ${text} }`).workload!.users
  if (arrivals?.kind !== 'renewal') throw new Error('no renewal process')
  expect(arrivals.gap.mean).toBe(1)
  expect(arrivals.gap.variance).toBeCloseTo(scv, 12)
})

test('poisson is what stands where nothing is written, whatever its spelling', () => {
  const hashes = ['{}', '{ arrivals: poisson }', '{ arrivals: gamma(cv 1) }'].map(
    (text) => parse(text).workload!,
  )
  expect(new Set(hashes.map(({ hash }) => hash)).size).toBe(1)
  expect(hashes.map(({ users }) => users.arrivals)).toEqual([undefined, undefined, undefined])
  expect(parse('{ arrivals: even }').workload!.hash).not.toBe(hashes[0]!.hash)
})

test('a trace: instants in order from the first, tokens beside them, one more gap to the period', () => {
  const { users, scenarios } = parse(
    '{ arrivals: { trace: t.csv, at: at, input: input, output: output } }',
  ).workload!
  expect(users.arrivals).toEqual({
    kind: 'trace',
    text: 'trace(t.csv at input output)',
    atMs: [0, 1000, 4000],
    periodMs: 6000,
    takenAsMs: true,
    inputTokens: [100, 200, 300],
    outputTokens: [10, 20, 30],
  })
  expect(scenarios[0]!.output.mean).toBe(20)
  expect(scenarios[0]!.input.message.mean).toBe(200)
})

test('rows of one instant keep their order, and need no gap between them', () => {
  const told: Readonly<Record<string, readonly number[]>> = {
    at: [5000, 0, 5000, 0, 5000],
    input: [3, 1, 4, 2, 5],
  }
  const { users } = parseWorkload('users: { arrivals: { trace: t.csv, at: at, input: input } }', {
    traces: (_file, column) => told[column]!,
  }).workload!
  expect(users.arrivals).toMatchObject({ atMs: [0, 0, 5000, 5000, 5000], inputTokens: [1, 2, 3, 4, 5] })
})

test('milliseconds, written or not, are two spellings; seconds are not taken for them', () => {
  const [none, ms, s] = ['', ', unit: ms', ', unit: s'].map(
    (unit) => parse(`{ arrivals: { trace: t.csv, at: at${unit} } }`).workload!,
  )
  expect(ms!.hash).toBe(none!.hash)
  expect(ms!.users.arrivals).not.toHaveProperty('takenAsMs')
  expect(s!.users.arrivals).not.toHaveProperty('takenAsMs')
})

test('a day: the peak over the average follows from it', () => {
  const day = [...Array<string>(12).fill('50%'), ...Array<string>(12).fill('100%')]
  const { peak } = parse(`{ peak: { day: [${day.join(', ')}] } }`).workload!.users
  expect(peak.day).toHaveLength(24)
  expect(peak.peakToAverage).toBeCloseTo(4 / 3, 12)
})

test.each([
  ['{ arrivals: often }', /^users.arrivals: often is no way to arrive \| poisson, even, gamma/],
  ['{ arrivals: gamma(mean 3s cv 2) }', /is no way to arrive \| poisson, even, gamma\(cv 3\)/],
  ['{ arrivals: gamma(cv 300) }', /a cv of 300 is not between 0 and 30/],
  ['{ arrivals: { trace: t.csv } }', /^users.arrivals.at: is missing/],
  ['{ arrivals: { trace: t.csv, at: at, tokens: input } }', /^users.arrivals: unknown key tokens/],
  ['{ arrivals: { trace: t.csv, at: none } }', /two different instants are needed/],
  ['{ peak: { day: [100%] } }', /^users.peak.day: there are 1 shares, not 24/],
  [`{ peak: { day: [${Array(24).fill('50%').join(', ')}] } }`, /^users.peak.day: no hour has 100%/],
  [`{ peak: { peakToAverage: 2, day: [${Array(24).fill('100%').join(', ')}] } }`, /exclude each other/],
])('%s is refused with a hint', (users, words) => {
  expect(problems(users)).toEqual([expect.stringMatching(words)])
})

test('tokens that the file writes and the trace replaces are pointed out', () => {
  const more = 'model: { output: 100, input: { system: 10, message: 40 } }'
  expect(problems('{ arrivals: { trace: t.csv, at: at, output: output } }', more)).toEqual([
    expect.stringMatching(/^model.output: users.arrivals.output stands for it/),
  ])
  expect(problems('{ arrivals: { trace: t.csv, at: at, input: input } }', more)).toEqual([
    expect.stringMatching(/^model.input.message: users.arrivals.input stands for it/),
  ])
})
