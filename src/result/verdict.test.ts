import { describe, expect, test } from 'vitest'
import type { Level } from '../workload/level.ts'
import type { ProbeResult } from './capacity.ts'
import type { Summary } from './summary.ts'
import { verdict } from './verdict.ts'
import {
  type Asked,
  capacityOf,
  type CapacityParts,
  inputs,
  line,
  probe,
  quota,
  slots,
  workloadOf,
} from './verdict/fixture-verdict.ts'
import { fieldText } from './verdict/words.ts'

const missed = (text: string) => ({ text, pass: false }) as const

describe('the headline', () => {
  test.each<[string, CapacityParts, string]>([
    [
      'users with an interval, rounded outwards',
      {},
      'Run customer support at 110 users per server; it breaks at 147 (95 % of samples: 141 to 152).',
    ],
    [
      'no interval',
      { low: undefined, high: undefined },
      'Run customer support at 110 users per server; it breaks at 147.',
    ],
    [
      'an interval open to above',
      { high: Infinity },
      'Run customer support at 110 users per server; it breaks at 147.',
    ],
    [
      'a step between two trials',
      { low: 145, high: 146, covers: 'the step from the load that held to the one that did not' },
      'Run customer support at 110 users per server; it breaks between 145 and 146.',
    ],
    [
      'open load',
      { level: { sessionsPerSecond: 0.5604 }, runAt: 0.4203, low: 0.541, high: 0.58 },
      'Run customer support at 0.42 sessions/s per server; it breaks at 0.56 (95 % of samples: 0.54 to 0.58).',
    ],
    [
      'thousands',
      { level: { users: 20_871 }, runAt: 15_653, low: undefined },
      'Run customer support at 15,653 users per server; it breaks at 20,871.',
    ],
    [
      'unbounded',
      { level: { users: 100_000 }, runAt: 75_000, unbounded: true, brokenBy: undefined },
      'Run customer support at 75,000 users per server; no objective was missed up to 100,000, the most that was tried.',
    ],
    [
      'a search that ended before anything broke',
      { brokenBy: undefined, probes: [probe({ users: 147 })] },
      'Run customer support at 110 users per server; no objective was missed up to 147, the most that was tried.',
    ],
    [
      'not even one user',
      { level: { users: 0 }, runAt: 0, probes: [probe({ users: 1 }, { pass: false })] },
      'Not even one user: customer support misses "turn p95 < 10s" without any load.',
    ],
    [
      'nothing held, and one user was not tried',
      {
        level: { users: 0 },
        runAt: 0,
        probes: [probe({ users: 80 }, { pass: false }), probe({ users: 57 }, { pass: false })],
      },
      'customer support missed "turn p95 < 10s" at every load tried, down to 57 users.',
    ],
    [
      'nothing is known to hold',
      {
        level: { users: 0 },
        runAt: 0,
        probes: [
          probe({ users: 71 }, { pass: false }),
          probe({ users: 23 }, { pass: 'undecided' }),
          probe({ users: 41 }, { pass: 'undecided' }),
        ],
      },
      'No load is known to hold: at 41 users too few turns ended to tell whether customer support meets every objective, at 71 users it misses "turn p95 < 10s". Measure for longer.',
    ],
    [
      'no rate of sessions holds',
      {
        level: { sessionsPerSecond: 0 },
        runAt: 0,
        probes: [probe({ sessionsPerSecond: 0.01 }, { pass: false })],
      },
      'customer support missed "turn p95 < 10s" at every load tried, down to 0.01 sessions/s.',
    ],
    [
      'too few for headroom',
      { level: { users: 1 }, runAt: 0, low: undefined },
      'customer support breaks beyond 1 user per server: too few to leave headroom.',
    ],
    [
      'not valid',
      { invalid: ['sends were 400 ms late', 'the agent used 80 % of its CPU'] },
      'No usable answer for customer support: sends were 400 ms late; the agent used 80 % of its CPU.',
    ],
  ])('%s', (_, parts, text) => {
    expect(line('', parts)).toBe(text)
  })

  test('an answer that is not valid is all there is to say', () => {
    const capacity = capacityOf({ invalid: ['late'], advice: [] })
    expect(verdict({ workload: workloadOf(), capacity, capacities: [capacity], inputs })).toHaveLength(1)
  })

  test('without objectives nothing can break', () => {
    const workload = { ...workloadOf(), objectives: [] }
    const capacity = capacityOf({ unbounded: true })
    expect(verdict({ workload, capacity, capacities: [capacity], inputs })).toEqual([
      {
        label: '',
        text: 'The file of customer support names no objective, so no load can be said to break it.',
      },
    ])
  })
})

describe('what breaks first', () => {
  const failing = (level: Level, summary: Partial<Summary>): ProbeResult =>
    probe(level, { pass: false, summary })

  test.each<[string, CapacityParts, string | undefined]>([
    ['only the limit and the objective are known', {}, 'model quota, 450k tokens/min: turn p95 passes 10 s'],
    [
      'counts of 429s become a share of the turns that ended; the trial nearest above is read',
      {
        probes: [
          failing({ users: 170 }, { errors: { rate: 0.5, byKind: { rate_limited: 500 } } }),
          failing(
            { users: 150 },
            {
              turns: { perSecond: 3, completed: 950, failed: 40, rejected: 0, abandoned: 10 },
              errors: { rate: 0.05, byKind: { rate_limited: 40, abandoned: 0.5, none: 950 } },
              objectives: [missed('errors < 1%'), missed('turn p95 < 10s')],
              services: [quota],
            },
          ),
          probe({ users: 140 }),
        ],
      },
      'model quota, 450k tokens/min: from there on 429s (4 % of turns at 150 users), turn p95 passes 10 s and errors pass 1 %',
    ],
    [
      'shares of the algebra are shares',
      { probes: [failing({ users: 148 }, { errors: { rate: 0.02, byKind: { rate_limited: 0.021 } } })] },
      'model quota, 450k tokens/min: from there on 429s (2.1 % of turns at 148 users), and turn p95 passes 10 s',
    ],
    [
      '429s that never reach the user',
      {
        probes: [
          failing(
            { users: 148 },
            { models: { model: { perSecond: 4, errorRate: 0, rateLimitedPerSecond: 0.2 } } },
          ),
        ],
      },
      'model quota, 450k tokens/min: from there on 429s that are tried again (12 a minute at 148 users), and turn p95 passes 10 s',
    ],
    [
      'waiting for a slot and being shed',
      {
        bottleneck: { service: 'agent slots', limit: 5, unit: 'turns' },
        probes: [
          failing(
            { users: 148 },
            {
              services: [slots],
              errors: { rate: 0.03, byKind: { overloaded: 0.03 } },
              turnTime: [
                { part: 'queue', meanMs: 2200 },
                { part: 'model', meanMs: 3000 },
              ],
            },
          ),
        ],
      },
      'agent slots, 5 turns at once: from there on turns shed at the door (3 % of turns at 148 users) and turns wait for a slot (2.2 s on average), and turn p95 passes 10 s',
    ],
    [
      'a service that is not quite full',
      {
        bottleneck: { service: 'event loop', limit: 1, unit: 'cores' },
        probes: [
          failing(
            { users: 148 },
            { services: [{ ...slots, name: 'event loop', unit: 'cores', utilisation: 0.72 }] },
          ),
        ],
      },
      'event loop, 1 core (72 % in use): turn p95 passes 10 s',
    ],
    [
      'no service near its limit',
      {
        bottleneck: { service: 'agent slots', limit: 5, unit: 'turns' },
        probes: [
          failing(
            { users: 148 },
            {
              services: [{ ...slots, utilisation: 0.2 }],
              turnTime: [
                { part: 'tools', meanMs: 1000 },
                { part: 'model', meanMs: 3000 },
              ],
            },
          ),
        ],
      },
      'no service is full: turn p95 passes 10 s; 75 % of a turn goes into model calls',
    ],
    ['no service with a limit', { bottleneck: undefined }, 'no service is full: turn p95 passes 10 s'],
    ['a mean', { brokenBy: 'ttft mean < 900ms' }, 'model quota, 450k tokens/min: mean ttft passes 900 ms'],
    [
      'a scenario',
      { brokenBy: '[faq] turn p99 < 20s' },
      'model quota, 450k tokens/min: turn p99 of faq passes 20 s',
    ],
    ['nothing broke', { unbounded: true }, undefined],
  ])('%s', (_, parts, text) => {
    expect(line('what breaks first', parts)).toBe(text)
  })
})

describe('what breaks next', () => {
  const next = { service: 'model quota, requests', users: 260 }

  test.each<[string, CapacityParts, string | undefined]>([
    [
      'solved beside a measurement',
      { next },
      'model quota, requests/min, at about 260 users (the first one lifted, solved)',
    ],
    [
      'solved by itself',
      { next, origin: 'solved' },
      'model quota, requests/min, at about 260 users (the first one lifted)',
    ],
    [
      'hardly further',
      { next: { service: 'agent slots', users: 150 } },
      'close behind: agent slots, at about 150 users (the first one lifted, solved)',
    ],
    [
      'open load',
      { next: { service: 'agent slots', users: 1.25 }, level: { sessionsPerSecond: 0.56 } },
      'agent slots, at about 1.25 sessions/s (the first one lifted, solved)',
    ],
    ['unknown', {}, undefined],
  ])('%s', (_, parts, text) => {
    expect(line('what breaks next', parts)).toBe(text)
  })
})

describe('what helps most', () => {
  const change = { field: 'a', from: 'b', to: 'c' }
  const workers = { text: 'run 10 workers instead of 5', change, users: 160, usersGained: 14 }
  const quotaAdvice = { text: 'raise the quota to 900k tokens/min', change, users: 1285, usersGained: 1139 }
  const pair = { changes: [workers, quotaAdvice], users: 350, usersGained: 204 }

  test.each<[string, CapacityParts, string | undefined]>([
    [
      'the best and the next best, solved beside a measurement',
      { advice: [workers, quotaAdvice] },
      'raise the quota to 900k tokens/min: +1,139 users (146 → 1,285, solved); or run 10 workers instead of 5: +14',
    ],
    [
      'solved by itself',
      { advice: [workers], origin: 'solved', level: { users: 146 } },
      'run 10 workers instead of 5: +14 users (146 → 160)',
    ],
    [
      'open load',
      { advice: [{ ...workers, users: 0.75, usersGained: 0.25 }], level: { sessionsPerSecond: 0.5 } },
      'run 10 workers instead of 5: +0.25 sessions/s (0.5 → 0.75, solved)',
    ],
    [
      'the next best is another way out, not the same limit lifted otherwise',
      {
        advice: [
          { ...quotaAdvice, lever: 'quota tier' },
          { ...quotaAdvice, lever: 'routing', text: 'route over two providers' },
          { ...workers, lever: 'workers' },
        ],
      },
      'raise the quota to 900k tokens/min: +1,139 users (146 → 1,285, solved); or run 10 workers instead of 5: +14',
    ],
    [
      'a second limit close behind: two changes at once',
      { advice: [workers], pairs: [pair] },
      'run 10 workers instead of 5: +14 users (146 → 160, solved); together, since a second limit stands close behind: run 10 workers instead of 5, and raise the quota to 900k tokens/min: +204 users (146 → 350, solved)',
    ],
    [
      'nothing by itself',
      { advice: [], pairs: [pair] },
      'nothing by itself, since a second limit stands close behind; together: run 10 workers instead of 5, and raise the quota to 900k tokens/min: +204 users (146 → 350, solved)',
    ],
    ['nothing helps', { advice: [] }, 'none of the changes tried gains as much as 1 %'],
    ['nothing makes it hold', { advice: [], level: { users: 0 } }, 'none of the changes tried makes it hold'],
    ['unknown', {}, undefined],
  ])('%s', (_, parts, text) => {
    expect(line('what helps most', parts)).toBe(text)
  })
})

describe('how sure', () => {
  const counted = 'of 16 inputs 2 given, 5 measured, 3 from presets, 6 guessed'

  test.each<[string, CapacityParts, Asked, string]>([
    ['measured', {}, {}, `measured; ${counted}`],
    [
      'time compressed',
      { probes: [probe({ users: 9 }, { summary: { speed: 20 } })] },
      {},
      `measured with time compressed ×20, to be confirmed at speed 1; ${counted}`,
    ],
    ['simulated', { origin: 'simulated' }, {}, `simulated, not measured; ${counted}`],
    [
      'approximate',
      { origin: 'solved', approximate: true },
      {},
      `solved (approximately), not measured; ${counted}`,
    ],
    [
      'only the origins that occur',
      {},
      { inputs: { given: 0, preset: 1, measured: 0, guessed: 0 } },
      'measured; of 1 input 1 from a preset',
    ],
    [
      'an answer left out',
      { origin: 'simulated' },
      { capacities: [capacityOf({ origin: 'simulated' }), capacityOf({ invalid: ['sends were late'] })] },
      `simulated, not measured; the measurement is left out as not valid; ${counted}`,
    ],
    [
      'the two inputs that weigh most',
      {
        sensitivity: [
          { field: 'users.think', origin: 'given', elasticity: 0.4 },
          { field: 'model.output', origin: 'guessed', elasticity: -1 },
          { field: 'model.quota.tpm', origin: 'preset', elasticity: 0.9 },
        ],
      },
      {},
      `measured; ${counted}; the answer hangs most on output length (guessed; 10 % more of it: −9.1 % users) and the tokens/min quota (from a preset; +9 %); make sure of output length first`,
    ],
  ])('%s', (_, parts, asked, text) => {
    expect(line('how sure', parts, asked)).toBe(text)
  })

  test.each([
    ['model.output', 'output length'],
    ['models.small.quota.tpm', 'the tokens/min quota of small'],
    ['tools.orders.latency', 'the latency of orders'],
    ['agent.workers', 'the number of workers'],
    ['model.input.system', 'the length of the system prompt'],
    ['users.nothing.known', 'users.nothing.known'],
  ])('%s is %s', (field, words) => {
    expect(fieldText(field)).toBe(words)
  })
})
