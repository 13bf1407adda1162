import { expect, test } from 'vitest'
import { read, told } from './fixture-read.ts'

const phone = (rest: string): string => `phone: { calls: 100/min, duration: 3m, blocked: 1%, ${rest} }`

test.each([
  ['phone: { duration: 3m, blocked: 1% }', 'f.yaml:1:8: phone.calls: is missing'],
  [
    'phone: { calls: 100, duration: 3m, blocked: 1% }',
    'f.yaml:1:17: phone.calls: 100 has no unit\n  hint: a rate is written like 100/min, 2/s or 2000/h',
  ],
  [
    'phone: { calls: 1/min, duration: 0, blocked: 1% }',
    'f.yaml:1:34: phone.duration: 0 is not above 0\n  hint: such as 3m',
  ],
  [
    'phone: { calls: 1/min, duration: 3m, blocked: 0% }',
    'f.yaml:1:47: phone.blocked: 0% is no target\n  hint: calls that come at random are never all carried: such as 0.1% or 1%',
  ],
  [
    phone('carrier: { like: twillio }'),
    'f.yaml:1:70: phone.carrier.like: nothing is known of twillio as carrier\n  hint: did you mean twilio?; without like, give concurrent and callsPerSecond',
  ],
  [
    phone('vendors: { sst: { concurrent: 3 } }'),
    'f.yaml:1:64: phone.vendors: unknown key sst\n  hint: did you mean stt?',
  ],
  [phone('handOff: { share: 8%, talk: 4m, within: 20s }'), 'f.yaml:1:62: phone.handOff.answered: is missing'],
  [
    'phone: { calls: 10k/s, duration: 3m, blocked: 1% }',
    'f.yaml:1:17: phone.calls: 1.8M calls at once are too many\n  hint: calls a minute × minutes of each, at most 1M',
  ],
  [
    phone('carrier: { concurrent: 2M }'),
    'f.yaml:1:76: phone.carrier.concurrent: 2M is too many\n  hint: at most 1M; without it there is no limit',
  ],
  [
    `${phone('arrivals: even')}\nusers: { think: 30s }`,
    'f.yaml:1:63: phone.arrivals: calls are not played beside users\n  hint: users.arrivals is for those',
  ],
])('%s', (source, text) => {
  expect(told(source)).toBe(text)
})

test('what a vendor’s preset fills in is known to come from there', () => {
  const { origins } = read(phone('carrier: { like: bandwidth, callsPerSecond: 9 }'))
  expect(origins.get('phone.carrier.concurrent')).toBe('preset')
  expect(origins.get('phone.carrier.callsPerSecond')).toBe('given')
  expect(origins.has('phone.carrier.like')).toBe(false)
})

test('calls come at random, or evenly where the file says so', () => {
  expect(read(phone('')).users.arrivals).toBeUndefined()
  expect(read(phone('arrivals: poisson')).users.arrivals).toBeUndefined()
  expect(read(phone('arrivals: even')).users.arrivals).toMatchObject({ kind: 'renewal', text: 'even' })
})

test('a file of calls alone has no other users; one with users has both', () => {
  expect(read(phone('turns: 5/min')).phone).toMatchObject({
    alone: true,
    turnsPerMinute: 5,
    peakToAverage: 1,
  })
  expect(read(`${phone('')}\nusers: { think: 30s }`).phone).toMatchObject({ alone: false, vendors: [] })
})
