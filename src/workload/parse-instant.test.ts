import { expect, test } from 'vitest'
import { type InstantUnit, parseInstant } from './parse-instant.ts'

test.each([
  ['1970-01-01 00:00:01.5', 1500],
  ['1970-01-01T00:00:01Z', 1000],
  ['1970-01-02 00:00', 86_400_000],
  ['1970-01-01T01:00:00+01:00', 0],
  ['1970-01-01 00:00:00-0130', 5_400_000],
  ['2024-02-29 00:00', Date.UTC(2024, 1, 29)],
  ['2023-12-31 00:00', Date.UTC(2023, 11, 31)],
  ['1500', 1500],
  ['0.25', 0.25],
])('%s is %d ms', (text, ms) => {
  expect(parseInstant(text)).toBe(ms)
})

test.each<[InstantUnit, string, number]>([
  ['s', '1700000000.5', 1_700_000_000_500],
  ['us', '1700000000500000', 1_700_000_000_500],
  ['ns', '1700000000500000000', 1_700_000_000_500],
  ['s', '1970-01-01 00:00:01.5', 1500],
])('in %s, %s is %d ms', (unit, text, ms) => expect(parseInstant(text, unit)).toBe(ms))

test('keeps what is finer than a millisecond', () => {
  const [a, b] = ['2023-11-16 18:17:03.9799600', '2023-11-16 18:17:04.0319600'].map((text) =>
    parseInstant(text),
  )
  expect(a).toBeCloseTo(Date.UTC(2023, 10, 16, 18, 17, 3) + 979.96, 3)
  expect(b! - a!).toBeCloseTo(52, 3)
})

test.each([
  '',
  'yesterday',
  '2023-13-01 00:00',
  '2023-02-30 00:00',
  '2023-02-29 00:00',
  '2023-04-31 00:00',
  '2023-11-16',
  '16/11/2023 18:17:03',
  '2023-11-16 24:00:00',
])('%s is no instant', (text) => expect(parseInstant(text)).toBeNaN())
