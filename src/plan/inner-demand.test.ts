import { expect, test } from 'vitest'
import { laneOf, type LoopDraws } from '../sessions/loop-draws.ts'
import { createSessions } from '../sessions/sessions.ts'
import { read } from '../workload/fixture-read.ts'
import type { Workload } from '../workload/workload.ts'
import { callsLaw } from './calls-law.ts'
import { demandOf } from './demand.ts'
import { expectation } from './discrete.ts'

const exact = read(`
scenarios: [{ depth: 2, tools: [research], model: main }]
agent: { overhead: { cpuPerCall: 2ms, cpuPerToken: 1ms } }
models:
  main: { output: 5, input: { system: 50, message: 5 } }
  small: { input: { system: 100, message: 20, toolResult: 30 }, output: 10, maxTokens: 40, cached: 50% }
tools:
  research: { fanOut: 3, subagent: { depth: 2, model: small, tools: [search] } }
  search: { latency: 200ms, fanOut: 2 }
`)

test('three sub-agents of two steps, by hand', () => {
  const { models, rootModels, toolCalls, cpuMs, callsPerTurn } = demandOf(exact)
  expect(callsPerTurn.mean).toBeCloseTo(2, 9)
  expect(rootModels[1]!.calls).toBe(0)
  // Of each: 120 tokens in, then those with its answer of 10 and two results of 30.
  expect(models[1]!.calls).toBeCloseTo(6, 9)
  expect(models[1]!.inputTokens).toBeCloseTo(3 * (120 + 190), 6)
  expect(models[1]!.cachedTokens).toBeCloseTo(3 * 155, 6)
  expect(models[1]!.outputTokens).toBeCloseTo(60, 6)
  expect(models[1]!.reservedTokens).toBeCloseTo(3 * 310 + 6 * 40, 6)
  expect(toolCalls).toEqual(
    new Map([
      [0, expect.closeTo(3, 9)],
      [1, expect.closeTo(6, 9)],
    ]),
  )
  expect(cpuMs).toBeCloseTo(2 * (2 + 5) + 6 * (2 + 10), 6)
})

const nested = read(`
scenarios: [{ depth: { 1: 20%, 3: 80% }, tools: [research, search], model: main }]
models: { main: { }, small: { output: lognormal(mean 30 cv 1), input: { system: 200, toolResult: 25 } } }
tools:
  research: { fanOut: { 1: 50%, 2: 50% }, subagent: { depth: { 1: 50%, 4: 50% }, model: small, tools: [inner, search] } }
  inner: { subagent: { depth: { 1: 50%, 2: 50% }, model: small, tools: [search] } }
  search: { latency: 1ms, fanOut: 2 }
`)

/** What one turn draws of sub-agents' calls, and of their tokens in. */
function drawn(workload: Workload, session: number): { calls: number; inputTokens: number } {
  const sessions = createSessions(workload, 5, { users: 1 })
  let calls = 0
  let inputTokens = 0
  const walk = (draws: LoopDraws, lane: number, isRoot: boolean): void => {
    const depth = draws.depth(session, lane)
    for (let step = 1; step <= depth; step++) {
      if (!isRoot) {
        calls++
        inputTokens += draws.inputTokens(session, lane, step)
      }
      if (step === depth) continue
      const own = sessions.subagents[draws.tool(session, lane, step)]
      if (own)
        for (let index = 0; index < draws.fanOut(session, lane, step); index++)
          walk(own, laneOf(lane, step, index), false)
    }
  }
  walk(sessions, 0, true)
  return { calls, inputTokens }
}

test('sub-agents of sub-agents come to what sessions draw, in the mean and in the spread', () => {
  const count = 4000
  const turns = Array.from({ length: count }, (_, session) => drawn(nested, session))
  const asked = demandOf(nested).models[1]!
  for (const [of, mean] of [
    ['calls', asked.calls],
    ['inputTokens', asked.inputTokens],
  ] as const) {
    const seen = turns.reduce((sum, turn) => sum + turn[of], 0) / count
    const deviation = Math.sqrt(turns.reduce((sum, turn) => sum + (turn[of] - seen) ** 2, 0) / count)
    // Further off than four standard errors is one seed of 16,000.
    expect(Math.abs(seen - mean)).toBeLessThan((4 * deviation) / Math.sqrt(count))
  }
  const { depth } = demandOf(nested).scenarios[0]!
  const law = callsLaw(nested, depth, nested.scenarios[0]!.tools)
  expect(expectation(law, () => 1)).toBeCloseTo(1, 9)
  expect(expectation(law, (calls) => calls)).toBeCloseTo(asked.calls + demandOf(nested).callsPerTurn.mean, 9)
  const alone = turns.filter(({ calls }) => calls === 0).length / count
  const none = (law.at[1] ?? 0) + (law.at[3] ?? 0)
  expect(Math.abs(alone - none)).toBeLessThan(4 * Math.sqrt((none * (1 - none)) / count))
})
