import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startRunClock } from './run-clock.ts'

test('alarms that are taken back never ring, however many; the others ring in their order', async () => {
  // At this speed everything below is due within a millisecond or two.
  const clock = startRunClock(1e6)
  const rung: number[] = []
  const kept: number[] = []
  const [times] = fc.sample(
    fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 9000, maxLength: 9000 }),
    {
      numRuns: 1,
      seed: 1,
    },
  )
  const startMs = clock.now()
  const alarms = times!.map((time, i) => clock.at(startMs + 1e6 + time, () => rung.push(i)))
  for (const [i, alarm] of alarms.entries())
    if (i % 10 === 0) kept.push(i)
    else {
      alarm.cancel()
      alarm.cancel()
    }
  await new Promise<void>((resolve) => clock.at(startMs + 2e6, resolve))
  clock.stop()
  expect(rung.toSorted((a, b) => a - b)).toEqual(kept)
  expect(rung.map((i) => times![i])).toEqual(rung.map((i) => times![i]).toSorted((a, b) => a! - b!))
})
