import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Breaker, refusedByBreaker } from './breaker.ts'

const rule = { failures: 0.5, calls: 4, openForMs: 1000 }

function feed(breaker: Breaker, atMs: number, results: string): void {
  for (const result of results) {
    const ticket = breaker.admit(atMs)
    if (result === 'x') breaker.failed(atMs, ticket)
    else breaker.succeeded(ticket)
  }
}

test('opens at the share of its last calls, and not before it has seen so many', () => {
  const breaker = new Breaker(rule)
  feed(breaker, 0, 'xx.')
  expect(breaker.opened).toBe(0)
  feed(breaker, 0, '.')
  expect(breaker.opened).toBe(0)
  feed(breaker, 5, 'x')
  expect([breaker.opened, breaker.admit(5)]).toEqual([1, refusedByBreaker])
})

test('half-open, one call decides', () => {
  const breaker = new Breaker(rule)
  feed(breaker, 0, 'xxxx')
  expect(breaker.admit(999)).toBe(refusedByBreaker)
  const trial = breaker.admit(1000)
  expect([trial >= 0, breaker.admit(1000)]).toEqual([true, refusedByBreaker])
  breaker.failed(1500, trial)
  expect(breaker.admit(2499)).toBe(refusedByBreaker)
  breaker.dropped(breaker.admit(2500))
  const second = breaker.admit(2600)
  breaker.succeeded(second)
  feed(breaker, 2600, 'x...x..')
  expect([breaker.opened, breaker.refused]).toEqual([2, 3])
})

test('a result from before the breaker opened is not the trial’s', () => {
  const breaker = new Breaker({ ...rule, calls: 1 })
  const [early, late] = [breaker.admit(0), breaker.admit(0)]
  breaker.failed(0, early)
  const trial = breaker.admit(1000)
  breaker.succeeded(late)
  expect(breaker.admit(1000)).toBe(refusedByBreaker)
  breaker.succeeded(trial)
  expect(breaker.admit(1000)).toBeGreaterThanOrEqual(0)
})

test('agrees with a plain list of results, whatever comes', () => {
  const result = fc.record({ afterMs: fc.nat(600), failed: fc.boolean() })
  fc.assert(
    fc.property(
      fc.array(result, { maxLength: 80 }),
      fc.integer({ min: 1, max: 6 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (results, calls, failures) => {
        const breaker = new Breaker({ failures, calls, openForMs: 1000 })
        let last: boolean[] = []
        let openUntilMs = -Infinity
        let halfOpen = false
        let atMs = 0
        for (const { afterMs, failed } of results) {
          atMs += afterMs
          const ticket = breaker.admit(atMs)
          expect(ticket >= 0).toBe(atMs >= openUntilMs)
          if (ticket < 0) continue
          if (failed) breaker.failed(atMs, ticket)
          else breaker.succeeded(ticket)
          if (halfOpen) last = []
          else last = [...last, failed].slice(-calls)
          const bad = last.length === calls && last.filter(Boolean).length >= failures * calls
          const opens: boolean = failed && (halfOpen || bad)
          halfOpen = opens
          if (opens) [openUntilMs, last] = [atMs + 1000, []]
        }
      },
    ),
  )
})
