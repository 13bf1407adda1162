import { expect, test } from 'vitest'
import { spectrumOf, transform } from './fourier.ts'
import { addMass, massesBehind, pointSpectrum } from './grid.ts'

const grid = { stepMs: 10, length: 16 }
const some = Float64Array.from({ length: 16 }, (_, i) => (i * 7) % 5)
const other = Float64Array.from({ length: 16 }, (_, i) => (i * 3) % 7)

test('the transform is that of the definition', () => {
  const { re, im } = spectrumOf(some)
  expect(re.length).toBe(9)
  for (let f = 0; f <= 8; f++) {
    const angle = (i: number): number => (-2 * Math.PI * i * f) / 16
    expect(re[f]!).toBeCloseTo(
      some.reduce((sum, mass, i) => sum + mass * Math.cos(angle(i)), 0),
      10,
    )
    expect(im[f]!).toBeCloseTo(
      some.reduce((sum, mass, i) => sum + mass * Math.sin(angle(i)), 0),
      10,
    )
  }
})

test('the inverse undoes it', () => {
  const values = { re: some.slice(), im: other.slice() }
  transform(values)
  transform(values, true)
  some.forEach((value, i) => expect(values.re[i]!).toBeCloseTo(value, 10))
  other.forEach((value, i) => expect(values.im[i]!).toBeCloseTo(value, 10))
})

test('one inverse gives two laws', () => {
  const [first, second] = massesBehind(spectrumOf(some), spectrumOf(other))
  some.forEach((mass, i) => expect(first[i]!).toBeCloseTo(mass, 10))
  other.forEach((mass, i) => expect(second[i]!).toBeCloseTo(mass, 10))
})

test.each([0, 35, 40, 150, 900])('all mass at %d ms', (ms) => {
  const masses = new Float64Array(16)
  addMass(grid, masses, ms, 1)
  const expected = spectrumOf(masses)
  const found = pointSpectrum(grid, ms)
  expected.re.forEach((value, f) => expect(found.re[f]!).toBeCloseTo(value, 10))
  expected.im.forEach((value, f) => expect(found.im[f]!).toBeCloseTo(value, 10))
})
