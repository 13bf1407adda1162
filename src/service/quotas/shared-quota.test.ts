import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import type { MeterTerms, QuotaTerm } from '../../workload/quota-terms.ts'
import { type Hammering, takeAll } from './fixture-hammer.ts'
import { termQuota } from './term-quota.ts'

const threads = 2
const instantsMs = Array.from({ length: 20 }, (_, i) => i * 9000)

const plain = { input: 1, cached: 1, output: 1 }
const tokens: NonNullable<QuotaTerm['tokens']> = {
  reserve: plain,
  outputBasis: 'maxTokens',
  expectedTokens: 0,
  combine: 'sum',
  settle: plain,
}
const minuteMs = 60_000
const meters: readonly MeterTerms[] = [
  { kind: 'bucket', perMinute: 90_000, depthMs: minuteMs },
  { kind: 'window', limit: 90_000, windowMs: minuteMs },
  { kind: 'sliding', limit: 90_000, windowMs: minuteMs },
]
const hammer = new URL('fixture-hammer.ts', import.meta.url)

test.each(meters)(
  'threads that take from one $kind are granted what one alone would be, at every instant',
  async (meter) => {
    const terms: QuotaTerm[] = [
      { of: 'tokens', meter, overshoot: false, countsRefused: false, tokens },
      { of: 'requests', meter: { ...meter }, overshoot: false, countsRefused: false },
    ]
    const alone = termQuota(terms)
    const expected = instantsMs.map((atMs) => takeAll(alone, atMs))
    const data: Hammering = {
      terms,
      state: new SharedArrayBuffer(8 * alone.stateLength),
      lock: new SharedArrayBuffer(4),
      barrier: new SharedArrayBuffer(4),
      threads,
      instantsMs,
    }
    const workers = Array.from({ length: threads }, () => new Worker(hammer, { workerData: data }))
    const said = await Promise.all(workers.map((worker) => once(worker, 'message')))
    const grants = said.map(([message]) => (message as { readonly grants: readonly number[] }).grants)
    expect(instantsMs.map((_, i) => grants.reduce((sum, each) => sum + each[i]!, 0))).toEqual(expected)
    // Had one of them taken all, nothing would be shown.
    expect(expected.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(1000)
    for (const each of grants) expect(Math.max(...each)).toBeGreaterThan(0)
  },
)
