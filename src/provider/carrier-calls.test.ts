import { expect, test } from 'vitest'
import type { CarrierEvent } from '../wire/carrier-api.ts'
import { CarrierCalls } from './carrier-calls.ts'

/** Calls on a clock that stands still until `time.nowMs` is set: what is due happens when the carrier is next asked. */
function callsOnHeldClock(maxDurationMs: number) {
  const time = {
    nowMs: 0,
    startedMs: 0,
    speed: 1,
    toWorkload: () => time.nowMs,
    toMonotonic: (workloadMs: number) => workloadMs,
  }
  const clock = { set() {}, clear() {}, stop() {} }
  const events: CarrierEvent[] = []
  const calls = new CarrierCalls({ channels: 10, maxDurationMs }, time, clock)
  calls.watch((event) => events.push(event))
  const arrive = (sid: string): void => calls.arrive(sid, () => {})
  return { calls, time, events, arrive }
}

test('a call that is hung up as the carrier ends it frees its number once: no two later calls share it', () => {
  const { calls, time, events, arrive } = callsOnHeldClock(1000)
  arrive('first')
  time.nowMs = 1000
  expect(calls.leave('first')).toBe(true)
  arrive('second')
  arrive('third')
  calls.leave('second')
  expect(calls.state().active).toBe(1)
  time.nowMs = 2000
  arrive('fourth')
  expect(events.map(({ call }) => call)).toEqual(['first', 'third'])
  expect(calls.leave('fourth')).toBe(true)
  expect(calls.state().active).toBe(0)
})

test('of a call that is over nobody can hang up', () => {
  const { calls, arrive } = callsOnHeldClock(1000)
  arrive('first')
  expect([calls.leave('first'), calls.leave('first'), calls.leave('never')]).toEqual([true, false, false])
})
