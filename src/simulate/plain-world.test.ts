import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CallRecord, TurnRecord } from '../result/records.ts'
import type { Summary } from '../result/summary.ts'
import type { Level } from '../workload/level.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import type { Workload } from '../workload/workload.ts'
import { isPlain } from './plain-world.ts'
import { simulate } from './simulate.ts'

const read = (text: string): Workload => parseWorkload(text).workload!

const usersOf = fc.constantFrom('think: exponential(mean 10s)', 'think: 5s', 'think: uniform(0s 20s)')
const turnsOf = fc.constantFrom('', ', turns: geometric(mean 3)', ', turns: 9')
const agentOf = fc.constantFrom('', 'agent: { workers: 1, concurrency: 2 }', 'agent: { workers: 4 }')
const worldOf = fc.constantFrom(
  'model: { ttft: exponential(mean 3s) }',
  'model: { ttft: 1s, output: exponential(mean 40), perToken: 20ms, maxTokens: 60, cached: 30% }',
  `scenarios:
  - { name: short, weight: 2, model: { small: 70%, large: 30% } }
  - { name: long, turns: 2, model: large }
models:
  small: { ttft: 300ms, output: 20, perToken: 10ms, input: { system: 100, message: 30, history: window(4) } }
  large: { ttft: lognormal(mean 2s cv 1), output: lognormal(mean 90 cv 1), perToken: exponential(mean 20ms), maxTokens: 200 }`,
)
const objectivesOf = fc.constantFrom(
  '',
  'objectives: [turn p95 < 4s, errors < 1%]',
  'objectives: [tpot p90 < 25ms]',
)
const worlds = fc
  .tuple(usersOf, turnsOf, agentOf, worldOf, objectivesOf)
  .map(([users, turns, agent, world, objectives]) =>
    read(`name: plain\nusers: { ${users}${turns} }\n${agent}\n${world}\n${objectives}\n`),
  )
const levels: fc.Arbitrary<Level> = fc.oneof(
  fc.integer({ min: 1, max: 30 }).map((users) => ({ users })),
  fc.integer({ min: 1, max: 9 }).map((tenths) => ({ sessionsPerSecond: tenths / 10 })),
)

/** The same world, in which an agent has something to ask for at every step. */
const withLimit = (workload: Workload): Workload => ({
  ...workload,
  agent: { ...workload.agent, limits: { ...workload.agent.limits, callMs: 1e12 } },
})

test('a plain world is what the agent makes of the same file, record for record and figure for figure', () => {
  fc.assert(
    fc.property(worlds, levels, fc.nat(1000), (workload, level, seed) => {
      const limited = withLimit(workload)
      expect([isPlain(workload), isPlain(limited)]).toEqual([true, false])
      const [plain, whole] = [workload, limited].map((each) => played(each, level, seed))
      expect(plain!.records).toEqual(whole!.records)
      expect(plain!.records.length).toBeGreaterThan(0)
      expect(figuresOf(plain!.summary)).toEqual(figuresOf(whole!.summary))
      // Where a slot passes from turn to turn nothing is added up, so that the last digits may differ.
      for (const [i, { utilisation }] of plain!.summary.services!.entries())
        expect(utilisation).toBeCloseTo(whole!.summary.services![i]!.utilisation, 9)
      const [inFlight, expected] = [plain!, whole!].map(({ summary }) => summary.calls!.inFlight!.mean)
      expect(inFlight).toBeCloseTo(expected!, 9)
    }),
    { seed: 1, numRuns: 25 },
  )
})

test.each([
  'agent: { overhead: { prompt: 1ms } }',
  'agent: { overhead: { cpuPerToken: 1us } }',
  'agent: { workers: 1, queue: 5 }',
  'agent: { limits: { turn: 60s } }',
  'agent: { workers: 1, concurrency: 9, connections: { model: 5 } }',
  'agent: { servers: 2, workers: 1 }',
  'scenarios: [{ name: deep, depth: 2 }]',
  'scenarios: [{ name: urgent, priority: 1 }, { name: other }]',
])('%s is more than a plain world', (part) => {
  const workload = read(`name: more\nusers: { think: 5s }\nmodel: { ttft: 1s }\n${part}\n`)
  expect(isPlain(workload)).toBe(false)
})

test.each(['quota: { rpm: 10 }', 'engine: { step: 20ms, decode: 1ms, slots: 64 }, output: 10'])(
  'a model with %s is more than a plain world',
  (part) => expect(isPlain(read(`name: more\nusers: { think: 5s }\nmodel: { ${part} }\n`))).toBe(false),
)

function played(workload: Workload, level: Level, seed: number) {
  const records: (TurnRecord | CallRecord)[] = []
  const summary = simulate(workload, {
    level,
    seed,
    warmupMs: 60_000,
    measuredMs: 200_000,
    sink: (record) => void records.push({ ...record }),
  })
  return { records, summary }
}

function figuresOf({ services: _, rules: __, ...figures }: Summary): object {
  return { ...figures, calls: { ...figures.calls, inFlight: undefined } }
}
