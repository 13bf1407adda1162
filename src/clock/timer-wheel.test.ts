import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Timer, TimerWheel } from './timer-wheel.ts'

test('fires in the order of instants, each once, none early', () => {
  const wheel = new TimerWheel(1000)
  const fired: [number, number][] = []
  for (const atMs of [1005.3, 1001, 1005.1, 990, 60_000])
    wheel.set(new Timer((nowMs) => fired.push([atMs, nowMs])), atMs)
  expect(wheel.nextAtMs()).toBe(990)
  wheel.advance(1000)
  wheel.advance(1005.2)
  wheel.advance(1005.25)
  wheel.advance(1005.3)
  expect(fired).toEqual([
    [990, 1000],
    [1001, 1005.2],
    [1005.1, 1005.2],
    [1005.3, 1005.3],
  ])
  wheel.advance(59_999.9)
  expect(wheel.length).toBe(1)
  wheel.advance(60_000)
  expect(fired).toHaveLength(5)
  expect(wheel.nextAtMs()).toBe(Infinity)
})

test('a stream that is served late stays on its schedule', () => {
  const wheel = new TimerWheel()
  const instants: number[] = []
  const timer = new Timer((nowMs) => {
    instants.push(nowMs)
    if (instants.length < 4) wheel.set(timer, instants.length * 20 + 20)
  })
  wheel.set(timer, 20)
  for (const nowMs of [27, 40, 61.5, 80]) wheel.advance(nowMs)
  expect(instants).toEqual([27, 40, 61.5, 80])
})

test('one that fires may clear or set the others that are due', () => {
  const wheel = new TimerWheel()
  const fired: string[] = []
  const cleared = new Timer(() => fired.push('cleared'))
  const moved = new Timer((nowMs) => fired.push(`moved ${nowMs}`))
  wheel.set(
    new Timer(() => {
      wheel.clear(cleared)
      wheel.set(moved, 9)
    }),
    1,
  )
  wheel.set(cleared, 2)
  wheel.set(moved, 3)
  wheel.advance(5)
  expect([fired, wheel.length]).toEqual([[], 1])
  wheel.advance(9)
  expect(fired).toEqual(['moved 9'])
})

test('goes on where it was stopped, without what was cleared or set anew since', () => {
  const wheel = new TimerWheel()
  const fired: number[] = []
  const timers = Array.from({ length: 40 }, (_, i) => new Timer(() => fired.push(i)))
  for (const [i, timer] of timers.entries()) wheel.set(timer, i / 10)
  const left = [wheel.advance(100, () => true)]
  const atOnce = fired.length
  wheel.clear(timers[38]!)
  wheel.set(timers[39]!, 200)
  wheel.set(timers[0]!, 50)
  while (left.at(-1)) left.push(wheel.advance(101, () => true))
  expect(atOnce).toBeLessThan(40)
  expect(left.length).toBeGreaterThan(2)
  expect(fired).toEqual(Array.from({ length: 38 }, (_, i) => i))
  expect(wheel.nextAtMs()).toBe(50)
  expect(wheel.advance(200)).toBe(false)
  expect(fired.slice(38)).toEqual([0, 39])
})

test('a timer needs an instant', () => {
  expect(() => new TimerWheel().set(new Timer(() => {}), NaN)).toThrow('a timer needs an instant')
  expect(() => new TimerWheel().set(new Timer(() => {}), Infinity)).toThrow('a timer needs an instant')
})

test('agrees with a plain list, whatever is set, cleared and let pass', () => {
  const act = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('set'),
        timer: fc.nat(9),
        value: fc.double({ min: -5, max: 30_000, noNaN: true }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('clear'), timer: fc.nat(9), value: fc.constant(0) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('advance'),
        timer: fc.nat(9),
        value: fc.double({ min: 0, max: 12_000, noNaN: true }),
      }),
    },
  )
  fc.assert(
    fc.property(
      fc.array(act, { maxLength: 60 }),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      (acts, startMs) => {
        let nowMs = startMs
        const wheel = new TimerWheel(startMs)
        let fired: number[] = []
        const timers = Array.from({ length: 10 }, (_, i) => new Timer(() => fired.push(i)))
        const due = new Map<number, number>()
        for (const { kind, timer, value } of acts) {
          if (kind === 'set') {
            due.set(timer, nowMs + value)
            wheel.set(timers[timer]!, nowMs + value)
          } else if (kind === 'clear') {
            due.delete(timer)
            wheel.clear(timers[timer]!)
          } else {
            nowMs += value
            fired = []
            wheel.advance(nowMs)
            const expected = [...due].filter(([, atMs]) => atMs <= nowMs)
            for (const [id] of expected) due.delete(id)
            expect(fired.toSorted()).toEqual(expected.map(([id]) => id).toSorted())
          }
          expect(wheel.length).toBe(due.size)
          expect(wheel.nextAtMs()).toBeLessThanOrEqual(Math.min(Infinity, ...due.values()))
        }
      },
    ),
  )
})
