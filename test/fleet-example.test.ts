import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { simulate } from '../src/simulate/simulate.ts'
import type { Summary } from '../src/result/summary.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'

const source = readFileSync(new URL('../examples/fleet-with-fallback.yaml', import.meta.url), 'utf8')

function at(users: number, overrides: { path: string; value: string }[] = []): Summary {
  const { workload } = parseWorkload(source, { overrides })
  return simulate(workload!, { level: { users }, seed: 1, warmupMs: 300_000, measuredMs: 900_000 })
}

const counted = (summary: Summary, rule: string): number =>
  summary.rules!.find((each) => each.rule === rule)!.count

test('what main does not serve backup does; without it most turns fail, as the example says', () => {
  const [both, alone] = [at(300), at(300, [{ path: 'models.main.fallback', value: 'null' }])]
  expect(both.errors!.rate).toBeLessThan(0.01)
  expect(alone.errors!.rate).toBeGreaterThan(0.5)
  expect(counted(both, 'calls of main that went to backup')).toBeGreaterThan(4000)
  const { circuit_open = 0, rate_limited = 0 } = alone.errors!.byKind
  expect(circuit_open).toBeGreaterThan(rate_limited)
  // Served by main either way is what its quota holds: 300 calls a minute and no more.
  const { perSecond, rateLimitedPerSecond = 0 } = both.models!['main']!
  expect((perSecond - rateLimitedPerSecond) * 60).toBeLessThanOrEqual(305)
})

test('servers follow the load', () => {
  const servers = [60, 300].map((users) => counted(at(users), 'servers paid for on average'))
  expect(servers[0]).toBeLessThan(3)
  expect(servers[1]).toBeGreaterThan(4)
})

test('where it is too much, urgent work still gets through', () => {
  const crowded = at(1400)
  const [chat, urgent] = [crowded.scenarios!['chat']!, crowded.scenarios!['payment failed']!]
  expect(urgent.errorRate).toBeLessThan(chat.errorRate / 2)
  expect(counted(crowded, 'turns given a shorter loop')).toBeGreaterThan(0)
  expect(counted(crowded, 'waiting turns shed for more urgent ones')).toBeGreaterThan(0)
})
