import { expect, test } from 'vitest'
import { priceOf } from '../cli/prices.ts'
import { nearest } from './nearest.ts'
import { modelPresets } from './presets.ts'

test.each(modelPresets.map(({ like }) => like))('%s has a list price under exactly this name', (like) => {
  expect(priceOf(like)?.outputPerMillionUsd).toBeGreaterThan(0)
})

test('the nearest name comes first, and nothing is near to nonsense', () => {
  const names = modelPresets.map(({ like }) => like)
  expect(nearest('openai/gpt4.1-mini', names)).toEqual(['openai/gpt-4.1-mini'])
  expect(nearest('OpenAI/GPT-5', names)).toEqual(['openai/gpt-5'])
  expect(nearest('xyzzy', names)).toEqual([])
})
