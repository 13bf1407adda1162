import { expect, test } from 'vitest'
import { HandClock } from '../../test/load-world.ts'
import { TurnCut, type TurnSignal } from './turn-signal.ts'
import { withinLimit } from './within-limit.ts'

/** Says which instant its signal aborted at. */
const untilAborted =
  (clock: HandClock) =>
  (signal: TurnSignal): Promise<number> =>
    new Promise((resolve) => {
      if (signal.aborted) resolve(clock.now())
      signal.addEventListener('abort', () => resolve(clock.now()))
    })

test('work ends at its limit, or with whoever asked for it', async () => {
  const clock = new HandClock()
  const late = withinLimit(clock, 100, new TurnCut(), untilAborted(clock))
  const cut = new TurnCut()
  clock.at(30, () => cut.abort())
  const early = withinLimit(clock, 100, cut, untilAborted(clock))
  await clock.turn(200)
  expect(await Promise.all([late, early])).toEqual([100, 30])
  expect(await withinLimit(clock, 100, cut, untilAborted(clock))).toBe(200)
})

test('work that fails leaves no alarm and no listener', async () => {
  const clock = new HandClock()
  const signal = new TurnCut()
  let within = signal
  const failing = withinLimit(clock, 100, signal, (given) => {
    within = given as TurnCut
    return Promise.reject(new Error('a bug'))
  })
  await expect(failing).rejects.toThrow('a bug')
  signal.abort()
  await clock.turn(200)
  expect(within.aborted).toBe(false)
})
