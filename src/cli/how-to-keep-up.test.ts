import { expect, test } from 'vitest'
import { fixtureLevelRun } from '../report/fixture-run.ts'
import type { Capacity } from '../result/capacity.ts'
import { howSearchesKeepUp } from './how-to-keep-up.ts'

const [summary] = fixtureLevelRun().summaries

/** A search with one trial in which the generator kept up, or did not. */
function capacity(keptUp: boolean, invalid?: string): Capacity {
  const generator = { valid: keptUp, reasons: keptUp ? [] : ['late'] }
  return {
    origin: 'measured',
    level: { users: 10 },
    runAt: 7,
    probes: [{ level: { users: 10 }, pass: true, summary: { ...summary!, generator } }],
    ...(invalid === undefined ? {} : { invalid: [invalid] }),
  }
}

const late = capacity(false, 'late')
const short = capacity(true, 'no trial saw enough turns to decide: measure for longer')

test.each([
  ['trials that were late', [late], 1, [/again with fewer users/]],
  ['the same in compressed time', [late], 20, [/again with a lower --speed, fewer users/]],
  ['the second of two searches', [capacity(true), late], 1, [/again with fewer users/]],
  ['trials that were too short', [short], 1, []],
  ['a late trial that the answer does not hang on', [capacity(false)], 1, []],
])('how to keep up is told of %s where it helps', (_, capacities, speed, told) => {
  expect(howSearchesKeepUp(capacities, speed)).toEqual(
    told.map((words) => expect.stringMatching(words) as unknown),
  )
})
