import { expect, test } from 'vitest'
import { phoneCall } from '../result/fixture-records.ts'
import type { PhoneRecord } from '../result/phone-records.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { serviceUse } from './service-use.ts'

const window = { warmupMs: 10_000, measuredMs: 100_000 }

const read = (carrier: string, voice = '') =>
  parseWorkload(`
phone: { calls: 60/min, duration: 20s, blocked: 1%, carrier: ${carrier} }
agent: { workers: 1, concurrency: 50${voice} }
`).workload!

const call = (grantedAtMs: number, endedAtMs: number, more: Partial<PhoneRecord> = {}): PhoneRecord =>
  phoneCall({
    offeredAtMs: Number.isNaN(grantedAtMs) ? endedAtMs : grantedAtMs,
    grantedAtMs,
    answeredAtMs: grantedAtMs,
    endedAtMs,
    ...more,
  })

/** One from before the window, one within, one beyond its end: 20 + 50 + 30 s of 100. */
const held = [call(0, 30_000), call(20_000, 70_000), call(80_000, 130_000)]
const byCarrier = call(NaN, 50_000, { ending: 'blocked' })
const byAgent = call(50_000, 50_000, { ending: 'blocked', answeredAtMs: NaN })

const use = (workload: ReturnType<typeof read>, phone: readonly PhoneRecord[]) =>
  serviceUse({ workload, turns: [], calls: [], phone, window })
    .filter(({ name }) => name !== 'agent slots')
    .map(({ name, utilisation, limit, unit, binding }) => [
      name,
      Number(utilisation.toFixed(9)),
      limit,
      unit,
      binding,
    ])

test.each<[string, string, string, readonly PhoneRecord[], unknown]>([
  ['no limit', '{}', '', held, []],
  ['channels, the fullest', '{ concurrent: 2 }', '', held, [['carrier', 0.5, 2, 'calls', true]]],
  [
    'starts that refuse',
    '{ concurrent: 100, callsPerSecond: 1 }',
    '',
    [...held, byCarrier],
    [
      ['carrier', 0.01, 100, 'calls', false],
      ['carrier, starts', 0.02, 1, 'calls/s', true],
    ],
  ],
  [
    'channels that refuse, and the agent that refuses more',
    '{ concurrent: 2 }',
    ', voice: { calls: 10 }',
    [...held, byCarrier, byAgent, byAgent],
    [
      ['carrier', 0.5, 2, 'calls', false],
      ['agent.voice.calls', 0.1, 10, 'calls', true],
    ],
  ],
  [
    'an agent that refuses more than two, of which the file knows nothing',
    '{ concurrent: 4 }',
    '',
    [...held, call(60_000, 70_000), call(70_000, 80_000), byAgent],
    [
      ['carrier', 0.3, 4, 'calls', false],
      ['agent.voice.calls', 0.6, 2, 'calls', true],
    ],
  ],
  [
    'starts that refuse fewer than may be, where nothing is full',
    '{ concurrent: 100, callsPerSecond: 8 }',
    ', voice: { calls: 3 }',
    [...Array.from({ length: 200 }, () => call(20_000, 20_100)), ...held, byCarrier],
    [
      ['carrier', 0.012, 100, 'calls', false],
      ['carrier, starts', 0.2525, 8, 'calls/s', true],
      ['agent.voice.calls', 0.4, 3, 'calls', false],
    ],
  ],
])('what calls meet: %s', (_, carrier, voice, phone, uses) => {
  expect(use(read(carrier, voice), phone)).toEqual(uses)
})
