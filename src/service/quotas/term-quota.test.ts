import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type MeterTerms, type QuotaTerm, reservedBy, settledBy } from '../../workload/quota-terms.ts'
import type { Demand, Quota, Usage } from '../quota.ts'
import { termQuota } from './term-quota.ts'

const plain = { input: 1, cached: 1, output: 1 }
const tokens: NonNullable<QuotaTerm['tokens']> = {
  reserve: plain,
  outputBasis: 'maxTokens',
  expectedTokens: 0,
  combine: 'sum',
  settle: plain,
}
const term = (meter: MeterTerms, others: Partial<QuotaTerm> = {}): QuotaTerm => ({
  of: 'tokens',
  meter,
  overshoot: false,
  countsRefused: false,
  tokens,
  ...others,
})
const requests = (meter: MeterTerms, countsRefused = false): QuotaTerm => ({
  of: 'requests',
  meter,
  overshoot: false,
  countsRefused,
})
const demand = (inputTokens: number, maxTokens = 0, cachedTokens = 0): Demand => ({
  inputTokens,
  cachedTokens,
  maxTokens,
})
const usage = (inputTokens: number, outputTokens: number, more: Partial<Usage> = {}): Usage => ({
  inputTokens,
  cachedTokens: 0,
  outputTokens,
  ...more,
})

describe('bucket', () => {
  const minute = { kind: 'bucket', perMinute: 6000, depthMs: 60_000 } as const

  test('holds its depth, fills continuously, and what was reserved becomes what was used', () => {
    const quota = termQuota([term(minute)])
    expect(quota.at(10_000).admit(demand(500, 1500))).toBeCloseTo(10_000)
    expect(quota.at(1e9).admit(demand(6000))).toBe(0)
    expect(quota.at(1e9).admit(demand(6001))).toBe(Infinity)
    quota.at(1e9).settle(demand(6000), usage(5900, 0))
    expect(quota.at(1e9).admit(demand(100))).toBe(0)
  })

  test('that may be overshot admits any size while it is not overdrawn, and waits until it no longer is', () => {
    const leaky = termQuota([term({ ...minute, depthMs: 10_000 }, { overshoot: true })])
    leaky.at(0).reset()
    expect(leaky.at(0).admit(demand(3000))).toBe(0)
    expect(leaky.at(0).admit(demand(1))).toBeCloseTo(30_000)
    leaky.at(0).settle(demand(3000), usage(2000, 0))
    expect(leaky.at(5000).admit(demand(1))).toBeCloseTo(15_000)
  })
})

describe('window', () => {
  const minute = { kind: 'window', limit: 100, windowMs: 60_000 } as const

  test('starts again at each full window since the reset, and carries nothing over', () => {
    const quota = termQuota([term(minute)])
    quota.at(5000).reset()
    expect(quota.at(10_000).admit(demand(100))).toBe(0)
    expect(quota.at(10_000).admit(demand(1))).toBe(55_000)
    expect(quota.at(600_000).admit(demand(101))).toBe(Infinity)
    expect(quota.at(600_000).admit(demand(100))).toBe(0)
  })

  test('refused calls that count use it up', () => {
    const quota = termQuota([requests({ kind: 'window', limit: 3, windowMs: 1000 }, true), term(minute)])
    expect(quota.at(0).admit(demand(99))).toBe(0)
    expect([quota.at(1).admit(demand(2)), quota.at(2).admit(demand(2))]).toEqual([59_999, 59_998])
    expect(quota.at(3).admit(demand(1))).toBe(997)
  })

  test('gives nothing back for a window that is over', () => {
    const quota = termQuota([term(minute)])
    expect(quota.at(59_000).admit(demand(10, 90))).toBe(0)
    expect(quota.at(61_000).admit(demand(50))).toBe(0)
    quota.at(62_000).settle(demand(10, 90), usage(10, 5, { admittedAtMs: 59_000 }))
    expect(quota.at(62_000).admit(demand(51))).toBe(58_000)
    quota.at(63_000).settle(demand(50), usage(20, 0, { admittedAtMs: 61_000 }))
    expect(quota.at(63_000).admit(demand(80))).toBe(0)
  })
})

test('a sliding window forgets a call one window after it, at most a sixtieth late', () => {
  const quota = termQuota([term({ kind: 'sliding', limit: 100, windowMs: 60_000 })])
  expect(quota.at(1500).admit(demand(60))).toBe(0)
  expect(quota.at(30_500).admit(demand(40))).toBe(0)
  expect(quota.at(31_000).admit(demand(50))).toBe(31_000)
  expect(quota.at(62_000).admit(demand(61))).toBe(91_000 - 62_000)
  quota.at(62_000).settle(demand(40), usage(10, 0, { admittedAtMs: 30_500 }))
  expect(quota.at(62_000).admit(demand(90))).toBe(0)
})

test('what is in flight is held to the end of the call', () => {
  const quota = termQuota([requests({ kind: 'in-flight', limit: 2, retryAfterMs: 500 })])
  expect([1, 2, 3].map(() => quota.at(0).admit(demand(1)))).toEqual([0, 0, 500])
  quota.at(100).settle(demand(1), usage(1, 1))
  expect([1, 2].map(() => quota.at(100).admit(demand(1)))).toEqual([0, 500])
})

describe('live output', () => {
  const live = (how: 'goOn' | 'stop'): QuotaTerm =>
    term(
      { kind: 'bucket', perMinute: 600, depthMs: 60_000 },
      {
        of: 'output-tokens',
        overshoot: true,
        tokens: {
          ...tokens,
          reserve: { input: 0, cached: 0, output: 0 },
          settle: { input: 0, cached: 0, output: 1 },
          live: how,
        },
      },
    )

  test('is charged as it is made; max_tokens does not matter', () => {
    const quota = termQuota([live('goOn')])
    expect(quota.at(60_000).admit(demand(10, 1e6))).toBe(0)
    expect([quota.at(60_000).generate(500), quota.at(60_000).generate(200)]).toEqual([0, 0])
    expect(quota.at(60_000).admit(demand(1))).toBeCloseTo(10_000)
  })

  test('stops in the middle where the provider does', () => {
    const quota = termQuota([live('stop')])
    expect([quota.at(60_000).generate(600), quota.at(60_000).generate(1)]).toEqual([0, Infinity])
  })

  test('is charged once, whether told while it was made or only at the end', () => {
    const [told, untold] = [termQuota([live('goOn')]), termQuota([live('goOn')])]
    for (const quota of [told, untold]) quota.at(60_000).admit(demand(10))
    told.at(60_000).generate(250)
    told.at(60_000).settle(demand(10), usage(10, 300, { generatedTokens: 250 }))
    untold.at(60_000).settle(demand(10), usage(10, 300))
    expect([told.at(60_000).status()[0]!.remaining, untold.at(60_000).status()[0]!.remaining]).toEqual([
      300, 300,
    ])
  })
})

test('spillover serves outside the quota, which it leaves as it is', () => {
  const quota = termQuota([term({ kind: 'window', limit: 10, windowMs: 1000 })], 'spill')
  expect([quota.at(0).admit(demand(8)), quota.at(0).admit(demand(8)), quota.at(0).admit(demand(2))]).toEqual([
    0, -1, 0,
  ])
})

test('tells the tightest limit of each unit', () => {
  const day = { kind: 'window', limit: 30, windowMs: 86_400_000 } as const
  const quota = termQuota([requests({ kind: 'window', limit: 20, windowMs: 60_000 }), requests(day)])
  for (let i = 0; i < 15; i++) quota.at(0).admit(demand(1))
  expect(quota.at(0).status()).toEqual([{ of: 'requests', limit: 20, remaining: 5, resetMs: 60_000 }])
  expect(quota.at(60_000).status()).toEqual([
    { of: 'requests', limit: 30, remaining: 15, resetMs: 86_340_000 },
  ])
})

test('two quotas over one state are one quota', () => {
  const terms = [requests({ kind: 'window', limit: 1, windowMs: 1000 })]
  const state = new Float64Array(termQuota(terms).stateLength)
  expect([0, 1].map(() => termQuota(terms, 'reject', state).at(0).admit(demand(1)))).toEqual([0, 1000])
  expect(() => termQuota(terms, 'reject', new Float64Array(1))).toThrow('takes 2 numbers')
})

const windowMs = fc.constantFrom(1000, 5000, 10_000, 60_000, 120_000)
const limit = fc.integer({ min: 500, max: 5000 })
const timed = fc.oneof(
  fc.record({
    kind: fc.constant('bucket' as const),
    perMinute: fc.integer({ min: 500, max: 50_000 }),
    depthMs: windowMs,
  }),
  fc.record({ kind: fc.constant('window' as const), limit, windowMs }),
  fc.record({ kind: fc.constant('sliding' as const), limit, windowMs }),
)
const weights = fc.record({
  input: fc.constantFrom(0, 1),
  cached: fc.constantFrom(0, 0.1, 1),
  output: fc.constantFrom(0, 1, 5, 8),
})
const tokenTerm = fc.record({
  of: fc.constant('tokens' as const),
  meter: timed,
  overshoot: fc.boolean(),
  countsRefused: fc.constant(false),
  tokens: fc.record({
    reserve: weights,
    settle: weights,
    outputBasis: fc.constantFrom('maxTokens' as const, 'expected' as const),
    expectedTokens: fc.nat(200),
    combine: fc.constantFrom('sum' as const, 'larger' as const),
  }),
})
const requestTerm = fc.record({
  of: fc.constant('requests' as const),
  meter: fc.oneof(
    fc.record({
      kind: fc.constant('bucket' as const),
      perMinute: fc.integer({ min: 1, max: 100 }),
      depthMs: fc.constant(60_000),
    }),
    fc.record({
      kind: fc.constantFrom('window' as const, 'sliding' as const),
      limit: fc.integer({ min: 1, max: 9 }),
      windowMs,
    }),
  ),
  overshoot: fc.constant(false),
  countsRefused: fc.boolean(),
})
const terms = fc.array(fc.oneof(tokenTerm, requestTerm), { minLength: 1, maxLength: 4 })
const acts = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.nat(300), fc.nat(40_000)),
    inputTokens: fc.integer({ min: 1, max: 900 }),
    cachedShare: fc.constantFrom(0, 0.5, 1),
    maxTokens: fc.nat(400),
    outputTokens: fc.nat(500),
    isEnd: fc.boolean(),
  }),
  { maxLength: 50 },
)
type Act = (typeof acts)['generate'] extends (...args: never[]) => { value: infer T } ? T : never

interface Running {
  readonly demand: Demand
  readonly outputTokens: number
  readonly admittedAtMs: number
}

/** Plays calls that come and end; `seen` hears each admission or refusal. */
function play(
  quota: Quota,
  acts: Act,
  seen: (atMs: number, demand: Demand, waitMs: number) => void,
  ended: (call: Running, used: Usage) => void = () => {},
): { atMs: number; running: Running[] } {
  const running: Running[] = []
  let atMs = 0
  for (const { afterMs, inputTokens, cachedShare, maxTokens, outputTokens, isEnd } of acts) {
    atMs += afterMs
    const call = isEnd ? running.shift() : undefined
    if (call) {
      const used = {
        ...call.demand,
        outputTokens: call.outputTokens,
        admittedAtMs: call.admittedAtMs,
      }
      quota.at(atMs).settle(call.demand, used)
      ended(call, used)
    } else {
      const asked = demand(inputTokens, maxTokens, inputTokens * cachedShare)
      const waitMs = quota.at(atMs).admit(asked)
      seen(atMs, asked, waitMs)
      if (waitMs === 0) running.push({ demand: asked, outputTokens, admittedAtMs: atMs })
    }
  }
  return { atMs, running }
}

test('who waits exactly as long as told is admitted if nobody else came, and not a moment earlier', () => {
  fc.assert(
    fc.property(terms, acts, (terms, acts) => {
      const state = new Float64Array(termQuota(terms).stateLength)
      play(termQuota(terms, 'reject', state), acts, (atMs, asked, waitMs) => {
        if (waitMs === 0 || waitMs === Infinity) return
        const ask = (laterMs: number) =>
          termQuota(terms, 'reject', Float64Array.from(state))
            .at(atMs + laterMs)
            .admit(asked)
        expect(ask(waitMs)).toBe(0)
        expect(ask(waitMs * 0.999 - 0.01)).toBeGreaterThan(0)
      })
    }),
    { numRuns: 300 },
  )
})

test('never tells less than nothing left, nor a level outside 0 to 1', () => {
  fc.assert(
    fc.property(terms, acts, (terms, acts) => {
      const quota = termQuota(terms)
      play(quota, acts, (atMs) => {
        const level = quota.at(atMs).level()
        expect(level).toBeGreaterThanOrEqual(0)
        expect(level).toBeLessThanOrEqual(1)
        for (const { limit, remaining, resetMs } of quota.at(atMs).status()) {
          expect(remaining).toBeGreaterThanOrEqual(0)
          expect(remaining).toBeLessThanOrEqual(limit)
          expect(resetMs).toBeGreaterThanOrEqual(0)
        }
      })
    }),
  )
})

test('admits no more than the limit in any window, by how it forgets', () => {
  fc.assert(
    fc.property(timed, acts, (meter, acts) => {
      const one = term(meter)
      const admitted: { atMs: number; amount: number }[] = []
      const onlyCalls = acts.map((act) => ({ ...act, isEnd: false }))
      play(termQuota([one]), onlyCalls, (atMs, asked, waitMs) => {
        if (waitMs === 0) admitted.push({ atMs, amount: reservedBy(one, asked) })
      })
      const sumOf = (isIn: (atMs: number) => boolean): number =>
        admitted.reduce((sum, { atMs, amount }) => sum + (isIn(atMs) ? amount : 0), 0)
      for (const { atMs: fromMs } of admitted)
        for (const { atMs: toMs } of admitted.filter(({ atMs }) => atMs >= fromMs)) {
          if (meter.kind === 'bucket') {
            const filled = (meter.perMinute * (meter.depthMs + toMs - fromMs)) / 60_000
            expect(sumOf((atMs) => atMs >= fromMs && atMs <= toMs)).toBeLessThanOrEqual(filled + 1e-3)
          } else {
            const sameWindow = (atMs: number): boolean =>
              meter.kind === 'sliding'
                ? atMs >= fromMs && atMs < fromMs + meter.windowMs
                : Math.floor(atMs / meter.windowMs) === Math.floor(fromMs / meter.windowMs)
            expect(sumOf(sameWindow)).toBeLessThanOrEqual(meter.limit + 1e-3)
          }
        }
    }),
  )
})

test('accounting closes: what a bucket has lost at the end is what ended calls used and running ones reserve', () => {
  const deep = { kind: 'bucket', perMinute: 60, depthMs: 1e12 } as const
  fc.assert(
    fc.property(tokenTerm, acts, ({ tokens }, acts) => {
      const one = term(deep, { tokens })
      const quota = termQuota([one])
      const startMs = 1e11
      let settled = 0
      const { atMs, running } = play(
        quota,
        acts.map((act, i) => ({ ...act, afterMs: i === 0 ? startMs : 0 })),
        () => {},
        (call, used) => (settled += settledBy(one, call.demand, used)),
      )
      const held = running.reduce((sum, call) => sum + reservedBy(one, call.demand), 0)
      if (acts.length > 0) expect(1e8 - settled - held).toBeCloseTo(1e9 * (1 - quota.at(atMs).level()), 1)
    }),
  )
})

test('accounting closes: when every call has ended nothing is in flight', () => {
  fc.assert(
    fc.property(acts, (acts) => {
      const terms = [
        requests({ kind: 'in-flight', limit: 4, retryAfterMs: 100 }),
        term({ kind: 'in-flight', limit: 3000, retryAfterMs: 100 }),
      ]
      const quota = termQuota(terms)
      const { atMs, running } = play(quota, acts, () => expect(quota.at(0).level()).toBeLessThanOrEqual(1))
      expect(running.length).toBeLessThanOrEqual(4)
      for (const { demand, outputTokens } of running)
        quota.at(atMs).settle(demand, { ...demand, outputTokens })
      expect(quota.at(atMs).level()).toBe(0)
    }),
  )
})
