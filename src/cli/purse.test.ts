import { describe, expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import type { Io } from './io.ts'
import { Purse, purseFor } from './purse.ts'
import type { World } from './world.ts'

const usual = { guess: { users: 10 }, probes: 4, warmupMs: 60_000, measuredMs: 240_000 }

function workload(price: string) {
  return parseWorkload(`
users: { think: 20s }
model: { ttft: 1s, perToken: 10ms, output: 100, input: { system: 1000 }${price} }
objectives: [turn p95 < 10s]
`).workload!
}

const priced = workload(', price: { input: $2, cached: $1, output: $8 }')

function ask(of: typeof priced, maxSpend?: number, providerUrl?: string) {
  const notes: string[] = []
  const io = { note: (text: string) => void notes.push(text) } as Partial<Io> as Io
  // On this machine: an agent here may have a real model all the same.
  const world = { targetUrl: 'http://127.0.0.1:8000', providerUrl } as World
  return { purse: purseFor(of, world, { ...usual, maxSpend }, io), notes }
}

describe('before trials on a model that may be real', () => {
  test('what all of them are expected to take, and at worst, is told, and a limit demanded', () => {
    expect(() => ask(priced)).toThrow('every turn costs money')
    const { purse, notes } = ask(priced, 5)
    expect(purse!.limits()).toMatchObject({ maxSpendUsd: 5 })
    // Ten users who think 20 s and wait 2 s, over four times five minutes, 0.0028 dollars a turn.
    expect(notes).toEqual([
      expect.stringMatching(
        /expected 54\d turns, 6\d\dk tokens, \$1\.5\d?; at worst \d+ turns, [\d.]+[kM] tokens, \$/,
      ),
    ])
  })

  test('a model without a price is told of and not held', () => {
    const { purse, notes } = ask(workload(''))
    expect([purse, notes.length]).toEqual([undefined, 1])
  })

  test('with a provider of ours behind the agent nothing costs anything', () => {
    expect(ask(priced, undefined, 'http://127.0.0.1:4010')).toEqual({ purse: undefined, notes: [] })
  })
})

test('each trial may spend what those before it left; then the purse is empty', () => {
  const purse = new Purse(1, 0.01)
  purse.pay({ spend: { usd: 0.4, told: 1 } })
  expect(purse.limits()).toEqual({ maxSpendUsd: 0.6, turnUsd: 0.01 })
  // Ended by an objective that was missed for good: that is no matter of money.
  purse.pay({ spend: { usd: 0.1, told: 1 }, stopped: { reason: 'missed', failed: true } })
  expect(purse.empty.aborted).toBe(false)
  purse.pay({ spend: { usd: 0.2, told: 1 }, stopped: { reason: 'spent', failed: false } })
  expect(purse.empty.aborted).toBe(true)
  const other = new Purse(1, 0.01)
  other.pay({ spend: { usd: 0.995, told: 1 } })
  expect(other.empty.aborted).toBe(true)
})
