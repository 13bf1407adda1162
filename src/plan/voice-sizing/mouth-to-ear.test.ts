import { expect, test } from 'vitest'
import { latencyLeft, mouthToEar } from './mouth-to-ear.ts'
import { mouthToEarBudget } from '../../workload/voice-limits.ts'

const { targetMs, limitMs, parts } = mouthToEarBudget

test('the published targets add up to the published whole, and the model dominates', () => {
  const budget = mouthToEar(
    parts.map(({ name, targetMs }) => ({ name, ms: targetMs })),
    targetMs,
  )
  expect([budget.totalMs, budget.slackMs, budget.dominant]).toEqual([1115, 0, 'model'])
  expect(budget.parts[0]).toEqual({ name: 'model', ms: 375, share: 375 / 1115 })
})

test('the published limits of all parts together miss the limit of the whole', () => {
  const worst = parts.map(({ name, limitMs }) => ({ name, ms: limitMs }))
  expect(mouthToEar(worst, limitMs)).toMatchObject({ totalMs: 1860, slackMs: -460, dominant: 'model' })
})

test('what the model may take: the objective less the others', () => {
  const asTarget = parts.map(({ name, targetMs }) => ({ name, ms: targetMs }))
  expect(latencyLeft(asTarget, 'model', targetMs)).toBe(375)
  expect(latencyLeft(asTarget, 'model', limitMs)).toBe(660)
  expect(latencyLeft([{ name: 'network', ms: 500 }], 'model', 400)).toBe(-100)
})

test('no parts, no latency', () => {
  expect(mouthToEar([], 800)).toEqual({ totalMs: 0, slackMs: 800, parts: [] })
})
