import { expect, test } from 'vitest'
import { capacityDifference } from '../result/capacity-difference.ts'
import { findBoth } from './find-both.ts'
import { findCapacity } from './find-capacity.ts'
import { known, never, options, shareObjective, smooth } from './fixture-probes.ts'

const guess = { users: 120 }
const searched = { ...options, guess }

/** Two systems on a machine that carries so many users less with every trial; B carries so many times what A does. */
function drifting(times: number, lessUsers = 2) {
  let trials = 0
  const order: string[] = []
  const system = (side: string, factor: number) =>
    known((load) => {
      order.push(side)
      return [shareObjective(smooth(load / factor + lessUsers * trials++), 0.05, 2000)]
    }).runner
  return { a: system('A', 1), b: system('B', times), order }
}

test('trials take turns, each block the other way round, with the same seeds', async () => {
  const { a, b, order } = drifting(1)
  const found = await findBoth({ a, b }, { ...searched, probes: 4 }, never)
  expect(order.join('')).toBe('ABBAABBA')
  const seeds = ({ probes }: typeof found.a) => probes.map(({ seed }) => seed).sort()
  expect(seeds(found.a)).toEqual(seeds(found.b))
})

test('what drifts is no difference between the two; one after the other it would be', async () => {
  const apart = drifting(1)
  const [first, second] = [
    await findCapacity(apart.a, searched, never),
    await findCapacity(apart.b, searched, never),
  ]
  expect(capacityDifference(first, second, { change: 'nothing' }).verdict).toBe('worse')
  const together = drifting(1)
  const { a, b } = await findBoth(together, searched, never)
  const same = capacityDifference(a, b, { change: 'nothing' })
  expect(same.verdict).toBe('cannot tell')
  expect(Math.abs(same.difference)).toBeLessThan(8)
})

test.each([
  [1.3, 'better', false],
  [0.7, 'worse', true],
] as const)('%d times as much is %s all the same', async (times, verdict, regressed) => {
  const { a, b } = await findBoth(drifting(times, 0.3), searched, never)
  const found = capacityDifference(a, b, { change: 'B', gate: 0.02 })
  expect(found).toMatchObject({ verdict, gate: { regressed } })
  expect(found.share).toBeGreaterThan(times - 1 - 0.05)
  expect(found.share).toBeLessThan(times - 1 + 0.05)
})

test('stopped before both had a trial, it throws; later it tells what is known', async () => {
  const stop = new AbortController()
  const { a, b } = drifting(1)
  const stopping = async (...args: Parameters<typeof a>) => {
    stop.abort(new Error('stopped'))
    return a(...args)
  }
  await expect(findBoth({ a: stopping, b }, searched, stop.signal)).rejects.toThrow('stopped')
  const later = new AbortController()
  const after = async (...args: Parameters<typeof b>) => {
    later.abort()
    return b(...args)
  }
  const found = await findBoth({ a, b: after }, searched, later.signal)
  expect([found.a.probes.length, found.b.probes.length]).toEqual([1, 1])
})
