import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SpendGuard } from './spend-guard.ts'

const price = { inputPerMillionUsd: 2, cachedPerMillionUsd: 1, outputPerMillionUsd: 10, source: 'test' }

test('whatever calls overlap, caps that hold keep the spend within the limit', () => {
  const call = fc.record({
    input: fc.nat(5000),
    max: fc.integer({ min: 1, max: 5000 }),
    used: fc.double({ min: 0, max: 1, noNaN: true }),
    served: fc.boolean(),
    waits: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
      const guard = new SpendGuard(0.2, () => price)
      const open: (() => void)[] = []
      for (const { input, max, used, served, waits } of calls) {
        const reservation = guard.reserve('m', input, max)
        if (typeof reservation === 'string') continue
        const usage = { inputTokens: input, cachedTokens: 0, outputTokens: max * used }
        open.push(() => reservation.settle(served ? usage : undefined))
        if (!waits) for (const settle of open.splice(0)) settle()
        expect(guard.spentUsd).toBeLessThanOrEqual(0.2)
      }
      for (const settle of open) settle()
      expect(guard.spentUsd).toBeLessThanOrEqual(0.2)
    }),
    { seed: 5 },
  )
})

test('a settled call counts once, and at its own price', () => {
  const guard = new SpendGuard(1, () => price)
  const reservation = guard.reserve('m', 1000, 100)
  if (typeof reservation === 'string') throw new Error(reservation)
  const usage = { inputTokens: 1000, cachedTokens: 400, outputTokens: 50 }
  reservation.settle(usage)
  reservation.settle(usage)
  expect(guard.spentUsd).toBeCloseTo((600 * 2 + 400 * 1 + 50 * 10) / 1e6, 12)
})

test('without a cap a call is held to the longest answer there was', () => {
  const guard = new SpendGuard(0.1, () => price)
  const first = guard.reserve('m', 0, undefined)
  if (typeof first === 'string') throw new Error(first)
  first.settle({ inputTokens: 0, cachedTokens: 0, outputTokens: 6000 })
  expect(guard.reserve('m', 0, undefined)).toContain('could take the rest')
  expect(typeof guard.reserve('m', 0, 3000)).toBe('object')
})
