import { expect, test } from 'vitest'
import { parsePs, parseResident, parseStat, treeOf } from './process-table.ts'

test('a stat line is read from behind the name, whatever the name holds', () => {
  const fields = 'S 7 42 42 0 -1 4194560 100 0 0 0 150 50 30 20 20 0 11 0 1000 99 0'
  expect(parseStat(`123 (node) ${fields}`)).toEqual({ pid: 123, parent: 7, group: 42, cpuSeconds: 2.5 })
  expect(parseStat(`123 (a) b (c) ${fields}`)).toEqual({ pid: 123, parent: 7, group: 42, cpuSeconds: 2.5 })
})

test.each(['', 'nonsense', '12 (cut', '12 (cut) S 1'])('what is no stat line is left out: «%s»', (text) => {
  expect(parseStat(text)).toBeUndefined()
})

test('resident memory, and none of a process that has ended', () => {
  expect(parseResident('Name:\tnode\nVmRSS:\t    2048 kB\nThreads:\t9\n')).toBe(2_097_152)
  expect(parseResident('Name:\tnode\nState:\tZ (zombie)\n')).toBe(0)
})

test.each([
  ['00:01', 1],
  ['1:02.50', 62.5],
  ['01:02:03', 3723],
  ['2-01:00:00', 176_400],
])('ps writes %s for %d s', (time, seconds) => {
  expect(parsePs(`  12     1    12  1024 ${time}\nPID PPID junk\n\n`)).toEqual([
    { pid: 12, parent: 1, group: 12, rssBytes: 1_048_576, cpuSeconds: seconds },
  ])
})

test('a tree is the descendants and the group, and nobody else', () => {
  const row = (pid: number, parent: number, group: number) => ({
    pid,
    parent,
    group,
    cpuSeconds: 0,
    rssBytes: 0,
  })
  const rows = [
    row(30, 20, 30),
    row(10, 1, 10),
    row(20, 10, 10),
    row(40, 1, 10),
    row(50, 1, 50),
    row(1, 0, 1),
  ]
  expect(treeOf(rows, 10).map(({ pid }) => pid)).toEqual([30, 10, 20, 40])
  expect(treeOf(rows, 99)).toEqual([])
})
