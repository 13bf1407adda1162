import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import { simulate } from './simulate.ts'

const file = `
name: same bytes
users: { think: lognormal(mean 20s cv 0.8), turns: geometric(mean 4), arrivals: gamma(cv 2), patience: exponential(mean 40s) }
scenarios:
  - { name: short, weight: 2, depth: 1 }
  - { name: long, depth: { 2: 50%, 4: 50% }, tools: [lookup] }
agent: { workers: 2, concurrency: 6, queue: 10, overhead: { prompt: gamma(mean 80ms cv 0.5), state: 10ms, cpuPerCall: 2ms, cpuPerToken: 20us },
  limits: { turn: 60s }, retries: { attempts: 2, backoff: 500ms } }
model: { input: { system: 800, message: 40, toolResult: 200, history: window(4) }, output: lognormal(mean 120 cv 0.6),
  ttft: lognormal(p50 450ms p95 1.2s), perToken: 15ms, quota: { rpm: 200, tpm: 300k } }
tools: { lookup: { latency: exponential(mean 300ms), capacity: 3, failure: 1%, fanOut: { 1: 70%, 2: 30% } } }
objectives: [turn p95 < 10s, errors < 1%]
`

/**
 * One seed gives one world, bit for bit, on every machine: additions and products are IEEE 754, and V8 computes
 * logarithms, exponentials and powers in software (its port of fdlibm), never by the processor or the C library. So the
 * digest of all instants and tokens holds for a version of V8; it changes when the simulator draws or decides
 * otherwise, and then on purpose: the changelog says what did.
 */
test('the same seed gives the same instants and tokens, on every machine', () => {
  const { workload } = parseWorkload(file)
  const digest = createHash('sha256')
  let records = 0
  simulate(workload!, {
    level: { sessionsPerSecond: 0.4 },
    seed: 1,
    warmupMs: 300_000,
    measuredMs: 3_600_000,
    sink(record) {
      const { kind, session, turn, sentAtMs, firstTokenAtMs, endedAtMs, outcome } = record
      const tokens = record.kind === 'turn' ? [record.tokens] : [record.inputTokens, record.outputTokens]
      digest.update(
        JSON.stringify([kind, session, turn, sentAtMs, firstTokenAtMs, endedAtMs, outcome, ...tokens]),
      )
      records++
    },
  })
  expect(records).toBe(18880)
  expect(digest.digest('hex')).toBe('0a335ca139352f9516060edc813ba65793cc99f8e21a5cf8af28efa85f978ea1')
})
