import { describe, expect, it, test } from 'vitest'
import { phoneHolds } from '../../result/phone-words.ts'
import { read } from '../../workload/fixture-read.ts'
import { planPhone } from './plan-phone.ts'

const planned = (phone: string, rest = '') =>
  planPhone(read(`phone: { calls: 100/min, duration: 3m, blocked: 0.1%, ${phone} }\n${rest}`), 0.75)!

describe('channels', () => {
  test('100 calls a minute of 3 minutes at 0.1 %: 300 erlangs, 344 channels', () => {
    expect(planned('')).toMatchObject({ erlangs: 300, channels: 344, vendors: [], chain: { lostMost: 0 } })
  })

  it('does not matter how their length varies', () => {
    const varied = read(
      'phone: { calls: 6000/h, duration: lognormal(mean 3m cv 2), blocked: 0.1%, carrier: { concurrent: 344 } }',
    )
    const plan = planPhone(varied, 0.75)!
    expect([plan.channels, phoneHolds(plan)]).toEqual([344, true])
  })
})

describe('the chain', () => {
  it('is the least of vendors that are loss systems of their own', () => {
    const plan = planned(
      'carrier: { concurrent: 344 }, vendors: { stt: { concurrent: 300 }, tts: { concurrent: 10, held: 1% } }',
    )
    const [carrier, stt, tts] = plan.vendors
    expect(carrier).toMatchObject({ needed: 344, concurrent: 344, boundBy: 'channels' })
    expect(carrier!.lost).toBeLessThanOrEqual(0.001)
    // B(300, 300), and the 3 erlangs of which 10 lose 0.08 %.
    expect(stt!.lost).toBeCloseTo(0.04468, 5)
    expect(tts!.needed).toBe(10)
    expect(plan.chain.binding).toBe('speech to text')
    expect(plan.chain.callsPerMinute).toBe(stt!.callsPerMinute)
    expect(plan.chain.lostLeast).toBe(stt!.lost)
    expect(phoneHolds(plan)).toBe(false)
  })

  it('takes what a vendor publishes from its preset, and what the file writes instead', () => {
    const { vendors } = planned(
      'carrier: { like: twilio }, vendors: { platform: { like: vapi, concurrent: 500 } }',
    )
    expect(vendors[0]).toMatchObject({
      name: 'carrier (twilio)',
      starts: { perSecond: 1, over: 'queued' },
      // 1.67 calls a second queue without end where one may begin.
      callsPerMinute: 60,
    })
    expect(vendors[0]!.starts!.waitMs).toBeUndefined()
    expect(vendors[1]).toMatchObject({ name: 'platform (vapi)', concurrent: 500 })
  })

  it('counts the model’s limits a minute by the answers in a call', () => {
    const model = 'model: { input: { system: 900 }, output: 100, quota: { rpm: 1200, tpm: 3M } }'
    const plan = planned('turns: 5/min', model)
    // 300 calls at once × 5 answers × 1,000 tokens.
    expect(plan.quotas).toEqual([
      { name: 'model quota, requests', unit: 'requests/min', asked: 1500, limit: 1200, callsPerMinute: 80 },
      { name: 'model quota, tokens', unit: 'tokens/min', asked: 1.5e6, limit: 3e6, callsPerMinute: 200 },
    ])
    expect(plan.chain).toMatchObject({ callsPerMinute: 80, binding: 'model quota, requests' })
    expect(planned('', model).quotas).toEqual([])
  })
})

describe('mouth to ear', () => {
  it('adds the parts up, the model’s own time to first token where the file writes no other', () => {
    const ear = 'mouthToEar: { within: 1s, network: 230ms, stt: 350ms, tts: 100ms'
    const model = 'model: { ttft: 375ms }'
    const { mouthToEar } = planned(`${ear} }`, model)
    expect(mouthToEar).toMatchObject({ meanMs: 1055, upperMs: 1055, withinMs: 1000 })
    expect(mouthToEar!.parts.map(({ name }) => name)).toEqual([
      'model',
      'speech to text',
      'network',
      'text to speech',
    ])
    expect(planned(`${ear}, model: 300ms }`, model).mouthToEar!.meanMs).toBe(980)
    expect(phoneHolds(planned(`${ear} }`, model))).toBe(false)
    expect(phoneHolds(planned(`${ear}, model: 300ms }`, model))).toBe(true)
  })
})

test('money: minutes × every price, the month at the average', () => {
  const { money } = planned(
    'peakToAverage: 3, turns: 5/min, carrier: { perMinute: $0.01 }, vendors: { stt: {}, tts: { perMinute: $0.03 } }',
    'model: { input: { system: 1M }, price: { input: $0.001 } }',
  )
  expect(money!.perMinuteUsd).toBeCloseTo(0.01 + 0.03 + 5 * 0.001, 12)
  expect(money!.perCallUsd).toBeCloseTo(3 * 0.045, 12)
  expect(money!.minutesPerMonth).toBe((100 * 3 * 43_800) / 3)
  expect(money!.perMonthUsd).toBeCloseTo(100 * 43_800 * 0.045, 6)
  expect(money!.unpriced).toEqual(['speech to text'])
  expect(planned('').money).toBeUndefined()
  const unsaid = 'turns: 5/min, carrier: { perMinute: $0.01 }'
  expect(planned(unsaid, 'model: { output: 10 }').money!.unpriced).toEqual(['model, tokens'])
  expect(planned(`${unsaid}, vendors: { model: {} }`, 'model: { output: 10 }').money!.unpriced).toEqual([
    'model',
  ])
})

test('agent servers: a call is a user who speaks five times a minute', () => {
  const rest = `
agent: { workers: 5, concurrency: 10, queue: 0 }
model: { ttft: 600ms }
objectives: [errors < 1%]`
  const { servers } = planned('turns: 5/min', rest)
  // 50 slots, each busy 0.6 s of every 12 s: Engset loses 1 % of 0.05 erlangs a call at about 766 calls.
  expect(servers!.callsEach).toBeGreaterThan(520)
  expect(servers!.callsEach).toBeLessThan(620)
  expect(servers).toMatchObject({ atPeak: 1, spare: 1, total: 2 })
  expect(planned('', rest).servers).toBeUndefined()
  const places = rest.replace('agent: {', 'agent: { voice: { calls: 100 },')
  expect(planned('turns: 5/min', places).servers).toMatchObject({
    callsEach: 75,
    boundBy: 'agent.voice.calls',
  })
})
