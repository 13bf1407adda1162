import { expect, test } from 'vitest'
import { loadWorkload } from '../../test/load-world.ts'
import { fixtureRun } from '../report/fixture-run.ts'
import type { ProbeResult } from '../result/capacity.ts'
import { planCapacity } from '../plan/plan.ts'
import { read } from '../workload/fixture-read.ts'
import { atSameLevel } from './same-level.ts'
import { simulatedWindow } from './simulated-window.ts'

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

test('turns that take long are compared over half of what a trial counts', () => {
  const long = read(`
users: { think: exponential(mean 20m) }
agent: { workers: 1, concurrency: 10 }
model: { ttft: exponential(mean 30m) }
`)
  const level = { users: 15 }
  const solved = planCapacity(long)
  const simulated = { ...solved, origin: 'simulated', runAt: level.users } as const
  const [answer] = atSameLevel(long, [simulated], 1)
  const { window, turns } = answer!
  expect(window!.measuredMs).toBe(simulatedWindow(long, level).measuredMs / 2)
  // An hour has some fifteen.
  expect(turns.completed).toBeGreaterThan(100)
})
