import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { embedding } from './embedding.ts'

const cosine = (a: string, b: string): number => {
  const [left, right] = [embedding(a, 1536), embedding(b, 1536)]
  return left.reduce((sum, value, index) => sum + value * right[index]!, 0)
}

test('every text has a vector of length 1, always the same', () => {
  const inputs = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.array(fc.nat(), { minLength: 1 }))
  fc.assert(
    fc.property(inputs, fc.integer({ min: 1, max: 300 }), (input, dimensions) => {
      const vector = embedding(input, dimensions)
      expect(vector).toHaveLength(dimensions)
      expect(vector.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 4)
      expect(embedding(input, dimensions)).toEqual(vector)
    }),
  )
})

test('texts that share words are nearer than texts that share none', () => {
  const near = cosine('where is my order', 'Where is the order?')
  const far = cosine('where is my order', 'cancel that subscription please')
  expect(near).toBeGreaterThan(0.5)
  expect(Math.abs(far)).toBeLessThan(0.2)
})

test('long texts that share no word are not near each other either', () => {
  const words = (from: number): string => Array.from({ length: 300 }, (_, i) => `word${from + i}`).join(' ')
  expect(Math.abs(cosine(words(0), words(1000)))).toBeLessThan(0.2)
})
