import { expect, test } from 'vitest'
import type { PhonePlan } from './phone-plan.ts'
import { phoneHolds, phoneWords } from './phone-words.ts'

const plan: PhonePlan = {
  callsPerMinute: 100,
  minutesPerCall: 3,
  erlangs: 300,
  target: 0.001,
  channels: 344,
  vendors: [],
  quotas: [],
  chain: { lostLeast: 0, lostMost: 0 },
}

const textOf = (changes: Partial<PhonePlan>, label: string): string | undefined =>
  phoneWords({ ...plan, ...changes }).find((line) => line.label === label)?.text

test('without vendors there are channels and nothing else to say', () => {
  expect(phoneWords(plan).map(({ label }) => label)).toEqual([''])
  expect(phoneHolds(plan)).toBe(true)
})

test.each<[chain: PhonePlan['chain'], text: string, holds: boolean]>([
  [
    { callsPerMinute: 120, binding: 'platform', lostLeast: 0, lostMost: 0 },
    'carries it: up to 120 calls/min, then platform is the first to be full',
    true,
  ],
  [
    { callsPerMinute: 86.2, binding: 'speech to text', lostLeast: 0.045, lostMost: 0.05 },
    'carries only 86.2 calls/min: speech to text is the first to be full; as it is written 4.5 % to 5 % of the calls are lost',
    false,
  ],
  [
    { callsPerMinute: 50, binding: 'model quota, requests', lostLeast: 0.045, lostMost: 0.045 },
    'carries only 50 calls/min: model quota, requests is the first to be full; the vendors alone lose 4.5 %',
    false,
  ],
])('%j', (chain, text, holds) => {
  const quota = {
    name: 'model quota, requests',
    unit: 'requests/min',
    asked: 1500,
    limit: 750,
    callsPerMinute: 50,
  }
  expect(textOf({ chain, quotas: [quota] }, 'the chain')).toBe(text)
  expect(phoneHolds({ ...plan, chain })).toBe(holds)
})

test('calls that begin: queued, queued without end, refused', () => {
  const vendor = { name: 'carrier', needed: 344, lost: 0, boundBy: 'starts' } as const
  const starts = { perSecond: 2, utilisation: 0.8, rejected: 0, needed: 2.1 }
  const told = (more: object): string =>
    textOf({ vendors: [{ ...vendor, starts: { ...starts, over: 'queued', ...more } }] }, 'starts')!
  expect(told({ waitMs: 1000 })).toBe('carrier: 1.6 calls begin a second, 2 may; they wait 1 s to begin')
  expect(told({})).toContain('grows without end; have 3/s')
  expect(told({ over: 'rejected', rejected: 0.05 })).toContain(
    '5 % are refused, 3/s would keep to the target',
  )
})
