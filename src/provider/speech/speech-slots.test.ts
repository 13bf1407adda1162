import { expect, test } from 'vitest'
import { SpeechSlots } from './speech-slots.ts'

const unlimited = { concurrent: Infinity, startsPerSecond: Infinity, over: 'rejected' as const }

test('as many as there are, by the slots that each takes', () => {
  const slots = new SpeechSlots({ ...unlimited, concurrent: 5 })
  expect([2, 2, 2, 1].map((each) => slots.take(0, each))).toEqual([0, 0, undefined, 0])
  slots.free(2)
  expect(slots.take(1, 2)).toBe(0)
  expect([slots.taken, slots.most, slots.refused]).toEqual([5, 5, 1])
})

test('starts beyond a second’s worth are refused', () => {
  const slots = new SpeechSlots({ ...unlimited, startsPerSecond: 2 })
  expect([0, 0, 0, 400, 500, 5000, 5000, 5000].map((atMs) => slots.take(atMs, 1))).toEqual([
    0,
    0,
    undefined,
    undefined,
    0,
    0,
    0,
    undefined,
  ])
})

test('or wait, each its turn', () => {
  const slots = new SpeechSlots({ ...unlimited, startsPerSecond: 2, over: 'queued' })
  expect([0, 0, 0, 0, 1500].map((atMs) => slots.take(atMs, 1))).toEqual([0, 0, 500, 1000, 0])
})
