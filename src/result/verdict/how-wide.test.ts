import { expect, test } from 'vitest'
import type { Uncertainty } from '../uncertainty.ts'
import { uncertainty } from './fixture-uncertainty.ts'
import { line } from './fixture-verdict.ts'

type Parts = { readonly [Key in keyof Uncertainty]?: Uncertainty[Key] | undefined }
const wide = (changes: Parts): string | undefined =>
  line('how wide', { uncertainty: { ...uncertainty, ...changes } as Uncertainty })

test.each<[what: string, changes: Parts, text: string]>([
  [
    'whole users are rounded outwards',
    {},
    'somewhere between 120 and 160 users (9 of 10 draws from the 2 ranges of the file; 101 to 190 at their worst and best): hangs most on think time, 30s..60s (104 to 188 by itself); $1,980 to $3,480 a month for 110 users',
  ],
  [
    'the effect of a range is told from less to more',
    { inputs: uncertainty.inputs.slice(1) },
    'somewhere between 120 and 160 users (9 of 10 draws from the range of the file; 101 to 190 at its worst and best): hangs most on loop depth of faq, 2..3 (140 to 160 by itself); $1,980 to $3,480 a month for 110 users',
  ],
  [
    'draws without a limit are told of, among those that are possible',
    { unbounded: 16, impossible: 64, perMonthUsd: undefined },
    'somewhere between 120 and 160 users (9 of 10 draws from the 2 ranges of the file, 25 % of them without a limit; 101 to 190 at their worst and best): hangs most on think time, 30s..60s (104 to 188 by itself)',
  ],
  [
    'a capacity that hangs on none of them',
    { level: { low: 147, high: 147, least: 147, most: 147 } },
    '147 users wherever the 2 ranges of the file may lie; $1,980 to $3,480 a month for 110 users',
  ],
])('%s', (_, changes, text) => {
  expect(wide(changes)).toBe(text)
})

test('open load is told to its digits', () => {
  const level = { low: 1.206, high: 1.592, least: 1.01, most: 1.9 }
  expect(
    line('how wide', {
      level: { sessionsPerSecond: 1.5 },
      runAt: 1.1,
      uncertainty: {
        ...uncertainty,
        level,
        inputs: uncertainty.inputs.slice(1).map((each) => ({ ...each, levelAtLow: 1.2, levelAtHigh: 1.4 })),
      },
    }),
  ).toBe(
    'somewhere between 1.21 and 1.59 sessions/s (9 of 10 draws from the range of the file; 1.01 to 1.9 at its worst and best): hangs most on loop depth of faq, 2..3 (1.2 to 1.4 by itself); $1,980 to $3,480 a month for 1.1 sessions/s',
  )
})

test('without ranges nothing is said', () => {
  expect(line('how wide')).toBeUndefined()
})
