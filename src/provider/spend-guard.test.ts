import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPassed } from './passed-request.ts'
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

test('without a cap a call is held to the longest answer for each that it asks for', () => {
  const guard = new SpendGuard(0.1, () => price)
  const reserves = (choices: number): boolean =>
    typeof guard.reserve('m', 0, undefined, { choices }) === 'object'
  // 4,096 tokens each until one was longer, and 0.1 are 10,000 of them.
  expect(reserves(3)).toBe(false)
  const first = guard.reserve('m', 0, undefined, { choices: 2 })
  if (typeof first === 'string') throw new Error(first)
  first.settle({ inputTokens: 0, cachedTokens: 0, outputTokens: 500 })
  expect(reserves(3)).toBe(false)
  expect(reserves(2)).toBe(true)
})

test.each([
  [{}, 1],
  [{ n: 3 }, 3],
  // Not understood, and passed on all the same.
  [{ n: 3, tools: 'none' }, 3],
])('how many answers a call asks for is seen to: %j', (body, choices) => {
  const messages = [{ role: 'user', content: 'x' }]
  expect(readPassed('/v1/chat/completions', JSON.stringify({ model: 'm', messages, ...body }))).toMatchObject(
    {
      choices,
    },
  )
})

test('a call is held to the price of an input that is kept, and for how long', () => {
  const kept = { ...price, writtenPerMillionUsd: 2.5, hourlyPerMillionUsd: 4 }
  const reserves = (maxUsd: number, more?: { readonly isHourly: boolean }): boolean =>
    typeof new SpendGuard(maxUsd, () => kept).reserve('m', 20_000, 100, more) === 'object'
  // Half as many tokens again, since before they are counted they are a guess.
  expect([reserves(0.075), reserves(0.077)]).toEqual([false, true])
  expect([reserves(0.12, { isHourly: true }), reserves(0.122, { isHourly: true })]).toEqual([false, true])
})

test.each([
  [{ type: 'ephemeral', ttl: '1h' }, true],
  [{ type: 'ephemeral' }, false],
])('what is to be cached for an hour is seen to: %j', (cache_control, isHourly) => {
  const content = [{ type: 'text', text: 'x', cache_control }]
  const body = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content }] }
  expect(readPassed('/v1/messages', JSON.stringify(body))!.isHourly).toBe(isHourly)
})

test('a call that goes on from what the provider keeps is held to as much as any had', () => {
  const guard = new SpendGuard(0.1, () => price)
  const first = guard.reserve('m', 20_000, 100)
  if (typeof first === 'string') throw new Error(first)
  first.settle({ inputTokens: 20_000, cachedTokens: 0, outputTokens: 100 })
  const second = guard.reserve('m', 10, 100, { isStored: true })
  if (typeof second === 'string') throw new Error(second)
  second.settle({ inputTokens: 20_110, cachedTokens: 0, outputTokens: 100 })
  // 0.0822 are spent, and another 20,000 tokens would cost 0.04.
  expect(guard.reserve('m', 10, 100, { isStored: true })).toContain('could take the rest')
  expect(typeof guard.reserve('m', 10, 100)).toBe('object')
})

test.each([
  ['/v1/responses', { input: 'x', previous_response_id: 'resp_1' }, true],
  ['/v1/responses', { input: [{ type: 'item_reference', id: 'msg_1' }] }, true],
  ['/v1/responses', { input: 'x', conversation: 'conv_1' }, true],
  ['/v1/responses', { input: 'x' }, false],
  [
    '/v1/messages',
    { messages: [], max_tokens: 9, thread: { type: 'continue', previous_message_id: 'msg_1' } },
    true,
  ],
  ['/v1/messages', { messages: [{ role: 'user', content: 'x' }], max_tokens: 9 }, false],
])('what goes on from what is kept is seen to: %s %j', (path, body, isStored) => {
  expect(readPassed(path, JSON.stringify({ model: 'm', ...body }))!.isStored).toBe(isStored)
})
