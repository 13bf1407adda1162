import { expect, test } from 'vitest'
import { studentTQuantile } from './student-t.ts'

// Any statistics textbook: 97.5 % and 99.5 % points.
test.each([
  [1, 12.7062, 63.6567],
  [2, 4.30265, 9.92484],
  [3, 3.18245, 5.84091],
  [4, 2.77645, 4.60409],
  [5, 2.57058, 4.03214],
  [9, 2.26216, 3.24984],
  [19, 2.09302, 2.86093],
])('%i degrees of freedom', (degreesOfFreedom, p975, p995) => {
  expect(Math.abs(studentTQuantile(0.975, degreesOfFreedom) / p975 - 1)).toBeLessThan(0.001)
  expect(Math.abs(studentTQuantile(0.995, degreesOfFreedom) / p995 - 1)).toBeLessThan(0.002)
})

test('between whole degrees of freedom it lies between its neighbours', () => {
  for (const degreesOfFreedom of [4.3, 5.5, 12.25]) {
    const value = studentTQuantile(0.975, degreesOfFreedom)
    expect(value).toBeGreaterThan(studentTQuantile(0.975, Math.ceil(degreesOfFreedom)))
    expect(value).toBeLessThan(studentTQuantile(0.975, Math.floor(degreesOfFreedom)))
  }
})
