import { expect, onTestFinished, test } from 'vitest'
import { monotonicMs } from '../../clock/now.ts'
import { startAlarmThread } from './alarm-thread.ts'
import { startRunClock } from './run-clock.ts'

/** A thread keeps no process alive: something else must, as long as it is awaited. */
function keepAwake(): void {
  const awake = setInterval(() => {}, 1000)
  onTestFinished(() => clearInterval(awake))
}

test('rings once at the instant that was set last, never before it', async () => {
  keepAwake()
  const rung: number[] = []
  let heard = (): void => {}
  const alarm = startAlarmThread(() => {
    rung.push(monotonicMs())
    heard()
  })
  onTestFinished(() => alarm.stop())
  const rings = async (...inMs: number[]): Promise<number> => {
    const instants = inMs.map((ms) => monotonicMs() + ms)
    const ring = new Promise<void>((resolve) => (heard = resolve))
    for (const atMs of instants) alarm.set(atMs)
    await ring
    return instants.at(-1)!
  }
  // An earlier one, a later one, and one that is past.
  for (const inMs of [[5], [1000, 3], [1, 8], [-5]]) {
    const rang = rung.length
    const atMs = await rings(...inMs)
    expect(rung).toHaveLength(rang + 1)
    expect(rung.at(-1)).toBeGreaterThanOrEqual(atMs - 0.01)
  }
})

test('a clock with a thread keeps all its instants in order, and rings no more when it is stopped', async () => {
  const clock = startRunClock(1, monotonicMs(), startAlarmThread)
  const rung: number[] = []
  const early: number[] = []
  await new Promise<void>((resolve) => {
    for (const inMs of [12, 3, 3.5, 7, 0])
      clock.at(inMs, () => {
        rung.push(inMs)
        if (clock.now() < inMs) early.push(inMs)
        if (rung.length === 5) resolve()
      })
    clock.at(1, () => {}).cancel()
  })
  expect([rung, early]).toEqual([[0, 3, 3.5, 7, 12], []])
  clock.at(clock.now() + 2, () => rung.push(NaN))
  clock.stop()
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(rung).toHaveLength(5)
})
