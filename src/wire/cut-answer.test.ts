import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { AnswerCutter, type Cut } from './cut-answer.ts'

test('however parts are cut, each begins once, ends once and is whole, one after another', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
      (parts, shares) => {
        const cutter = new AnswerCutter(parts)
        const cuts = [...shares.toSorted((a, b) => a - b), 1].flatMap((share) => cutter.upTo(share))
        expect(cuts.map(({ index }) => index)).toEqual(
          cuts.map(({ index }) => index).toSorted((a, b) => a - b),
        )
        for (const [index, part] of parts.entries()) {
          const own = cuts.filter((cut) => cut.index === index)
          const ends = (name: 'begins' | 'ends') => own.map((cut: Cut) => cut[name])
          expect(own.map(({ text }) => text).join('')).toBe(part)
          expect(ends('begins')).toEqual(own.map((_, at) => at === 0))
          expect(ends('ends')).toEqual(own.map((_, at) => at === own.length - 1))
        }
        expect(cutter.upTo(1)).toEqual([])
      },
    ),
  )
})

test('a share of the whole is a share of all parts together', () => {
  const cutter = new AnswerCutter(['abcd', '', 'efgh'])
  expect(cutter.upTo(0)).toEqual([])
  expect(cutter.upTo(0.25)).toEqual([{ index: 0, text: 'ab', begins: true, ends: false }])
  expect(cutter.upTo(0.75)).toEqual([
    { index: 0, text: 'cd', begins: false, ends: true },
    { index: 1, text: '', begins: true, ends: true },
    { index: 2, text: 'ef', begins: true, ends: false },
  ])
})
