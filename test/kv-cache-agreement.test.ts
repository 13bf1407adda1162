import { expect, test } from 'vitest'
import { plan, planCapacity } from '../src/plan/plan.ts'
import { simulate } from '../src/simulate/simulate.ts'
import { levelValue } from '../src/workload/level.ts'
import { read } from '../src/workload/fixture-read.ts'

// The algebra counts how many calls the cache holds on average; the simulator lets contexts grow and sends calls back. One
// fixed seed; over half an hour the simulator's own error in the throughput is about 1 %.
test.each(['40k', '80k', '200k'])(
  'an engine with a KV cache of %s tokens: throughput within 4 %, p95 within 30 %',
  (kv) => {
    const workload = read(`
users: { think: exponential(mean 20s) }
model:
  input: { system: 3k, message: lognormal(mean 900 cv 0.5) }
  output: lognormal(mean 200 cv 0.6)
  engine: { step: 10ms, decode: 0.1ms, prefill: 0.01ms, slots: 64, kv: ${kv} }
objectives: [turn p95 < 12s]`)
    const users = levelValue(planCapacity(workload).level)
    for (const share of [0.75, 1]) {
      const level = { users: Math.round(users * share) }
      const solved = plan(workload, level)
      const simulated = simulate(workload, { level, seed: 1, warmupMs: 600_000, measuredMs: 1_800_000 })
      expect(solved.services!.find(({ binding }) => binding)!.name).toBe('model engine, KV cache')
      expect(Math.abs(solved.turns.perSecond / simulated.turns.perSecond - 1)).toBeLessThan(0.04)
      expect(Math.abs(solved.latency.turnMs!.p95 / simulated.latency.turnMs!.p95 - 1)).toBeLessThan(0.3)
    }
  },
)
