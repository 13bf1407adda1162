import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  formatDuration,
  formatSize,
  parseDuration,
  parseMemory,
  parseMoney,
  parseRatePerMinute,
  parseShare,
  parseSize,
  unitPatterns,
} from './units.ts'

const readers = {
  duration: parseDuration,
  size: parseSize,
  share: parseShare,
  money: parseMoney,
  memory: parseMemory,
  rate: parseRatePerMinute,
}

const table: Record<keyof typeof readers, [text: string, value: number | undefined][]> = {
  duration: [
    ['45s', 45_000],
    ['200ms', 200],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['20us', 0.02],
    ['0.3ms', 0.3],
    ['1e3ms', 1000],
    ['0', 0],
    ['45', undefined],
    ['45 parsecs', undefined],
    ['-5s', undefined],
    ['s', undefined],
    ['', undefined],
    ['NaNs', undefined],
    ['Infinitys', undefined],
    ['1e999s', undefined],
  ],
  size: [
    ['200', 200],
    ['200k', 200_000],
    ['1.2M', 1_200_000],
    ['-1', undefined],
    ['200K', undefined],
    ['0x10', undefined],
  ],
  share: [
    ['4%', 0.04],
    ['100%', 1],
    ['0.5%', 0.005],
    ['101%', undefined],
    ['4', undefined],
  ],
  money: [
    ['$350', 350],
    ['$0.50', 0.5],
    ['$1.2k', 1200],
    ['350', undefined],
    ['$-3', undefined],
  ],
  memory: [
    ['8GB', 8e9],
    ['8GiB', 2 ** 33],
    ['512MB', 512e6],
    ['8', undefined],
    ['8Gb', undefined],
  ],
  rate: [
    ['500', 500],
    ['450k', 450_000],
    ['3/s', 180],
    ['7.5k/s', 450_000],
    ['120/h', 2],
    ['500/min', 500],
    ['3/day', undefined],
  ],
}

describe.each(Object.entries(table))('%s', (kind, cases) => {
  const name = kind as keyof typeof readers
  test.each(cases)('%s is %s', (text, value) => {
    expect(readers[name](text)).toBe(value)
  })

  test('what the editor accepts is what is read', () => {
    const pattern = new RegExp(unitPatterns[name])
    for (const [text, value] of cases)
      if (text !== '101%' && text !== '1e999s')
        expect([text, pattern.test(text)]).toEqual([text, value !== undefined])
  })
})

const finite = fc.double({ min: 0, max: 1e15, noNaN: true })

test('a duration survives being written', () => {
  fc.assert(
    fc.property(finite, (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms)
    }),
  )
  fc.assert(
    fc.property(fc.nat(10_000_000), (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms)
    }),
  )
})

test('a size survives being written', () => {
  fc.assert(
    fc.property(finite, (value) => {
      expect(parseSize(formatSize(value))).toBe(value)
    }),
  )
})

test.each([
  [45_000, '45s'],
  [1200, '1.2s'],
  [200, '200ms'],
  [90_000, '90s'],
  [0.02, '20us'],
  [7_200_000, '2h'],
  [0, '0'],
])('%s ms is written %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test('any text is read or refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom(...Object.values(readers)), (text, read) => {
      const value = read(text)
      if (value !== undefined) expect(value).toBeGreaterThanOrEqual(0)
    }),
  )
})
