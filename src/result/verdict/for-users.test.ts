import { describe, expect, test } from 'vitest'
import { parseWorkload } from '../../workload/parse-workload.ts'
import {
  capacityOf,
  type CapacityParts,
  type FileParts,
  line,
  probe,
  quota,
  slots,
  workloadOf,
} from './fixture-verdict.ts'

describe('for 10,000 users', () => {
  // At 100 users: 300k tokens/min of 450k and 150 of 500 requests/min; $700 a month of tokens beside the server.
  const priced = probe(
    { users: 100 },
    {
      summary: {
        services: [
          { ...quota, name: 'model quota, requests', utilisation: 0.3, limit: 500, unit: 'requests/min' },
          { ...quota, utilisation: 2 / 3 },
          slots,
        ],
        cost: { perTurnUsd: 0.001, perMonthUsd: 1050 },
      },
    },
  )
  const parts = { probes: [priced, probe({ users: 147 }, { pass: false })] }

  test('at once, with the peak on top', () => {
    // 20,000 ÷ 110 = 181.8 → 182 and a spare; 20,000 × 3,000 tokens/min ÷ (110 ÷ 147); 20,000 × $7 + 183 × $350.
    expect(line('for 10,000 users', parts)).toBe(
      'at once, 20,000 at the 2× peak: 183 servers (one of them spare), 80.2M tokens/min and 40.1k requests/min of quota, $204,000 a month (tokens $140,000, servers $64,100)',
    )
  })

  test('registered, where the file says which share is there at once', () => {
    expect(line('for 10,000 registered', parts)).toBe(
      '3 % of them at once (300), 600 at the 2× peak: 7 servers (one of them spare), 2.41M tokens/min and 1,203 requests/min of quota, $6,650 a month (tokens $4,200, servers $2,450)',
    )
  })

  test.each<[string, FileParts, CapacityParts, string | undefined]>([
    [
      'quota is bought apart: a server carries what it would with quota enough',
      { peak: '{}', server: '{}' },
      // 10,000 ÷ (1,470 × 110 ÷ 147) = 9.1
      { serverAlone: { users: 1470, unbounded: false } },
      'at once: 11 servers (one of them spare)',
    ],
    [
      'a server without a limit of its own',
      { peak: '{}', server: '{}' },
      { serverAlone: { users: 100_000, unbounded: true } },
      'at once: 2 servers (one of them spare)',
    ],
    [
      'no peak, no price of the server',
      { peak: '{}', server: '{}' },
      { probes: [probe({ users: 100 }, { summary: { cost: { perMonthUsd: 700 } } })] },
      'at once: 92 servers (one of them spare), $70,000 a month for tokens, servers not priced',
    ],
    [
      'no price of tokens',
      { peak: '{}' },
      {},
      'at once: 92 servers (one of them spare), $32,200 a month for servers, tokens not priced',
    ],
    ['nothing priced', { peak: '{}', server: '{}' }, {}, 'at once: 92 servers (one of them spare)'],
    ['open load counts no users', {}, { level: { sessionsPerSecond: 1 }, runAt: 0.75 }, undefined],
    ['a server that carries nobody', {}, { level: { users: 0 }, runAt: 0 }, undefined],
  ])('%s', (_, file, changes, text) => {
    expect(line('for 10,000 users', changes, { workload: workloadOf(file) })).toBe(text)
  })

  test('without a share at once, registered users are not spoken of', () => {
    expect(line('for 10,000 registered', parts, { workload: workloadOf({ peak: '{}' }) })).toBeUndefined()
  })

  test('two quotas are named', () => {
    const services = [
      { ...quota, name: 'small quota, tokens', utilisation: 0.5, limit: 100_000 },
      { ...quota, name: 'big quota, tokens', utilisation: 0.5, limit: 200_000 },
    ]
    const text = line(
      'for 10,000 users',
      { level: { users: 100 }, runAt: 100, probes: [probe({ users: 100 }, { summary: { services } })] },
      { workload: workloadOf({ peak: '{}', server: '{}' }) },
    )
    expect(text).toBe(
      'at once: 101 servers (one of them spare), 5M tokens/min of small quota, 10M tokens/min of big quota',
    )
  })

  test('quota that is sold in units is counted and paid in them', () => {
    const { workload } = parseWorkload(`
users: { think: 30s }
scenarios: [{ name: faq }]
agent: { server: { perMonth: $350 } }
model: { id: gpt-5.2, ttft: 1s, perToken: 0ms, quota: { like: azure-ptu, ptu: 15 } }
objectives: [turn p95 < 10s]
`)
    const services = [{ ...quota, utilisation: 0.5, limit: 51_000 }]
    const summary = { services, cost: { perMonthUsd: 1050 } }
    const text = line(
      'for 10,000 users',
      { level: { users: 100 }, runAt: 100, probes: [probe({ users: 100 }, { summary })] },
      { workload: workload! },
    )
    // 10,000 × 255 tokens/min ÷ 3,400 = 750, for $260 each.
    expect(text).toBe(
      'at once: 101 servers (one of them spare), 750 PTU of quota, $230,000 a month (model units $195,000, servers $35,400)',
    )
  })

  test('another valid answer lends its price', () => {
    const main = capacityOf()
    const solved = capacityOf({ origin: 'solved', probes: [priced] })
    const text = line('for 10,000 registered', {}, { capacities: [main, solved] })
    expect(text).toBe(
      '3 % of them at once (300), 600 at the 2× peak: 7 servers (one of them spare), $6,650 a month (tokens $4,200, servers $2,450)',
    )
  })
})
