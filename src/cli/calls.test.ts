import { expect, test } from 'vitest'
import type { Summary } from '../result/summary.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { callCapacity } from '../plan/phone/call-capacity.ts'
import { blockedNotes, callNotes, isPlayedAsCalls, requireRealTime } from './calls.ts'
import { offeredCalls } from './offered-calls.ts'

const read = (carrier: string, more = '') =>
  parseWorkload(`phone: { calls: 30/min, duration: 3m, blocked: 1%, carrier: ${carrier} }\n${more}`).workload!

const seen = {
  window: { warmupMs: 0, measuredMs: 480_000 },
  phone: {
    calls: { offered: 135, ended: 137, blocked: 58, blockedByAgent: 3 },
    durationMs: { mean: 17_500 },
    setUpMs: { mean: 0 },
  },
} as unknown as Summary

test('busy tones of the carrier stand beside Erlang’s formula, where it fits', () => {
  expect(blockedNotes(read('{ concurrent: 4 }'), seen)).toEqual([
    'carrier: 4.92 erlangs on 4 channels; Erlang B blocks 39 %, measured were 40 % (32 % to 49 %).',
  ])
  expect(blockedNotes(read('{ concurrent: 4, callsPerSecond: 1 }'), seen)).toEqual([])
  expect(blockedNotes(read('{ callsPerSecond: 1 }'), seen)).toEqual([])
  expect(blockedNotes(read('{ concurrent: 4 }'), { ...seen, phone: undefined } as never)).toEqual([])
})

test('a file with only calls is played as calls, at its own rate or the flag’s, in real time', () => {
  const workload = read('{ concurrent: 4 }')
  expect(isPlayedAsCalls(workload)).toBe(true)
  expect(isPlayedAsCalls(read('{ concurrent: 4 }', 'users: { think: 1s }'))).toBe(false)
  expect(offeredCalls(workload, {})).toEqual({ sessionsPerSecond: 0.5 })
  expect(offeredCalls(workload, { arrivals: 2 })).toEqual({ sessionsPerSecond: 2 })
  expect(() => offeredCalls(workload, { users: 5 })).toThrow('calls come at a rate')
  expect(() => requireRealTime(workload, 10)).toThrow('real time')
  const target = 'target: { url: http://127.0.0.1:1, driver: twilio }\nusers: { think: 1s }\n'
  expect(() => isPlayedAsCalls(parseWorkload(target).workload!)).toThrow('the file describes none')
})

test('a search begins where the vendors end', () => {
  const workload = read('{ concurrent: 10 }')
  const capacity = callCapacity(workload, 0.75)
  expect(capacity.unbounded).toBeUndefined()
  expect(callNotes(workload, capacity)[0]).toMatch(
    /^plan: the vendors carry 1\.\d+ calls\/min, bound by carrier\.$/,
  )
  const free = parseWorkload('phone: { calls: 30/min, duration: 3m, blocked: 1% }').workload!
  expect(callCapacity(free, 0.75)).toMatchObject({ level: { sessionsPerSecond: 0.5 }, unbounded: true })
})
