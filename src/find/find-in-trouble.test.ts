import { describe, expect, test } from 'vitest'
import { levelValue } from '../workload/level.ts'
import { findCapacity } from './find-capacity.ts'
import type { Runner } from './runner.ts'
import { never, options, shareObjective, type Said, known, search, smooth } from './fixture-probes.ts'

describe('interrupted', () => {
  const stop = new Error('stopped by the user')

  /** Aborts during trial number `at`, which then ends as `how` says. */
  function cutAt(at: number, how: 'rejects' | 'ends early') {
    const controller = new AbortController()
    const { runner } = known((load) => [shareObjective(smooth(load))])
    let trial = 0
    const cut: Runner = async (probe, signal) => {
      if (++trial === at) controller.abort(stop)
      if (signal.aborted && how === 'rejects') throw stop
      return runner(probe, signal)
    }
    return findCapacity(cut, { ...options, guess: { users: 100 } }, controller.signal)
  }

  test('an answer from the trials before', async () => {
    const found = await cutAt(7, 'rejects')
    expect(found.probes).toHaveLength(6)
    expect(Math.abs(levelValue(found.level) - 140)).toBeLessThan(5)
  })

  test('a trial cut short can fail but not hold', async () => {
    const found = await cutAt(2, 'ends early')
    expect(found.probes.map(({ pass }) => pass)).toEqual([true, 'undecided'])
    expect(found).toMatchObject({ level: { users: 100 }, unbounded: true })
  })

  test('a first trial cut short decides nothing', async () => {
    const found = await cutAt(1, 'ends early')
    expect(found.invalid).toEqual(['no trial saw enough turns to decide: measure for longer'])
  })

  test('nothing known is no answer', async () => {
    await expect(cutAt(1, 'rejects')).rejects.toBe(stop)
  })

  test('what a runner throws without an abort is thrown', async () => {
    const broken: Runner = () => Promise.reject(new Error('no such target'))
    await expect(findCapacity(broken, { ...options, guess: { users: 1 } }, never)).rejects.toThrow(
      'no such target',
    )
  })
})

describe('undecided trials', () => {
  test('bracket nothing, but count in the line', async () => {
    // At 130 to 150 users too few turns are worth counting to decide.
    const found = await search((load) => [
      shareObjective(smooth(load), 0.05, load >= 130 && load <= 150 ? 19 : 2000),
    ])
    const undecided = found.probes.filter(({ pass }) => pass === 'undecided')
    expect(undecided.length).toBeGreaterThan(0)
    expect(Math.abs(levelValue(found.level) - 140)).toBeLessThanOrEqual(3)
    expect(found.invalid).toBeUndefined()
  })

  test('alone are no answer', async () => {
    const found = await search(() => [shareObjective(0, 0.05, 10)])
    expect(found.invalid).toEqual(['no trial saw enough turns to decide: measure for longer'])
    expect(found.unbounded).toBeUndefined()
  })

  test('turns that never end point to less load', async () => {
    const turns = { perSecond: 0, started: 500, completed: 0 }
    const found = await search((load) =>
      load > 50
        ? { turns, objectives: [{ text: 'turn p95 < 10s', pass: 'undecided' }] }
        : [shareObjective(smooth(load * 4), 0.05, 5000)],
    )
    expect(levelValue(found.level)).toBe(35)
  })
})

describe('a generator at fault', () => {
  const withReasons = (load: number, from: number): Said => ({
    objectives: [shareObjective(smooth(load), 0.05, 5000)],
    generator: { valid: load < from, reasons: load < from ? [] : ['the generator was late'] },
  })

  test('near the boundary the answer must not be used', async () => {
    const found = await search((load) => withReasons(load, 141))
    expect(found.invalid).toEqual(['the generator was late'])
  })

  test('each kind of reason is told once, with the worst figure', async () => {
    const found = await search((load) => ({
      objectives: [shareObjective(smooth(load), 0.05, 5000)],
      generator: { valid: false, reasons: [`late at p99: ${load + 100} ms, more than 20 ms`] },
    }))
    const most = Math.max(...found.probes.map(({ level }) => levelValue(level)))
    const within = found.invalid!.map((reason) => Number(/p99: (\d+)/.exec(reason)![1]))
    expect(within).toHaveLength(1)
    expect(within[0]).toBeLessThanOrEqual(most + 100)
    expect(within[0]).toBeGreaterThan(240)
  })

  test('where only a trial beyond was good, the others still give the figure that must not be used', async () => {
    const found = await search((load) => ({
      objectives: [shareObjective(smooth(load), 0.05, 5000)],
      generator: { valid: load >= 145, reasons: load >= 145 ? [] : ['the generator was late'] },
    }))
    expect(found.invalid).toEqual(['the generator was late'])
    expect(Math.abs(levelValue(found.level) / 140 - 1)).toBeLessThan(0.05)
  })

  test('one bad trial among good ones is left out', async () => {
    let trial = 0
    const found = await search((load) => {
      const isBad = ++trial === 5
      return {
        objectives: [shareObjective(isBad ? 1 : smooth(load), 0.05, 5000)],
        generator: { valid: !isBad, reasons: isBad ? ['the generator was late'] : [] },
      }
    })
    expect(found.invalid).toBeUndefined()
    expect(levelValue(found.level)).toBe(140)
    expect(found.probes).toHaveLength(trial)
  })

  test('a load at which it was late once is tried once more', async () => {
    let trial = 0
    const { runner, loads } = known((load) => {
      const isBad = ++trial === 2
      return {
        objectives: [shareObjective(isBad ? 1 : smooth(load), 0.05, 5000)],
        generator: { valid: !isBad, reasons: isBad ? ['the generator was late'] : [] },
      }
    })
    const found = await findCapacity(runner, { ...options, guess: { users: 100 } }, never)
    expect(loads.slice(0, 3)).toEqual([100, 115, 115])
    expect(loads.filter((load) => load === 115)).toHaveLength(2)
    expect(found.level).toEqual({ users: 140 })
    expect(found.invalid).toBeUndefined()
  })

  test('far beyond it does no harm', async () => {
    const found = await search((load) => withReasons(load, 180), { guess: { users: 200 } })
    expect(found.probes.some(({ summary }) => summary.generator?.valid === false)).toBe(true)
    expect(found.invalid).toBeUndefined()
    expect(levelValue(found.level)).toBe(140)
  })
})
