import { expect, test } from 'vitest'
import { Strays } from './stray-errors.ts'

test('each message is kept once, and of endlessly many the first fifty', () => {
  const strays = new Strays()
  expect(strays.some).toBe(false)
  expect(strays.add('a.ts:1: no')).toBe(true)
  expect(strays.add('a.ts:1: no')).toBe(false)
  expect(strays.notes()).toEqual(['not awaited: a.ts:1: no'])
  for (let user = 0; user < 1000; user++) strays.add(`a.ts:2: user ${user}`)
  expect(strays.notes()).toHaveLength(51)
  expect(strays.notes().at(-1)).toBe('not awaited: and others')
})
