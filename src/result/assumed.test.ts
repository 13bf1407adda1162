import { expect, test } from 'vitest'
import { assumedFields } from './assumed.ts'
import type { Dist, Summary } from './summary.ts'

test('what the file assumes beside what was seen', () => {
  const expected = summary({ calls: 2, input: 1000, cached: 0.5, max: 400, ownMs: 100 })
  const observed = summary({ calls: 2, input: 1500, cached: 0.25, max: 800, ownMs: 150 })
  expect(assumedFields(expected, observed)).toEqual([
    { field: 'calls a turn', assumed: 2, observed: 2, ratio: 1 },
    { field: 'model.input, tokens a call', assumed: 1000, observed: 1500, ratio: 1.5 },
    { field: 'model.cached', assumed: 0.5, observed: 0.25, ratio: 0.5 },
    { field: 'model.maxTokens', assumed: 400, observed: 800, ratio: 2 },
    { field: "agent's own time a turn, ms", assumed: 300, observed: 450, ratio: 1.5 },
  ])
})

test('own time is not compared under time compression, which stretches it', () => {
  const same = summary({ calls: 2, input: 1000, cached: 0.5, ownMs: 100 })
  const fields = assumedFields(same, { ...same, speed: 10 }).map(({ field }) => field)
  expect(fields).toEqual(['calls a turn', 'model.input, tokens a call', 'model.cached'])
})

test('what was not seen is not compared, and own time only where it matters', () => {
  const expected = summary({ calls: 2, input: 1000, cached: 0, ownMs: 1 })
  const { models: _, ...front } = summary({ calls: 2, input: 1, cached: 0, ownMs: 6 })
  expect(assumedFields(expected, front).map(({ field }) => field)).toEqual(['calls a turn'])
  const uncached = summary({ calls: 2, input: 1000, cached: 0.1, ownMs: 1 })
  expect(assumedFields(expected, uncached)).toContainEqual({
    field: 'model.cached',
    assumed: 0,
    observed: 0.1,
    ratio: Infinity,
  })
})

function summary(of: { calls: number; input: number; cached: number; max?: number; ownMs: number }): Summary {
  const own = dist(of.ownMs)
  const tokens = {
    input: of.input,
    cachedInput: of.input * of.cached,
    output: 10,
    ...(of.max ? { max: of.max } : {}),
  }
  return {
    format: 1,
    runId: 'test',
    version: '0',
    origin: 'measured',
    workload: { name: 'test', hash: 'test' },
    speed: 1,
    level: { users: 1 },
    turns: { perSecond: 1 },
    latency: { turnMs: dist(1000) },
    ownTime: { beforeMs: own, betweenMs: own, afterMs: own },
    calls: { perTurn: dist(of.calls) },
    models: { model: { perSecond: 1, errorRate: 0, tokensPerCall: tokens } },
    objectives: [],
  }
}

function dist(mean: number): Dist {
  return { mean, p50: mean, p90: mean, p95: mean, p99: mean }
}
