import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MeterTerms } from '../../workload/quota-terms.ts'
import { synchronisedStart } from './synchronised-start.ts'

const bucket: MeterTerms = { kind: 'bucket', perMinute: 600_000, depthMs: 60_000 }

test.each([
  // 600k in the bucket, 10k a second: 60 at once, the other 40 one each second.
  ['bucket', bucket, { atOnce: 60, refused: 40, lastMs: 40_000, meanMs: (40 * 20_500) / 100 }],
  [
    'shallow bucket',
    { ...bucket, depthMs: 1000 },
    { atOnce: 1, refused: 99, lastMs: 99_000, meanMs: 49_500 },
  ],
  [
    'window of 120 s',
    { kind: 'window', limit: 322_800, windowMs: 120_000 },
    { atOnce: 32, refused: 68, lastMs: 360_000, meanMs: 129_600 },
  ],
  [
    'slots',
    { kind: 'in-flight', limit: 250_000, retryAfterMs: 1 },
    { atOnce: 25, refused: 75, lastMs: 24_000, meanMs: 12_000 },
  ],
  [
    'none fits',
    { kind: 'sliding', limit: 9999, windowMs: 1000 },
    { atOnce: 0, refused: 100, lastMs: Infinity, meanMs: Infinity },
  ],
  ['none ever', { ...bucket, depthMs: 999 }, { atOnce: 0, refused: 100, lastMs: Infinity, meanMs: Infinity }],
  ['all fit', { ...bucket, depthMs: 100_000 }, { atOnce: 100, refused: 0, lastMs: 0, meanMs: 0 }],
] as const)('100 agents of 10k tokens at once: %s', (_, meter, wait) => {
  expect(synchronisedStart(meter, { agents: 100, each: 10_000, callMs: 8000 })).toEqual(wait)
})

test('no agents, no wait', () => {
  expect(synchronisedStart(bucket, { agents: 0, each: 1, callMs: 1 })).toEqual({
    atOnce: 0,
    refused: 0,
    lastMs: 0,
    meanMs: 0,
  })
})

test('means and ends are those of the agents one by one', () => {
  const cases = fc.record({
    agents: fc.integer({ min: 1, max: 200 }),
    each: fc.integer({ min: 1, max: 1000 }),
    callMs: fc.integer({ min: 1, max: 10_000 }),
    room: fc.integer({ min: 1000, max: 20_000 }),
    kind: fc.constantFrom('bucket', 'window', 'in-flight'),
  })
  fc.assert(
    fc.property(cases, ({ agents, each, callMs, room, kind }) => {
      const places = Math.floor(room / each)
      const roundMs = kind === 'window' ? 60_000 : callMs
      const waitOf = (k: number): number =>
        kind === 'bucket'
          ? Math.max(0, ((k * each - room) * 60_000) / room)
          : Math.floor((k - 1) / places) * roundMs
      const waits = Array.from({ length: agents }, (_, index) => waitOf(index + 1))
      const meter: MeterTerms =
        kind === 'bucket'
          ? { kind, perMinute: room, depthMs: 60_000 }
          : kind === 'window'
            ? { kind, limit: room, windowMs: 60_000 }
            : { kind: 'in-flight', limit: room, retryAfterMs: 1 }
      const got = synchronisedStart(meter, { agents, each, callMs })
      expect(got.atOnce).toBe(waits.filter((wait) => wait === 0).length)
      expect(got.lastMs).toBeCloseTo(waits.at(-1)!, 4)
      expect(got.meanMs).toBeCloseTo(waits.reduce((sum, wait) => sum + wait, 0) / agents, 4)
    }),
  )
})
