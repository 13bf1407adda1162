import { expect, test } from 'vitest'
import { latinHypercube } from './latin-hypercube.ts'

const uniform = (seed: number) => (draw: number, dimension: number) => {
  const value = Math.sin(draw * 12.9898 + dimension * 78.233 + seed) * 43758.5453
  return value - Math.floor(value)
}

test.each([
  [1, 1],
  [8, 1],
  [64, 3],
  [128, 12],
])('%i draws in %i dimensions: one in each slice of each dimension', (draws, dimensions) => {
  const points = latinHypercube(draws, dimensions, uniform(1))
  expect(points).toHaveLength(draws)
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const column = points.map((point) => point[dimension]!).sort((a, b) => a - b)
    expect(column).toEqual(Array.from({ length: draws }, (_, i) => (i + 0.5) / draws))
  }
})

test('a sum over the dimensions varies less than that of independent draws', () => {
  // Additive functions are integrated almost exactly (Stein 1987); 12 uniforms have a sum of variance 1.
  const points = latinHypercube(100, 12, uniform(3))
  const mean = points.reduce((sum, point) => sum + point.reduce((a, b) => a + b, 0), 0) / 100
  expect(mean).toBeCloseTo(6, 9)
})

test('the order of one dimension says nothing of another', () => {
  const points = latinHypercube(1000, 2, uniform(1))
  const covariance = points.reduce((sum, [x, y]) => sum + (x! - 0.5) * (y! - 0.5), 0) / 1000
  // A correlation of 1000 independent pairs has a standard deviation of 0.032; one seed, so no false alarms.
  expect(Math.abs(covariance * 12)).toBeLessThan(0.1)
})
