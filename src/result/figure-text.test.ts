import { describe, expect, test } from 'vitest'
import {
  formatChange,
  formatCount,
  formatExact,
  formatMs,
  formatRange,
  formatShare,
  formatUsd,
} from './figure-text.ts'

describe('formats', () => {
  test.each([
    [undefined, '–'],
    [Number.NaN, '–'],
    [Infinity, '–'],
    [0, '0 ms'],
    [0.25, '0.25 ms'],
    [9.87, '9.87 ms'],
    [420.4, '420 ms'],
    [999.6, '1 s'],
    [9400, '9.4 s'],
    [60_000, '60 s'],
    [99_949, '99.9 s'],
    [200_000, '3 min 20 s'],
    [300_000, '5 min'],
    [7_500_000, '2 h 5 min'],
    [3_599_999, '1 h'],
  ])('formatMs(%s) is %s', (ms, expected) => {
    expect(formatMs(ms)).toBe(expected)
  })

  test.each([
    [undefined, '–'],
    [0, '0'],
    [147, '147'],
    [1.8245, '1.82'],
    [0.0312, '0.031'],
    [1234.5, '1,235'],
    [9999.4, '9,999'],
    [450_000, '450k'],
    [999_400, '999k'],
    [1_234_567, '1.23M'],
    [3.2e12, '3.2T'],
    [3.2e9, '3.2B'],
    [1e21, '1.0e+21'],
    [-12, '-12'],
    [-0, '0'],
  ])('formatCount(%s) is %s', (value, expected) => {
    expect(formatCount(value)).toBe(expected)
  })

  test.each([
    [0, '0 %'],
    [0.0004, '0.04 %'],
    [0.0098, '0.98 %'],
    [0.012, '1.2 %'],
    [0.05, '5 %'],
    [0.849, '85 %'],
    [12.3456, '1,235 %'],
  ])('formatShare(%s) is %s', (share, expected) => {
    expect(formatShare(share)).toBe(expected)
  })

  test.each([
    [Number.NaN, '–'],
    [0, '0'],
    [2_662_550.4, '2,662,550'],
    [0.020390218, '0.0203902'],
    [-692.9324, '−692.932'],
    [0.00000000567209, '5.67209e-9'],
    [-0.00005, '−5e-5'],
    [999_999_000_000_000, '999,999,000,000,000'],
    [1e21, '1e+21'],
    [-1.23456789e300, '−1.23457e+300'],
  ])('formatExact(%s) is %s', (value, expected) => {
    expect(formatExact(value)).toBe(expected)
  })

  test('changes carry their sign', () => {
    expect([0.15, -0.042, 0, Number.NaN].map(formatChange)).toEqual(['+15 %', '−4.2 %', '0 %', '–'])
  })

  test('money keeps what matters', () => {
    expect([0, 0.001234, 0.5, 12.4, 2450].map(formatUsd)).toEqual([
      '$0.00',
      '$0.0012',
      '$0.50',
      '$12.40',
      '$2,450',
    ])
  })

  test('a range without both ends is empty', () => {
    expect(formatRange([141, 152], formatCount)).toBe('141 to 152')
    expect(formatRange([141, undefined], formatCount)).toBe('')
    expect(formatRange(undefined, formatCount)).toBe('')
  })
})
