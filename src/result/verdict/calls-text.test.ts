import { expect, test } from 'vitest'
import { parseWorkload } from '../../workload/parse-workload.ts'
import type { Summary } from '../summary.ts'
import { type CapacityParts, line, probe } from './fixture-verdict.ts'

const { workload } = parseWorkload(`
name: receptionist
phone: { calls: 60/min, duration: 3m, blocked: 0.1%, carrier: { concurrent: 400, callsPerSecond: 5 } }
objectives: [blocked < 0.1%, response p95 < 2s]
`)

const starts = { service: 'carrier, starts', limit: 5, unit: 'calls/s' }
const calls: CapacityParts = {
  origin: 'simulated',
  level: { sessionsPerSecond: 0.7716 },
  phone: { heldMs: 169_000 },
  low: 0.7513,
  high: 0.7906,
  runAt: 0.5787,
  brokenBy: 'blocked < 0.1%',
  bottleneck: starts,
}
const say = (label: string, parts: CapacityParts = {}): string | undefined =>
  line(label, { ...calls, ...parts }, { workload: workload! })

const trial = (rate: number, pass: boolean, max: number, missed = 'blocked < 0.1%') =>
  probe(
    { sessionsPerSecond: rate },
    {
      pass,
      summary: {
        phone: { active: { mean: 100, max } } as Summary['phone'] & object,
        services: [{ name: starts.service, unit: starts.unit, limit: 5, utilisation: 0.16, binding: true }],
        objectives: [{ text: missed, pass }],
      },
    },
  )

test.each<[string, CapacityParts, string]>([
  [
    'with an interval',
    {},
    'Run receptionist at 98 calls at once (34.7 calls/min) per server; it breaks at 130 (46.3 calls/min; 95 % of samples: 45.1 to 47.4).',
  ],
  [
    'as a step',
    { covers: 'the step from the load that held to the one that did not' },
    'Run receptionist at 98 calls at once (34.7 calls/min) per server; it breaks between 45.1 and 47.4 calls/min.',
  ],
  [
    'without a limit',
    { unbounded: true, brokenBy: undefined },
    'Run receptionist at 98 calls at once (34.7 calls/min) per server; no objective was missed up to 130 (46.3 calls/min), the most that was tried.',
  ],
  [
    'without headroom',
    { runAt: 0 },
    'receptionist breaks beyond 130 calls at once (46.3 calls/min) per server (95 % of samples: 45.1 to 47.4): too few to leave headroom.',
  ],
  [
    'of few calls',
    { phone: { heldMs: 3000 }, low: undefined, high: undefined },
    'Run receptionist at 1.7 calls at once (34.7 calls/min) per server; it breaks at 2.3 (46.3 calls/min).',
  ],
  [
    'at no load',
    { level: { sessionsPerSecond: 0 }, runAt: 0, probes: [trial(0.1, false, 9)] },
    'receptionist missed "blocked < 0.1%" at every load tried, down to 6 calls/min.',
  ],
])('the headline tells calls at once, %s', (_, parts, text) => expect(say('', parts)).toBe(text))

test.each<[string, CapacityParts, string | undefined]>([
  [
    'an hour, and the most at once in a trial that held',
    { probes: [trial(0.75, true, 174), trial(0.8, false, 188)] },
    '2,083 an hour to run at, 2 min 49 s each on average; calls at once are an average too (rate × length), and as many as 174 were up in a trial that held every objective',
  ],
  [
    'at most, where there is no headroom',
    { runAt: 0 },
    '2,778 an hour, 2 min 49 s each on average; calls at once are an average too (rate × length)',
  ],
  ['nothing of sessions', { phone: undefined }, undefined],
])('calls: %s', (_, parts, text) => expect(say('calls', parts)).toBe(text))

test.each<[string, string, string]>([
  [
    'busy tones come long before a limit is full on average',
    'blocked < 0.1%',
    'carrier, starts, 5 calls/s (16 % in use on average): blocked passes 0.1 %',
  ],
  [
    'of other objectives, a service that is hardly used is not what breaks',
    'response p95 < 2s',
    'no service is full: response p95 passes 2 s',
  ],
])('what breaks first: %s', (_, missed, text) => {
  const probes = [trial(0.7, true, 150), trial(0.8, false, 180, missed)]
  expect(say('what breaks first', { brokenBy: missed, probes })).toBe(text)
})

test('what callers wait for is told, and not what they hear', () => {
  const { summary, ...rest } = trial(0.8, false, 180, 'response p95 < 2s')
  const turnTime = [
    { part: 'hearing', meanMs: 850 },
    { part: 'model', meanMs: 550 },
    { part: 'answer heard', meanMs: 6400 },
  ]
  const probes = [{ ...rest, summary: { ...summary, turnTime } }]
  expect(say('what breaks first', { brokenBy: 'response p95 < 2s', probes })).toBe(
    'no service is full: response p95 passes 2 s; 61 % of a response goes into hearing the caller out',
  )
})
