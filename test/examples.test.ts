import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { demandOf } from '../src/plan/demand.ts'
import { callsInFlight, ruleOfThumb } from '../src/plan/rule-of-thumb.ts'
import { constant } from '../src/stats/distributions.ts'
import { formatProblems } from '../src/workload/format-problems.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { starterNames } from '../src/workload/starter-file.ts'
import type { Workload } from '../src/workload/workload.ts'

const folder = new URL('../examples/', import.meta.url)

function example(name: string): Workload {
  const { workload, problems } = parseWorkload(readFileSync(new URL(`${name}.yaml`, folder), 'utf8'))
  expect(formatProblems(problems, name)).toBe('')
  return workload!
}

test('each starter has its example, without a mistake or a warning', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  expect(files.map((file) => file.replace('.yaml', '')).sort()).toEqual([...starterNames].sort())
  for (const name of starterNames) expect(example(name).objectives.length).toBeGreaterThan(0)
})

describe('the field’s published figures, by users = workers × think ÷ processing', () => {
  // Published for coding-assistant are 100 and 2,000: its own formula gives 112.
  test.each([
    ['simple-chatbot', 30, 2, 1, 75, 2500],
    ['customer-support', 45, 4.5, 1.46, 50, 1667],
    ['research-assistant', 120, 10, 4, 60, 1200],
    ['coding-assistant', 180, 8, 3, 112, 2240],
  ])('%s', (name, thinkSeconds, processingSeconds, callsPerTurn, users, registeredUsers) => {
    const workload = example(name)
    const rule = ruleOfThumb(workload)
    expect(rule).toMatchObject({ users, registeredUsers, workers: 5 })
    expect(rule.thinkMs / 1000).toBeCloseTo(thinkSeconds, 6)
    expect(Math.abs(rule.processingMs / 1000 / processingSeconds - 1)).toBeLessThan(0.01)
    expect(demandOf(workload).callsPerTurn.mean).toBeCloseTo(callsPerTurn, 6)
  })
})

test('analyst-loop: 165 calls in flight where a chat would plan 20', () => {
  const { callsPerTurn, scenarios } = demandOf(example('analyst-loop'))
  const callSeconds = scenarios[0]!.modelMsPerCall.mean / 1000
  expect(callsInFlight(10, callsPerTurn.mean, callSeconds)).toBeCloseTo(165, 0)
  expect(callsInFlight(10, 1, 2)).toBe(20)
})

test('launch-day: 30 % headroom over one call a request, gone at a fourteenth of the planned requests', () => {
  const workload = example('launch-day')
  const { tokensPerMinute } = workload.models[0]!.quota!
  const tokensPerTurn = demandOf(workload).models[0]!.settledTokens
  const oneCall = demandOf({
    ...workload,
    scenarios: workload.scenarios.map((each) => ({ ...each, depth: constant(1) })),
  })
  const planned = 10 * 60 * oneCall.models[0]!.settledTokens
  expect(planned / tokensPerMinute).toBeCloseTo(0.7, 1)
  expect(tokensPerTurn / 25_000).toBeCloseTo(1, 1)
  expect((0.29 * 60 * tokensPerTurn) / tokensPerMinute).toBeCloseTo(0.4, 1)
  expect((0.73 * 60 * tokensPerTurn) / tokensPerMinute).toBeCloseTo(1, 1)
})

test('locust-tasks: weights 3 : 2 : 1, three messages one second apart', () => {
  const { scenarios, tools } = example('locust-tasks')
  expect(scenarios.map(({ share }) => share * 6).map(Math.round)).toEqual([3, 2, 1])
  expect(scenarios.map(({ depth }) => depth.mean)).toEqual([1, 2, 1])
  expect(scenarios[1]!.tools.map((index) => tools[index]!.name)).toEqual(['orders'])
  const fixed = scenarios[2]!
  expect([fixed.say.length, fixed.turns.mean, fixed.think.mean, fixed.think.variance]).toEqual([
    3, 3, 1000, 0,
  ])
})
