import { expect, test } from 'vitest'
import { erlangB, erlangBOffered } from '../formulas/erlang-b.ts'
import { chainBlocking, chainCapacity, type Vendor } from './vendor-chain.ts'
import { voiceLimits } from '../../workload/voice-limits.ts'

const chain: readonly Vendor[] = [
  { name: 'carrier', channels: 100, starts: { startsPerSecond: 5, over: 'queued' } },
  { name: 'platform', channels: 50 },
  { name: 'speech to text', channels: 128, channelsPerCall: 2 },
  { name: 'model' },
  { name: 'text to speech', channels: 20, heldShare: 0.25 },
]

test('the chain carries what its weakest vendor carries', () => {
  const capacity = chainCapacity(chain, { minutesPerCall: 3, blocked: 0.01 })
  expect(capacity.binding).toBe('platform')
  expect(capacity.callsPerMinute).toBeCloseTo(erlangBOffered(50, 0.01) / 3, 9)
  expect(capacity.vendors.map(({ name, boundBy }) => [name, boundBy])).toEqual([
    ['carrier', 'channels'],
    ['platform', 'channels'],
    ['speech to text', 'channels'],
    ['model', 'nothing'],
    ['text to speech', 'channels'],
  ])
  expect(capacity.vendors[2]!.callsPerMinute).toBeCloseTo(erlangBOffered(64, 0.01) / 3, 9)
  expect(capacity.vendors[4]!.callsPerMinute).toBeCloseTo(erlangBOffered(20, 0.01) / 0.75, 9)
})

test('344 places everywhere carry 100 calls a minute at 0.1 %; one start a second then binds at 60', () => {
  const target = { minutesPerCall: 3, blocked: 0.001 }
  const wide: Vendor[] = ['platform', 'speech to text'].map((name) => ({ name, channels: 344 }))
  expect(chainCapacity(wide, target).callsPerMinute).toBeGreaterThanOrEqual(100)
  const slow: Vendor = { name: 'carrier', starts: { startsPerSecond: 1, over: 'queued' } }
  expect(chainCapacity([...wide, slow], target)).toMatchObject({ callsPerMinute: 60, binding: 'carrier' })
})

test('no limits, no binding vendor', () => {
  const free = chainCapacity([{ name: 'model' }], { minutesPerCall: 3, blocked: 0.01 })
  expect([free.callsPerMinute, 'binding' in free]).toEqual([Infinity, false])
  expect(chainBlocking([{ name: 'model' }], { callsPerMinute: 9, minutesPerCall: 3 })).toMatchObject({
    least: 0,
    most: 0,
  })
})

test('end to end: from the worst by itself to all of them independent', () => {
  const pair: Vendor[] = [
    { name: 'carrier', channels: 18 },
    { name: 'platform', channels: 18 },
  ]
  const { vendors, least, most } = chainBlocking(pair, { callsPerMinute: 5, minutesPerCall: 2 })
  const lost = erlangB(18, 10)
  expect(vendors.map(({ blocked }) => blocked)).toEqual([expect.closeTo(lost, 12), expect.closeTo(lost, 12)])
  expect(least).toBeCloseTo(lost, 12)
  expect(most).toBeCloseTo(1 - (1 - lost) ** 2, 12)
})

test('starts refused count too', () => {
  const carrier: Vendor = { name: 'carrier', starts: { startsPerSecond: 1, over: 'rejected' } }
  const { most } = chainBlocking([carrier], { callsPerMinute: 30, minutesPerCall: 3 })
  expect(most).toBeCloseTo(1 / 3, 9)
})

// Published Erlang B table, 'Carrier Grade Voice over IP', appendix A: 10 lines at 0.1 % carry 3.1 erlangs.
test('a chain of default limits: ten slots of a platform carry about one call a minute', () => {
  const chosen = voiceLimits.filter(({ vendor }) => ['Twilio', 'Vapi', 'Soniox'].includes(vendor))
  const vendors: Vendor[] = chosen.map(({ vendor, ...limits }) => ({ name: vendor, ...limits }))
  const { callsPerMinute, binding } = chainCapacity(vendors, { minutesPerCall: 3, blocked: 0.001 })
  expect([vendors.length, binding, Number((callsPerMinute * 3).toFixed(3))]).toEqual([3, 'Vapi', 3.092])
})
