import { describe, expect, test } from 'vitest'
import type { Capacity } from '../result/capacity.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import type { Workload } from '../workload/workload.ts'
import { planNotes } from './plan-notes.ts'

function workloadOf(parts: { depth?: string; peak?: string; workers?: string } = {}): Workload {
  const { depth = '2', peak = '{ concurrencyRatio: 3%, peakToAverage: 2 }', workers = '5' } = parts
  return parseWorkload(`
name: support
users: { think: 45s, peak: ${peak} }
scenarios: [{ name: only, depth: ${depth} }]
agent: { ${workers === '' ? '' : `workers: ${workers}, `}concurrency: 1 }
model: { ttft: 2.25s, perToken: 0ms }
objectives: [turn p95 < 10s]
`).workload!
}

function notes(workload: Workload, parts: Partial<Capacity> = {}): string[] {
  return planNotes(workload, {
    origin: 'solved',
    level: { users: 50 },
    runAt: 37,
    probes: [],
    ...parts,
  })
}

describe('planNotes', () => {
  test('the rule of thumb and registered users', () => {
    expect(notes(workloadOf())).toEqual([
      'rule of thumb: 5 workers × 45 s think ÷ 4.5 s processing = 50 users, about 1,667 registered; solved: 50. They agree: turns wait for workers, and the objectives break about where the workers are full.',
      '50 concurrent users stand for about 1,667 registered; if they are the average, provision for 100 at peak.',
    ])
  })

  test('without a peak there is nothing to provision for', () => {
    expect(notes(workloadOf({ peak: '{ concurrencyRatio: 3% }' }))[1]).toBe(
      '50 concurrent users stand for about 1,667 registered.',
    )
  })

  test('no users are not multiplied', () => {
    expect(notes(workloadOf(), { level: { users: 0 }, brokenBy: 'turn p95 < 10s' }).slice(1)).toEqual([])
  })

  test('of users up to whom nothing broke none are registered', () => {
    expect(notes(workloadOf(), { unbounded: true })).toHaveLength(1)
  })

  test('of open load the rule of thumb says nothing', () => {
    expect(notes(workloadOf(), { level: { sessionsPerSecond: 0.5 } })).toEqual([])
  })

  test('no number of workers', () => {
    expect(notes(workloadOf({ workers: '' }))[0]).toBe(
      'The file sets no number of workers, so the rule of thumb has nothing to count.',
    )
  })
})
