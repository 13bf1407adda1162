import { expect, test } from 'vitest'
import { levelValue } from '../workload/level.ts'
import { findTogether } from './find-together.ts'
import { known, never, options, shareObjective, smooth } from './fixture-probes.ts'
import { exactCases, searchExact } from './fixture-runners.ts'
import type { Runner } from './runner.ts'

const exact = (count = 1e6) => known((load) => [shareObjective(smooth(load), 0.05, count)])

test.each([20, 126, 140, 182, 840])(
  '%i users are guessed, and four trials at a time find 140',
  async (users) => {
    const { runner, loads } = exact()
    const found = await findTogether(runner, { ...options, guess: { users }, probes: 16 }, 4, never)
    expect(found).toMatchObject({ level: { users: 140 } })
    expect(loads.length).toBeLessThanOrEqual(16)
    expect(new Set(found.probes.map(({ seed }) => seed)).size).toBe(loads.length)
  },
)

test('trials that go together look at different loads, around the guess first', async () => {
  const { runner, loads } = exact()
  await findTogether(runner, { ...options, guess: { users: 100 }, probes: 4 }, 4, never)
  expect(loads.map(Math.round)).toEqual([100, 115, 87, 132])
})

test('the order in which they are answered makes no difference', async () => {
  const found = (delayMs: (seed: number) => number) => {
    const { runner } = exact()
    const late: Runner = async (probe, signal) => {
      await new Promise((resolve) => setTimeout(resolve, delayMs(probe.seed)))
      return runner(probe, signal)
    }
    return findTogether(late, { ...options, guess: { users: 120 } }, 4, never)
  }
  expect(await found((seed) => seed % 4)).toEqual(await found((seed) => 3 - (seed % 4)))
})

test('no trial beyond the most, or below one user', async () => {
  const { runner, loads } = exact()
  const high = await findTogether(runner, { ...options, guess: { users: 95 }, maxUsers: 100 }, 4, never)
  expect(levelValue(high.level)).toBe(100)
  expect(Math.max(...loads)).toBe(100)
  const nothing = known(() => [shareObjective(1, 0.05, 1e6)])
  const low = await findTogether(nothing.runner, { ...options, guess: { users: 3 } }, 4, never)
  expect(levelValue(low.level)).toBe(0)
  expect(Math.min(...nothing.loads)).toBe(1)
})

test('an abort leaves what was known by then', async () => {
  const stop = new AbortController()
  const { runner, loads } = exact(500)
  const stopping: Runner = async (probe, signal) => {
    if (loads.length === 6) stop.abort(new Error('enough'))
    signal.throwIfAborted()
    return runner(probe, signal)
  }
  const found = await findTogether(stopping, { ...options, guess: { users: 120 } }, 4, stop.signal)
  expect(found.probes.length).toBe(6)
  await expect(findTogether(stopping, { ...options, guess: { users: 120 } }, 4, stop.signal)).rejects.toThrow(
    'enough',
  )
})

test('four at a time err no more than one by one: closed case, 16 seeds', async () => {
  const closed = exactCases.find(({ open }) => !open)!
  const seeds = Array.from({ length: 16 }, (_, seed) => seed)
  const found = await Promise.all(
    seeds.map((seed) => searchExact(closed, { seed, probes: 12, guess: 0.9, together: 4 })),
  )
  const errors = found.map(({ value }) => value / closed.capacity - 1)
  // The bound of the search one by one, 1.34 % over 40 seeds, for 16: chi-square at one in 1,000.
  expect(100 * Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)).toBeLessThan(
    1.6,
  )
})
