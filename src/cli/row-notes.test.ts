import { expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import { rowNotes } from './row-notes.ts'

const { workload } = parseWorkload('target: { url: "http://h", driver: sessions, users: { file: u.csv } }', {
  files: { users: () => [{ name: 'ada' }, { name: 'bob' }], pem: () => '' },
})

test.each([
  [{ users: 2 }, []],
  [{ users: 1500 }, ['1,500 users share the 2 rows of target.users: some are the same person']],
  [{ sessionsPerSecond: 9 }, []],
])('at %j', (level, notes) => {
  expect(rowNotes(workload!, level)).toEqual(notes)
})
