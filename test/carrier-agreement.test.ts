// The carrier against Erlang: as a state machine in virtual time, and through the provider's door.
import { expect, test } from 'vitest'
import { createCarrierClient } from '../src/load/calls/carrier-client.ts'
import { erlangB } from '../src/plan/formulas/erlang-b.ts'
import { startProvider } from '../src/provider/start-provider.ts'
import { Carrier } from '../src/service/carrier.ts'
import { createSessions } from '../src/sessions/sessions.ts'
import { meanInterval } from '../src/stats/mean-interval.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'

const never = new AbortController().signal
/** Four intervals that each miss once in 4,000: a seed in a thousand fails. */
const coverage = 1 - 1 / 4000
const nothing = { begun: () => {}, blocked: () => {}, tooLong: () => {} }

/** Calls a minute of three minutes, on so many channels. */
function callsOn(channels: number, duration: string, perMinute: number) {
  const { workload } = parseWorkload(
    `phone: { calls: ${perMinute}/min, duration: ${duration}, blocked: 1%, carrier: { concurrent: ${channels} } }\nmodel: { output: 1 }\n`,
  )
  return workload!
}

/** Share blocked of each thousand calls; who is still on the line is in `ends`, soonest first. */
function blockedShares(channels: number, duration: string, perMinute: number, thousands: number): number[] {
  const sessions = createSessions(callsOn(channels, duration, perMinute), 7, {
    sessionsPerSecond: perMinute / 60,
  })
  const carrier = new Carrier({ channels, maxDurationMs: Infinity })
  const ends: { atMs: number; call: number }[] = []
  const shares = Array.from({ length: thousands }, () => 0)
  for (let call = 0; call < thousands * 1000; call++) {
    const atMs = sessions.startMs(call)
    while (ends.length > 0 && ends[0]!.atMs <= atMs) carrier.leave(ends.shift()!.call)
    carrier.at(atMs).advance(nothing)
    if (carrier.at(atMs).arrive(call) === 'granted') {
      const end = { atMs: atMs + sessions.callMs(call), call }
      const place = ends.findLastIndex((other) => other.atMs <= end.atMs) + 1
      ends.splice(place, 0, end)
    } else shares[Math.floor(call / 1000)]! += 0.001
  }
  return shares.slice(1)
}

test.each([
  ['exponential(mean 3m)', 10, 2],
  ['lognormal(mean 3m cv 0.8)', 10, 3],
  ['3m', 5, 1.5],
])(
  'calls of %s on %i channels, %s offered a minute: Erlang’s share is blocked, whatever their law',
  (duration, channels, perMinute) => {
    const [low, high] = meanInterval(blockedShares(channels, duration, perMinute, 40), coverage)
    const expected = erlangB(channels, perMinute * 3)
    expect(low).toBeLessThan(expected)
    expect(high).toBeGreaterThan(expected)
  },
)

test('calls that begin one a second and wait in line wait as in M/D/1', () => {
  const workload = callsOn(1e6, '1m', 48)
  const sessions = createSessions(workload, 3, { sessionsPerSecond: 0.8 })
  const limits = {
    channels: Infinity,
    maxDurationMs: Infinity,
    starts: { startsPerSecond: 1, over: 'queued' },
  } as const
  const carrier = new Carrier(limits)
  const arrivedMs = new Map<number, number>()
  const waits: number[] = []
  const begun = (call: number, atMs: number): void => void waits.push(atMs - arrivedMs.get(call)!)
  for (let call = 0; call < 40_000; call++) {
    const atMs = sessions.startMs(call)
    arrivedMs.set(call, atMs)
    carrier.at(atMs).advance({ ...nothing, begun })
    if (carrier.at(atMs).arrive(call) === 'granted') waits.push(0)
  }
  // Pollaczek and Khinchine: rho / (2 (1 - rho)) services of a second.
  const expected = (0.8 / (2 * 0.2)) * 1000
  const means = Array.from({ length: 20 }, (_, i) => {
    const part = waits.slice((i * waits.length) / 20, ((i + 1) * waits.length) / 20)
    return part.reduce((sum, wait) => sum + wait, 0) / part.length
  })
  const [low, high] = meanInterval(means, coverage)
  expect(low).toBeLessThan(expected)
  expect(high).toBeGreaterThan(expected)
})

test('through the provider’s door exactly those calls are blocked, and as many as Erlang says', async () => {
  const calls = 1000
  const workload = callsOn(4, 'exponential(mean 10s)', 24)
  const sessions = createSessions(workload, 1, { sessionsPerSecond: 0.4 })
  const provider = await startProvider(workload, { seed: 1, runId: 'erlang' })
  const carrier = createCarrierClient(provider.url)
  const virtual = new Carrier({ channels: 4, maxDurationMs: Infinity })
  // In the order of virtual time, one thing after the other: how fast the machine is has no part in it.
  const happenings = Array.from({ length: calls }, (_, call) => {
    const atMs = sessions.startMs(call)
    return [
      { atMs, call, begins: true },
      { atMs: atMs + sessions.callMs(call), call, begins: false },
    ]
  })
  let blocked = 0
  for (const { atMs, call, begins } of happenings.flat().sort((a, b) => a.atMs - b.atMs)) {
    const sid = `CA${call.toString(16).padStart(32, '0')}`
    if (begins) {
      const { state } = await carrier.arrive(sid, never)
      expect(state).toBe(virtual.at(atMs).arrive(call) === 'granted' ? 'granted' : 'refused')
      if (state === 'refused') blocked++
    } else {
      virtual.leave(call)
      await fetch(`${provider.url}/_plimsoll/carrier/calls/${sid}`, { method: 'DELETE' })
    }
  }
  await carrier.close()
  await provider.close()
  // Four standard deviations of a binomial, twice as wide since neighbours resemble each other: below one in 10,000.
  const expected = erlangB(4, 4)
  const wide = 8 * Math.sqrt((expected * (1 - expected)) / calls)
  expect(blocked / calls).toBeGreaterThan(expected - wide)
  expect(blocked / calls).toBeLessThan(expected + wide)
})
