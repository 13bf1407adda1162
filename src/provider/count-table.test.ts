import { expect, test } from 'vitest'
import { CountTable } from './count-table.ts'

test('keeps what is set until it is deleted', () => {
  const counts = new CountTable()
  expect(counts.get('a')).toBeUndefined()
  counts.set('a', 3)
  counts.set('a', 4)
  counts.set('b', 0)
  expect([counts.get('a'), counts.get('b')]).toEqual([4, 0])
  counts.delete('a')
  counts.delete('never set')
  expect([counts.get('a'), counts.get('b')]).toEqual([undefined, 0])
})

test('keeps 50,000 names, and of too many forgets what was set longest ago', () => {
  const counts = new CountTable()
  const name = (i: number): string => `${i}.0.${i % 7}.1`
  for (let i = 0; i < 50_000; i++) counts.set(name(i), i)
  let kept = 0
  for (let i = 0; i < 50_000; i++) if (counts.get(name(i)) === i) kept++
  // Of 8,192 buckets about two are asked for more than their sixteen (Poisson of mean 6.1).
  expect(kept).toBeGreaterThan(49_980)
  for (let i = 50_000; i < 400_000; i++) counts.set(name(i), i)
  const latest = Array.from({ length: 10_000 }, (_, i) => 399_999 - i)
  expect(latest.filter((i) => counts.get(name(i)) === i).length).toBe(10_000)
  expect(counts.get(name(0))).toBeUndefined()
})
