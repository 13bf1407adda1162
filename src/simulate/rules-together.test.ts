import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { read } from '../workload/fixture-read.ts'
import { play } from './fixture-play.ts'

const rules = [
  'connections: { model: 2, tools: 1 }',
  'state: { latency: 30ms, capacity: 2, failure: 5% }',
  'breakers: { failures: 40%, calls: 3, openFor: 3s }',
  'admission: { order: priority, shed: lowest }',
  'admission: { order: lifo }',
  'degrade: [{ above: 50%, steps: 1, below: 1 }]',
  'servers: 3',
  'scale: { from: 1, to: 3, startup: 5s, above: 60%, below: 40%, every: 3s }',
  'failures: { every: exponential(mean 20s), down: 4s }',
  'limits: { turn: 9s, call: 1200ms, tool: 900ms }',
  'retries: { attempts: 2, backoff: 200ms, honourRetryAfter: true }',
  'overhead: { cpuPerCall: 5ms, cpuPerToken: 1ms }',
] as const

const sourceOf = (written: readonly string[], fallback: boolean, engine: boolean): string => `
users: { think: exponential(mean 2s), patience: exponential(mean 15s), turns: 2 }
scenarios:
  - { name: low, depth: { 1: 50%, 3: 50% }, tools: [helper, lookup], model: { main: 50%, backup: 50% } }
  - { name: high, priority: 1, depth: 2, tools: [helper], model: main }
agent: { workers: 2, concurrency: 3, queue: 4, ${written.join(', ')} }
models:
  main: { output: 20, ${engine ? 'engine: { step: 10ms, decode: 5ms, slots: 2 }' : 'ttft: exponential(mean 700ms), perToken: 5ms'}, quota: { rpm: 120 } ${fallback ? ', fallback: { to: backup, when: overQuota }' : ''} }
  backup: { output: 10, ttft: exponential(mean 500ms), quota: { rpm: 200 } }
tools:
  lookup: { latency: exponential(mean 400ms), capacity: 2, fanOut: 2, failure: 10% }
  helper: { fanOut: { 1: 50%, 2: 50% }, subagent: { depth: 2, model: backup, tools: [lookup], output: 5 } }
`

const keyOf = (rule: string): string => rule.split(':')[0]!

test('whichever rules come together: turns and calls add up, and nothing is held for nobody', () => {
  const chosen = fc
    .uniqueArray(fc.constantFrom(...rules), { selector: keyOf, maxLength: 8 })
    .filter(
      (some) =>
        !(some.some((rule) => rule.startsWith('servers')) && some.some((rule) => rule.startsWith('scale'))),
    )
  fc.assert(
    fc.property(chosen, fc.boolean(), fc.boolean(), fc.nat(1000), (written, fallback, engine, seed) => {
      const workload = read(sourceOf(written, fallback, engine))
      const { turns, calls, simulation } = play(workload, { users: 25 }, 60_000, seed)
      const { agent, meter } = simulation
      const counts = meter.turnCounts()
      expect(counts.started).toBe(turns.length + counts.inFlightAtEnd)
      expect(agent.workers.busy.level + meter.waiting.level).toBe(counts.inFlightAtEnd)
      expect(meter.callsInFlight.level).toBeGreaterThanOrEqual(0)
      // Who holds a connection has a call in flight, and the other way round.
      const { connections } = agent.models
      if (connections) expect(connections.busy.level).toBe(meter.callsInFlight.level)
      // A turn is told once, after all of its calls.
      expect(new Set(turns.map(({ session, turn }) => `${session}/${turn}`)).size).toBe(turns.length)
      for (const call of calls) expect(call.endedAtMs).toBeGreaterThanOrEqual(call.sentAtMs)
      for (const { engine: station } of agent.models.endpoints)
        expect(station?.inService ?? 0).toBeLessThanOrEqual(Math.min(2, meter.callsInFlight.level))
    }),
    { numRuns: 40, seed: 11 },
  )
})
