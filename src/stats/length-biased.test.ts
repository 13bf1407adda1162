import { expect, test } from 'vitest'
import { constant, exponential, lognormal, uniform } from './distributions.ts'
import { lengthBiased } from './length-biased.ts'

// The mean of the length-biased quantity is E X² / E X; its median where the literature gives one in closed form.
test.each([
  ['constant', constant(45), 45, 45],
  ['exponential: gamma of shape 2', exponential(30), 60, 30 * 1.678347],
  ['uniform', uniform(0, 10), 20 / 3, 10 / Math.SQRT2],
  ['lognormal: μ moves by σ²', lognormal(45, 0.8), 45 * 1.64, 45 * Math.sqrt(1.64)],
])('%s', (_, distribution, mean, median) => {
  const biased = lengthBiased(distribution)
  const draws = 20_000
  let sum = 0
  for (let i = 0; i < draws; i++) sum += biased((i + 0.5) / draws)
  expect(sum / draws / mean).toBeCloseTo(1, 2)
  expect(biased(0.5) / median).toBeCloseTo(1, 3)
})

test('nothing stays nothing', () => {
  expect(lengthBiased(constant(0))(0.7)).toBe(0)
})
