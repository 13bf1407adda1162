import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { agreementTable, simulatedAnswer } from './exact-answers.ts'
import { exactCases } from './exact-cases.ts'

const answers = exactCases.map(simulatedAnswer)

// 99.9 % intervals over ten runs with fixed seeds: of forty other choices of seeds, one would fail in one of the cases.
test.each(answers)('$of.name, $of.figure', ({ of, mean, half999 }) => {
  // Tokens are whole numbers of at least one, which moves a mean by less than a thousandth.
  expect(Math.abs(mean - of.exact)).toBeLessThanOrEqual(half999 + 0.001 * of.exact)
  // Narrow enough to mean something.
  expect(half999 / of.exact).toBeLessThan(0.15)
})

test('docs/agreement.md shows what these simulations found (npm run agreement)', () => {
  const doc = readFileSync(new URL('../docs/agreement.md', import.meta.url), 'utf8')
  expect(doc).toContain(agreementTable(answers))
})
