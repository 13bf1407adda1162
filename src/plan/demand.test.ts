import { describe, expect, it, test } from 'vitest'
import { createSessions } from '../sessions/sessions.ts'
import { constant, empirical, exponential, geometric, lognormal, uniform } from '../stats/distributions.ts'
import type { Scenario, Tool, Workload } from '../workload/workload.ts'
import { demandOf } from './demand.ts'
import { fixtureWorkload } from './fixture-workload.ts'

const input = {
  system: lognormal(800, 0.3),
  message: lognormal(40, 0.5),
  toolResult: lognormal(120, 0.8),
  historyMessages: 5,
}

const tool = (name: string, fanOut: Tool['fanOut']): Tool => ({
  name,
  latency: lognormal(200, 1),
  capacity: Infinity,
  failure: 0,
  fanOut,
  arguments: {},
})

const scenarios: Scenario[] = [
  {
    name: 'short',
    share: 0.6,
    say: ['a'],
    turns: geometric(3),
    think: exponential(20_000),
    depth: constant(1),
    tools: [],
    model: 0,
    input,
    output: lognormal(150, 0.7),
  },
  {
    name: 'deep',
    share: 0.4,
    say: ['b'],
    turns: uniform(1, 8),
    think: lognormal(40_000, 0.5),
    depth: empirical([
      { value: 2, share: 0.5 },
      { value: 5, share: 0.5 },
    ]),
    tools: [0, 1],
    model: 0,
    input: { ...input, historyMessages: Infinity },
    output: lognormal(90, 0.4),
  },
]

const mixed: Workload = {
  ...fixtureWorkload({
    agent: {
      overhead: {
        promptMs: lognormal(80, 0.5),
        stateMs: exponential(20),
        cpuPerCallMs: 2,
        cpuPerTokenMs: 0.02,
      },
    },
    model: { maxTokens: 200, cached: 0.5, ttft: lognormal(500, 0.6), perToken: constant(10) },
    tools: [tool('orders', constant(1)), tool('search', uniform(1, 3))],
  }),
  scenarios,
}

/** Every turn of many sessions, drawn as all engines draw them. */
function drawn(workload: Workload, sessionCount: number) {
  const sessions = createSessions(workload, 7, { users: 1 })
  const total = { turns: 0, calls: 0, input: 0, output: 0, outputSquares: 0, think: 0, modelMs: 0, toolMs: 0 }
  const toolCalls = workload.tools.map(() => 0)
  for (let session = 0; session < sessionCount; session++) {
    const turns = sessions.turns(session)
    for (let turn = 0; turn < turns; turn++) {
      total.turns++
      total.think += sessions.thinkMs(session, turn)
      const depth = sessions.depth(session, turn)
      for (let step = 1; step <= depth; step++) {
        const tokens = sessions.tokens(session, turn, step)
        total.calls++
        total.input += sessions.inputTokens(session, turn, step)
        total.output += tokens
        total.outputSquares += tokens * tokens
        total.modelMs +=
          sessions.ttftMs(session, turn, step, 0) + (tokens - 1) * sessions.perTokenMs(session, turn, step, 0)
        if (step === depth) continue
        const calls = sessions.fanOut(session, turn, step)
        if (calls === 0) continue
        toolCalls[sessions.tool(session, turn, step)]! += calls
        let slowest = 0
        for (let i = 0; i < calls; i++) slowest = Math.max(slowest, sessions.toolMs(session, turn, step, i))
        total.toolMs += slowest
      }
    }
  }
  return { ...total, toolCalls }
}

describe('what a turn demands', () => {
  const draws = drawn(mixed, 20_000)
  const demand = demandOf(mixed)
  const perTurn = (sum: number): number => sum / draws.turns
  const sum = (pick: (scenario: (typeof demand.scenarios)[number]) => number): number =>
    demand.scenarios.reduce((total, scenario) => total + scenario.turnShare * pick(scenario), 0)

  // Seed fixed; 20,000 sessions put the standard error of each mean below 0.7 %, so 3 % is more than four of them.
  test.each([
    ['turns a session', demand.turnsPerSession, draws.turns / 20_000],
    ['model calls', demand.callsPerTurn.mean, perTurn(draws.calls)],
    ['input tokens', demand.models[0]!.inputTokens, perTurn(draws.input)],
    ['output tokens', demand.models[0]!.outputTokens, perTurn(draws.output)],
    ['think time', demand.thinkMs, perTurn(draws.think)],
    ['model time', sum((s) => s.calls.mean * s.modelMsPerCall.mean), perTurn(draws.modelMs)],
    ['tool time', sum((s) => (s.calls.mean - 1) * s.toolMsPerStep.mean), perTurn(draws.toolMs)],
    ['calls of the first tool', demand.toolCalls.get(0)!, perTurn(draws.toolCalls[0]!)],
    ['calls of the second tool', demand.toolCalls.get(1)!, perTurn(draws.toolCalls[1]!)],
  ])('%s: the mean of the draws', (_, solved, observed) => {
    expect(solved / observed).toBeGreaterThan(0.97)
    expect(solved / observed).toBeLessThan(1.03)
  })

  it('reserves max_tokens with every call and settles to what was used', () => {
    const { calls, inputTokens, outputTokens, reservedTokens, settledTokens } = demand.models[0]!
    expect(reservedTokens).toBeCloseTo(inputTokens + 200 * calls, 9)
    expect(settledTokens).toBeCloseTo(inputTokens + outputTokens, 9)
    expect(demand.models[0]!.cachedTokens).toBeCloseTo(inputTokens / 2, 9)
  })

  it('takes the agent’s own time into the processing time', () => {
    const expected =
      80 +
      2 * 20 +
      sum((s) => s.calls.mean * (s.modelMsPerCall.mean + 2) + (s.calls.mean - 1) * s.toolMsPerStep.mean)
    expect(demand.processingMs.mean).toBeCloseTo(expected, 6)
  })
})

it('cuts the loop at the agent’s limit of steps', () => {
  const workload = { ...mixed, agent: { ...mixed.agent, limits: { turnMs: Infinity, steps: 3 } } }
  expect(demandOf(workload).scenarios[1]!.calls.mean).toBeCloseTo(2.5, 9)
})

it('sends context that grows along the loop: quadratic in the depth', () => {
  const tokens = (depth: number): number =>
    demandOf(
      fixtureWorkload({
        scenario: {
          depth: constant(depth),
          output: constant(50),
          input: {
            system: constant(1000),
            message: constant(20),
            toolResult: constant(100),
            historyMessages: 0,
          },
        },
      }),
    ).models[0]!.inputTokens
  // Depth d: d × (1000 + 20) + d(d − 1)/2 × 50, no tool being there to answer.
  expect(tokens(1)).toBe(1020)
  expect(tokens(4)).toBe(4 * 1020 + 6 * 50)
  expect(tokens(11)).toBe(11 * 1020 + 55 * 50)
})

it('sends history that grows along the conversation up to its window', () => {
  const tokens = (historyMessages: number): number =>
    demandOf(
      fixtureWorkload({
        scenario: {
          turns: constant(4),
          output: constant(50),
          input: { system: constant(0), message: constant(10), toolResult: constant(0), historyMessages },
        },
      }),
    ).models[0]!.inputTokens
  expect(tokens(0)).toBeCloseTo(10, 9)
  // Turns 0 to 3 carry 0, 1, 2 and 3 earlier exchanges of 60 tokens.
  expect(tokens(Infinity)).toBeCloseTo(10 + (60 * (0 + 1 + 2 + 3)) / 4, 9)
  expect(tokens(2)).toBeCloseTo(10 + (60 * (0 + 1 + 1 + 1)) / 4, 9)
  expect(tokens(1)).toBeCloseTo(10 + (50 * 3) / 4, 9)
})
