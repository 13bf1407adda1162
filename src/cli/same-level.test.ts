import { expect, test } from 'vitest'
import { loadWorkload } from '../../test/load-world.ts'
import { fixtureRun } from '../report/fixture-run.ts'
import type { ProbeResult } from '../result/capacity.ts'
import { atSameLevel } from './same-level.ts'

const measured = fixtureRun().capacities.find(({ origin }) => origin === 'measured')!

/** The first trial of the fixture, as if it had been with so many users. */
function trial(users: number, pass: boolean, valid: boolean): ProbeResult {
  const { summary } = measured.probes[0]!
  const level = { users }
  return {
    level,
    pass,
    summary: {
      ...summary,
      level,
      generator: { ...summary.generator!, valid, reasons: valid ? [] : ['late'] },
    },
  }
}

test('of a valid capacity the figures are from a trial in which the generator kept up', () => {
  const capacity = {
    ...measured,
    probes: [trial(33, true, true), trial(38, true, false), trial(50, false, true)],
  }
  expect(atSameLevel(loadWorkload(), [capacity], 1).map(({ level }) => level)).toEqual([{ users: 33 }])
})
