import { describe, expect, it, test } from 'vitest'
import type { PhoneRecord } from '../../result/phone-records.ts'
import type { TurnRecord } from '../../result/records.ts'
import { parseWorkload } from '../../workload/parse-workload.ts'
import { simulate } from '../simulate.ts'

const hour = 3_600_000

/** An hour of calls that last a minute, with one turn in it where nothing else is said. */
function played(phone: string, rest = 'model: { ttft: 300ms, output: 15 }', blocked = '1%') {
  const calls = `phone: { calls: 2/min, duration: 1m, blocked: ${blocked}, ${phone} }`
  const { workload, problems } = parseWorkload(`${calls}\n${rest}`)
  if (!workload) throw new Error(JSON.stringify(problems))
  const told: PhoneRecord[] = []
  const turns: TurnRecord[] = []
  const { phone: summary, services } = simulate(workload, {
    level: { sessionsPerSecond: 2 / 60 },
    seed: 1,
    warmupMs: 0,
    measuredMs: hour,
    sink: (record) => record.kind === 'turn' && turns.push({ ...record }),
    phoneSink: (call) => told.push({ ...call }),
  })
  return { told, turns, services: services!, ...summary! }
}

const refusing = 'model: { output: 15, quota: { rpm: 1 } }'

describe('a turn of a call', () => {
  it('is answered after the silence, the text, the model and the sound, and heard to its end', () => {
    const { turns } = played('mouthToEar: { within: 2s, stt: 200ms, orchestration: 50ms, tts: 100ms }')
    const [first] = turns
    // 500 ms of silence; 15 tokens are 60 letters, 4 s.
    expect(first!.firstTokenAtMs - first!.sentAtMs).toBeCloseTo(500 + 200 + 50 + 300 + 100, 6)
    expect(first!.endedAtMs - first!.firstTokenAtMs).toBeCloseTo(4000, 6)
    expect(first!.tokens).toBe(200)
  })

  it('takes its time: answers too long for their number make the call longer', () => {
    expect(played('turns: 4/min').durationMs!.mean).toBeCloseTo(60_000, 6)
    expect(played('turns: 30/min').durationMs!.mean).toBeGreaterThan(120_000)
  })
})

test.each([
  ['everybody has a channel', 'turns: 2/min', undefined, ['completed']],
  ['no channel', 'carrier: { concurrent: 1 }', undefined, ['completed', 'blocked']],
  ['a vendor is full', 'vendors: { stt: { concurrent: 1 } }', undefined, ['completed', 'blocked']],
  ['0 is pressed', 'caller: { human: 100% }', undefined, ['escalated']],
  ['nobody answers in time', 'caller: { patience: 700ms }', undefined, ['abandoned']],
  ['a call is too long', 'carrier: { maxDuration: 40s }', undefined, ['completed']],
  ['too long in mid-call', 'turns: 6/min, carrier: { maxDuration: 20s }', undefined, ['dropped']],
  [
    'all are handed on',
    'handOff: { share: 100%, talk: 4m, within: 20s, answered: 80% }, turns: 4/min',
    undefined,
    ['escalated'],
  ],
  ['the model refuses', 'turns: 6/min', refusing, ['escalated']],
  ['no place at the agent', '', 'agent: { voice: { calls: 1 } }\nmodel: {}', ['blocked', 'completed']],
  [
    'a hold line',
    '',
    'agent: { voice: { calls: 1, hold: { calls: 2, for: 10s } } }\nmodel: {}',
    ['blocked', 'completed', 'dropped'],
  ],
])('%s', (_, phone, rest, endings) => {
  const { told, calls } = played(phone, rest)
  const seen = new Set(told.map(({ ending }) => ending).filter((ending) => ending !== 'cut'))
  expect([...seen].toSorted()).toEqual(endings.toSorted())
  // The accounts close.
  expect(calls.inFlightAtStart + calls.offered).toBe(calls.ended + calls.inFlightAtEnd)
  expect(new Set(told.map(({ session }) => session)).size).toBe(told.length)
})

test('without fallbacks nothing is heard where the model refuses, and the caller hangs up', () => {
  const off = `agent: { voice: { fallbacks: 'off' } }\n${refusing}`
  expect(played('turns: 6/min, caller: { patience: 5s }', off).calls.abandoned).toBeGreaterThan(50)
})

test('callers who interrupt are heard, unless barge-in is off', () => {
  const phone = 'turns: 6/min, caller: { interrupts: 100% }'
  const rest = 'model: { output: 40 }'
  const heard = played(phone, rest)
  expect(heard.interruptions).toBeGreaterThan(300)
  expect(heard.bargeInMs!.max).toBe(60)
  const off = played(phone, `agent: { voice: { bargeIn: 'off' } }\n${rest}`)
  expect(off.bargeInMs!.mean).toBeGreaterThan(1000)
})

test('what refuses the most binds', () => {
  const { services } = played('carrier: { concurrent: 3 }, vendors: { tts: { concurrent: 1, held: 50% } }')
  expect(services.find(({ binding }) => binding)!.name).toBe('text to speech')
  // Few enough to be allowed, and nothing is full: still they are all that is felt of a limit.
  const carrier = 'carrier: { concurrent: 9, callsPerSecond: 1 }, vendors: { stt: { concurrent: 8 } }'
  const few = played(carrier, undefined, '10%')
  expect(few.calls.blocked / few.calls.offered).toBeLessThan(0.1)
  expect(few.services.find(({ binding }) => binding)!.name).toBe('carrier, starts')
})
