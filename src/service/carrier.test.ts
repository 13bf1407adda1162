import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Carrier, type CarrierLimits } from './carrier.ts'

const silent = { begun: () => {}, blocked: () => {}, tooLong: () => {} }
const unlimited = { channels: Infinity, maxDurationMs: Infinity }

/** Calls that arrive at instants, in order: what each was told at once. */
function told(limits: CarrierLimits, arrivals: readonly number[]): string[] {
  const carrier = new Carrier(limits)
  return arrivals.map((atMs, call) => {
    carrier.at(atMs).advance(silent)
    return carrier.at(atMs).arrive(call)
  })
}

test.each<[string, CarrierLimits, number[], string[]]>([
  ['no limit', unlimited, [0, 0, 0], ['granted', 'granted', 'granted']],
  ['two channels', { ...unlimited, channels: 2 }, [0, 0, 5], ['granted', 'granted', 'noChannel']],
  [
    'a channel is free again after the longest call',
    { channels: 1, maxDurationMs: 100 },
    [0, 99, 100],
    ['granted', 'noChannel', 'granted'],
  ],
  [
    'two a second, the rest refused',
    { ...unlimited, starts: { startsPerSecond: 2, over: 'rejected' } },
    [0, 400, 900, 1000, 1399, 1400],
    ['granted', 'granted', 'tooFast', 'granted', 'tooFast', 'granted'],
  ],
  [
    'one in two seconds, the rest kept in line',
    { ...unlimited, starts: { startsPerSecond: 0.5, over: 'queued' } },
    [0, 1999, 1999, 4000, 10_000],
    ['granted', 'queued', 'queued', 'queued', 'granted'],
  ],
])('%s', (_, limits, arrivals, answers) => {
  expect(told(limits, arrivals)).toEqual(answers)
})

test('those in line begin one after another, or find no channel, or have given up', () => {
  const carrier = new Carrier({
    channels: 2,
    maxDurationMs: 5000,
    starts: { startsPerSecond: 1, over: 'queued' },
  })
  const seen: string[] = []
  const events = {
    begun: (call: number, atMs: number) => void seen.push(`${call} begun at ${atMs}`),
    blocked: (call: number, atMs: number) => void seen.push(`${call} blocked at ${atMs}`),
    tooLong: (call: number, atMs: number) => void seen.push(`${call} too long at ${atMs}`),
  }
  for (let call = 0; call < 5; call++) carrier.at(0).arrive(call)
  carrier.leave(2)
  expect(carrier.nextAtMs).toBe(1000)
  carrier.at(10_000).advance(events)
  expect(seen).toEqual([
    '1 begun at 1000',
    '3 blocked at 2000',
    '4 blocked at 2000',
    '0 too long at 5000',
    '1 too long at 6000',
  ])
  expect([carrier.active, carrier.waiting, carrier.nextAtMs]).toEqual([0, 0, Infinity])
})

test('a call that is over leaves its number to another, whose end is its own', () => {
  const carrier = new Carrier({ channels: 1, maxDurationMs: 100 })
  const ended: number[] = []
  for (const atMs of [0, 50, 70]) {
    expect(carrier.at(atMs).arrive(0)).toBe('granted')
    if (atMs < 70) carrier.leave(0)
  }
  carrier.at(1000).advance({ ...silent, tooLong: (_, atMs) => void ended.push(atMs) })
  expect(ended).toEqual([170])
})

test('whatever comes and goes: never more calls than channels, never more starts in a second, none forgotten', () => {
  const step = fc.record({ afterMs: fc.nat(700), leaves: fc.option(fc.nat(40), { nil: undefined }) })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom('queued' as const, 'rejected' as const),
      fc.array(step, { maxLength: 60 }),
      (channels, startsPerSecond, over, steps) => {
        const carrier = new Carrier({ channels, maxDurationMs: 4000, starts: { startsPerSecond, over } })
        const state = new Map<number, string>()
        const starts: number[] = []
        const events = {
          begun: (call: number, atMs: number) => void (starts.push(atMs), state.set(call, 'active')),
          blocked: (call: number) => void state.set(call, 'over'),
          tooLong: (call: number) => void state.set(call, 'over'),
        }
        let atMs = 0
        steps.forEach(({ afterMs, leaves }, call) => {
          atMs += afterMs
          carrier.at(atMs).advance(events)
          if (leaves !== undefined && state.has(leaves)) {
            carrier.leave(leaves)
            state.set(leaves, 'over')
          }
          const answer = carrier.at(atMs).arrive(call)
          if (answer === 'granted') events.begun(call, atMs)
          else state.set(call, answer === 'queued' ? 'waiting' : 'over')
          const count = (what: string): number => [...state.values()].filter((each) => each === what).length
          expect(carrier.active).toBe(count('active'))
          expect(carrier.waiting).toBe(count('waiting'))
          expect(carrier.active).toBeLessThanOrEqual(channels)
        })
        for (let i = startsPerSecond; i < starts.length; i++)
          expect(starts[i]! - starts[i - startsPerSecond]!).toBeGreaterThanOrEqual(1000)
      },
    ),
    { seed: 7 },
  )
})
