import { expect, test } from 'vitest'
import { EndingWatch, type Said, saidIn, tellsEnding } from './ending-watch.ts'

const both = { completes: ['is booked', 'see you'], escalates: ['a colleague'] }

test.each([
  ['Your table IS BOOKED.', both, 'completed'],
  ['See you then!', both, 'completed'],
  ['It is booked, but a colleague will call you.', both, 'escalated'],
  ['Which day?', both, undefined],
  ['is booked', {}, undefined],
] as const)('%s', (answer, expectation, said) => {
  expect(saidIn(expectation, answer)).toBe(said)
})

test.each<[string, object | undefined, (Said | undefined)[], boolean, string | undefined]>([
  ['done', both, [undefined, 'completed'], false, 'completed'],
  ['done, then a person', both, ['completed', 'escalated'], false, 'escalated'],
  ['everything said and nothing done', both, [undefined], false, 'unfinished'],
  ['left', both, [undefined], true, 'abandoned'],
  ['done, and then left', both, ['completed'], true, 'completed'],
  ['no word for done', { escalates: ['a colleague'] }, [undefined], false, 'completed'],
  ['no words', { contains: 'x' }, ['completed'], false, undefined],
  ['nothing expected', undefined, [], false, undefined],
])('a session: %s', (_, expectation, said, left, ending) => {
  const watch = new EndingWatch(expectation)
  for (const each of said) watch.answered(each)
  expect(watch.ending(left).ending).toBe(ending)
  expect(tellsEnding(expectation)).toBe(ending !== undefined)
})
