import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Sentences } from './sentences.ts'

function cut(pieces: readonly string[]): string[] {
  const sentences = new Sentences()
  return [...pieces.flatMap((piece) => sentences.push(piece)), ...sentences.end()]
}

test.each([
  [['Yes. It will come on Monday. Bye.'], ['Yes. It will come on Monday.', 'Bye.']],
  [
    ['It costs 3.50 eu', 'ros. Is that', ' fine?'],
    ['It costs 3.50 euros.', 'Is that fine?'],
  ],
  [
    ['one two three four five six seven eight nine ten eleven twelve thirteen'],
    ['one two three four five six seven eight nine ten eleven', 'twelve thirteen'],
  ],
  [['', '  '], []],
])('%j', (pieces, spoken) => {
  expect(cut(pieces)).toEqual(spoken)
})

test('nothing is lost, however it is written', () => {
  const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.', '?', 'word ') }))
  fc.assert(
    fc.property(texts, (pieces) => {
      expect(cut(pieces).join('').replaceAll(' ', '')).toBe(pieces.join('').replaceAll(' ', ''))
    }),
  )
})
