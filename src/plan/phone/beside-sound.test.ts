import { describe, expect, it, test } from 'vitest'
import type { ObjectiveResult } from '../../result/summary.ts'
import { read } from '../../workload/fixture-read.ts'
import type { Workload } from '../../workload/workload.ts'
import { plan } from '../plan-level.ts'
import { callsUp, dispersionOf, mostCalls } from './calls-up.ts'
import { planPhone } from './plan-phone.ts'

const file = (phone: string, cpu: string, objective: string): string =>
  `phone: { calls: 12/min, duration: 1m, blocked: 1%, turns: 1/h, ${phone} }
agent: { workers: 2, concurrency: 50, overhead: { cpuPerCall: 60ms }, voice: { cpuPerSecond: ${cpu} } }
model: { ttft: 300ms, output: 15 }
objectives: ['${objective}']`

describe('a turn beside the sound of calls', () => {
  /** Callers who think so long that no two turns meet. */
  const quietly = (cpu: string): Workload => {
    const workload = read(file('', cpu, 'response p95 < 2s'))
    return { ...workload, users: { ...workload.users, think: read('users: { think: 100h }').users.think } }
  }

  test.each([
    // Of two loops a call takes a fifth each.
    [1, 60 / 0.8, 0.2],
    [4, 60 / 0.2, 0.8],
  ])('%s at once', (users, cpuMs, sound) => {
    const { latency, services } = plan(quietly('400ms'), { users })
    expect(latency.ttftMs!.mean).toBeCloseTo(300 + cpuMs, 2)
    expect(services!.find(({ name }) => name === 'event loop')!.utilisation).toBeCloseTo(sound, 4)
  })

  it('fills cores, of which there may be fewer than loops', () => {
    const workload = quietly('200ms')
    const agent = { ...workload.agent, server: { cpu: 1 } }
    const { services } = plan({ ...workload, agent }, { users: 3 })
    const cpu = services!.find(({ name }) => name === 'event loop')!
    expect(cpu).toMatchObject({ limit: 1, unit: 'cores' })
    expect(cpu.utilisation).toBeCloseTo(0.6, 4)
  })

  it('has no end where sound is more than the loops can do', () => {
    const { unstable, objectives } = plan(read(file('', '400ms', 'response p95 < 20m')), { users: 5 })
    expect([unstable, objectives[0]!.pass]).toEqual([true, false])
  })
})

describe('how many calls are up', () => {
  /** Holds up to three calls at once, and never beyond. */
  const upToThree = (calls: number): readonly ObjectiveResult[] | undefined =>
    calls > 4 ? undefined : [{ text: '', value: 1, pass: true, exceeded: exceeded(calls > 3 ? 1 : 0) }]
  const exceeded = (share: number) => ({ share, low: share, high: share, allowed: 0.05, effectiveCount: 1 })
  const { objectives } = read(file('', '0ms', 'response p95 < 2s'))

  test.each([
    // One's own and more than two others: 1 − e^−m (1 + m + m²/2) = 5 %.
    ['at random', callsUp(Infinity, 1), 0.81769],
    // Of three others at most, all of them: m³/6 ÷ (1 + m + m²/2 + m³/6) = 5 %, Erlang B of 3.
    ['at random, on four channels', callsUp(4, 1), 0.8994],
    // Four are seen by four parts of the turns, three by three: 4x ÷ (3 + x) = 5 %.
    ['always as many, of whole ones now three and now four', callsUp(Infinity, 0), 3 + 0.15 / 3.95],
    ['at random, on three channels', callsUp(3, 1), 10],
  ])('%s', (_, up, expected) => {
    expect(mostCalls(objectives, upToThree, up, 10)).toBeCloseTo(expected, 2)
  })

  it('looks at many calls in steps, which add up', () => {
    const up = callsUp(Infinity, 1)(10_000)
    expect(up.length).toBeLessThan(100)
    expect(up.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)
    expect(up.reduce((sum, { calls, share }) => sum + calls * share, 0)).toBeCloseTo(10_001, -1)
  })
})

test.each([
  ['exponential(mean 5m)', 0.5],
  ['3m', 0],
  ['uniform(18s 26s)', 4 / 3 / 22],
])('calls of %s that come evenly vary by %s of calls at random', (duration, share) => {
  const { phone, users } = read(`phone: { calls: 1/min, arrivals: even, duration: ${duration}, blocked: 1% }`)
  expect(dispersionOf(users.arrivals, phone!.duration)).toBeCloseTo(share, 2)
  expect(dispersionOf(undefined, phone!.duration)).toBe(1)
})

test('a call whose sound takes more than a loop goes on none', () => {
  const plan = planPhone(read(file('', '2500ms', 'response p95 < 2s')), 0.75)!
  expect(plan.chain).toMatchObject({ callsPerMinute: 0, binding: 'event loop' })
})

test('calls that come evenly are more than calls that come at random', () => {
  const link = (arrivals: string) =>
    planPhone(read(file(`arrivals: ${arrivals}`, '100ms', 'response p95 < 1110ms')), 0.75)!.quotas[0]!
  const [even, random] = [link('even'), link('poisson')]
  expect(even.name).toBe('event loop')
  // 310 ms are left, more than 60 ms ÷ (1 − n ÷ 20) up to 16 calls. Of 16 others or more, 10.04 at random are 5 %; of
  // calls that are always as many, 17 are seen by 17x parts of the turns and 16 by 16 (1 − x).
  expect(even.limit).toBeCloseTo(16 + 0.8 / 16.95, 1)
  expect(random.limit).toBeCloseTo(10.036, 1)
})
