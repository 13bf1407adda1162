import { describe, expect, test } from 'vitest'
import { parseWorkload } from '../../workload/parse-workload.ts'
import type { Workload } from '../../workload/workload.ts'
import type { Summary } from '../summary.ts'
import { capacityOf, type CapacityParts, probe, quota, slots } from '../verdict/fixture-verdict.ts'
import { fleetFor } from './fleet-for.ts'

interface FileParts {
  readonly id?: string
  readonly quota?: string
  readonly peak?: string
  readonly models?: string
}

function workloadOf({
  id = 'gpt-5.2',
  quota = '',
  peak = '{ peakToAverage: 2 }',
  models,
}: FileParts = {}): Workload {
  const { workload, problems } = parseWorkload(`
name: fleet
users: { think: 30s, peak: ${peak} }
scenarios: [{ name: faq, depth: 2, tools: [search], ${models ? 'model: one' : ''} }]
agent: { server: { perMonth: $350 }, workers: 4, concurrency: 10 }
${models ?? `model: { id: ${id}, ttft: 1s, perToken: 0ms, ${quota} }`}
tools: { search: { latency: 1s, capacity: 5 } }
objectives: [turn p95 < 10s]
`)
  if (!workload) throw new Error(JSON.stringify(problems))
  return workload
}

/** At 100 users: 340k weighted tokens/min, 2 searches and 30 model calls at once, $700 a month of tokens. */
function capacity(parts: CapacityParts = {}, summary: Partial<Summary> = {}) {
  const services = [
    { ...quota, utilisation: 0.5, limit: 680_000 },
    slots,
    { name: 'search', utilisation: 0.4, limit: 5, unit: 'calls', binding: false },
  ]
  const cost = { perTurnUsd: 0.001, perUserHourUsd: 0.02, perMonthUsd: 1050 }
  const calls = { inFlight: { mean: 30 } }
  return capacityOf({
    level: { users: 160 },
    runAt: 120,
    bottleneck: { service: quota.name, limit: 680_000, unit: 'tokens/min' },
    next: { service: slots.name, users: 400 },
    serverAlone: { users: 400, unbounded: false },
    probes: [probe({ users: 100 }, { summary: { services, calls, cost, ...summary } })],
    ...parts,
  })
}

test('everything that 1,000 users need', () => {
  // 2,000 at the peak ÷ (400 × 75 %) = 6.67 → 7 and a spare; 2,000 × 3,400 tokens/min ÷ 75 %; 2,000 × $7 and 8 × $350.
  expect(fleetFor(workloadOf(), capacity(), 1000)).toEqual({
    users: 1000,
    peakToAverage: 2,
    peakUsers: 2000,
    headroom: 0.75,
    servers: { atPeak: 7, spare: 1, total: 8, usersEach: 300 },
    workers: 32,
    quotas: [
      {
        name: 'model quota',
        amounts: [{ amount: (2000 * 3400) / 0.75, unit: 'tokens/min', limit: 680_000 }],
        // 680k × 75 % ÷ 3,400 at the peak of twice the average.
        usersCarried: 75,
      },
    ],
    callsInFlight: 600,
    sharedTools: [{ name: 'search', calls: 2 * 20 * (4 / 3), capacity: 5 }],
    nextServer: { users: 1050, service: 'agent slots' },
    money: { tokensUsd: 14_000, serversUsd: 2800, perTurnUsd: 0.001, perUserHourUsd: 0.02 },
  })
})

describe('units', () => {
  test('PTU of gpt-5.2: 9.07M ÷ 3,400 = 2,666.7, sold by five, for $260 each', () => {
    const fleet = fleetFor(workloadOf({ quota: 'quota: { like: azure-ptu, ptu: 200 }' }), capacity(), 1000)!
    const { exact, ...units } = fleet.quotas[0]!.units!
    expect(exact).toBeCloseTo(2666.667, 3)
    expect(units).toMatchObject({ kind: 'PTU', sold: 2670, given: 200, perMonthUsd: 694_200 })
    expect(fleet.money).toMatchObject({ unitsUsd: 694_200, payAsYouGoUsd: 14_000, serversUsd: 2800 })
    expect(fleet.money).not.toHaveProperty('tokensUsd')
  })

  test.each([
    // 9.07M ÷ (2,690 × 60) = 56.2
    ['gemini-2.5-flash', 1000, 57],
    // 45.3k ÷ (350 × 60) = 2.2, sold from 25 on
    ['claude-sonnet-5', 5, 25],
  ])('GSU of %s for %d users: %d for $2,700 each', (id, users, sold) => {
    const workload = workloadOf({ id, quota: 'quota: { like: vertex-gsu, gsu: 25 }' })
    expect(fleetFor(workload, capacity(), users)!.quotas[0]!.units).toMatchObject({
      kind: 'GSU',
      sold,
      given: 25,
      perMonthUsd: sold * 2700,
    })
  })
})

describe('what is not known is absent', () => {
  test.each<[string, CapacityParts]>([
    ['open load', { level: { sessionsPerSecond: 1 }, runAt: 0.75 }],
    ['a server that carries nobody', { level: { users: 0 }, runAt: 0 }],
  ])('%s has no list', (_, parts) => {
    expect(fleetFor(workloadOf(), capacity(parts), 1000)).toBeUndefined()
  })

  test('a server without a limit of its own: one at work, none to add', () => {
    const fleet = fleetFor(workloadOf(), capacity({ serverAlone: { users: 1e5, unbounded: true } }), 1000)!
    expect(fleet.servers).toEqual({ atPeak: 1, spare: 1, total: 2 })
    expect(fleet).not.toHaveProperty('nextServer')
  })

  test('a server without a limit of its own up to the most that was tried: as many as that asks for', () => {
    const parts: CapacityParts = {
      level: { users: 5000 },
      runAt: 3750,
      serverAlone: { users: 5000, unbounded: true },
    }
    const [few, many] = [1000, 5000].map((users) => fleetFor(workloadOf(), capacity(parts), users)!.servers)
    expect(few).toEqual({ atPeak: 1, spare: 1, total: 2 })
    expect(many!.usersEach).toBe(3750)
    expect(many!.atPeak).toBe(Math.ceil(fleetFor(workloadOf(), capacity(parts), 5000)!.peakUsers / 3750))
    expect(many!.atPeak).toBeGreaterThan(1)
  })

  test('an answer that is not valid lends no use; another lends its price', () => {
    const invalid = capacity({ invalid: ['too slow'] })
    const alone = fleetFor(workloadOf(), invalid, 1000)!
    expect([alone.quotas, alone.sharedTools, alone.callsInFlight]).toEqual([[], [], undefined])
    expect(alone.money).toEqual({ serversUsd: 2800 })
    const lent = fleetFor(workloadOf(), invalid, 1000, [capacity({ origin: 'solved' })])!
    expect(lent.money.tokensUsd).toBe(14_000)
  })
})

test('a limit of a day is asked for by the day, and requests come after tokens', () => {
  const services = [
    { ...quota, name: 'model quota, requests a day', utilisation: 0.5, limit: 10, unit: 'requests/min' },
    { ...quota, name: 'model quota, input tokens', utilisation: 0.5, limit: 1000, unit: 'input tokens/min' },
  ]
  const { quotas } = fleetFor(workloadOf({ peak: '{}' }), capacity({}, { services }), 75)!
  expect(quotas).toEqual([
    {
      name: 'model quota',
      amounts: [
        { amount: 500, unit: 'input tokens/min', limit: 1000 },
        { amount: 5 * 1440, unit: 'requests a day', limit: 14_400 },
      ],
      usersCarried: 150,
    },
  ])
})

test('of several models each has its own units', () => {
  const models = `models:
  one: { id: gpt-5.2, ttft: 1s, perToken: 0ms, quota: { like: azure-ptu, ptu: 15 } }
  two: { id: gpt-4.1, ttft: 1s, perToken: 0ms, quota: { tpm: 10k } }`
  const services = ['one', 'two'].map((key) => ({ ...quota, name: `${key} quota, tokens`, limit: 68_000 }))
  const { quotas } = fleetFor(workloadOf({ models }), capacity({}, { services }), 75)!
  // 150 × 680 ÷ 75 % = 136,000 ÷ 3,400
  expect(quotas.map(({ name, units }) => [name, units?.sold])).toEqual([
    ['one quota', 40],
    ['two quota', undefined],
  ])
})
