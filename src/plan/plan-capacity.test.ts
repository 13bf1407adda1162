import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { constant, exponential } from '../stats/distributions.ts'
import type { Workload } from '../workload/workload.ts'
import { metrics } from '../workload/metrics.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { demandOf } from './demand.ts'
import { fixtureWorkload } from './fixture-workload.ts'
import { planCapacity } from './plan-capacity.ts'
import { plan } from './plan-level.ts'
import { solveAgent } from './solve-agent.ts'
import { quotaRefusal } from './quota-pressure.ts'

const folder = new URL('../../examples/', import.meta.url)
const examples = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file): [string, Workload] => [
    file,
    parseWorkload(readFileSync(new URL(file, folder), 'utf8')).workload!,
  ])

/** Objectives about calls by telephone say nothing of so many users: the plan of the calls answers for them. */
const holds = (workload: Workload, users: number): boolean =>
  plan(workload, { users }).objectives.every(
    ({ pass }, i) => pass === true || metrics[workload.objectives[i]!.metric].per === 'call',
  )

describe.each(examples)('%s', (_, workload) => {
  it('has the last number of users at which every objective holds', () => {
    const { level, probes, brokenBy } = planCapacity(workload)
    const users = 'users' in level ? level.users : 0
    expect(holds(workload, users)).toBe(true)
    expect(holds(workload, users + 1)).toBe(false)
    const failing = plan(workload, { users: users + 1 }).objectives.find(({ pass }) => pass === false)
    expect(brokenBy).toBe(failing!.text)
    // No level below fails: the boundary found is the first.
    for (const probe of probes)
      if ('users' in probe.level && probe.level.users <= users) expect(probe.pass).toBe(true)
  })

  it.each([40, 150, 400, 2200])('refuses what its quotas refuse of the tries of %i users', (users) => {
    expectSettled(workload, users)
    expectSettled(ofTwoModels(workload), users)
  })
})

/** The refused share of each model is just what its quota refuses of the tries that refusing brings about. */
function expectSettled(workload: Workload, users: number): void {
  const demand = demandOf(workload)
  const state = solveAgent(workload, demand, { users })
  workload.models.forEach((model, i) => {
    const own = demand.scenarios.filter((scenario) => scenario.model === i)
    const callMs = Math.max(0, ...own.map(({ modelMsPerCall }) => modelMsPerCall.mean))
    const load = {
      triesPerMinute: state.triesPerMs[i]! * 60_000,
      inFlight: state.callsPerMs[i]! * callMs,
      callMs,
    }
    const left = quotaRefusal(model, demand.models[i]!, load) - state.refused[i]!
    expect(Math.abs(left)).toBeLessThan(1e-6)
  })
}

/** Half of the conversations on another model with the same quota, whose calls are one more a turn. */
function ofTwoModels(workload: Workload): Workload {
  const [scenario, ...rest] = workload.scenarios
  const other = { ...scenario!, name: 'other', model: workload.models.length, depth: constant(3) }
  return {
    ...workload,
    models: [...workload.models, { ...workload.models[0]!, key: 'other' }],
    scenarios: [
      { ...scenario!, share: scenario!.share / 2 },
      ...rest,
      { ...other, share: scenario!.share / 2 },
    ],
  }
}

test('the machine repairman: the number by stepping one user at a time', () => {
  let users = 1
  while (holds(fixtureWorkload(), users + 1)) users++
  expect(planCapacity(fixtureWorkload()).level).toEqual({ users })
})

test('a tool with servers to spare is a delay, to the last digit that is printed', () => {
  const tool = {
    name: 'search',
    latency: exponential(400),
    capacity: 40,
    failure: 0,
    fanOut: constant(1),
    arguments: {},
  }
  const turnMs = (capacity: number): number =>
    plan(
      fixtureWorkload({
        agent: { workers: 50 },
        scenario: { depth: constant(3), tools: [0] },
        tools: [{ ...tool, capacity }],
      }),
      { users: 200 },
    ).latency.turnMs!.mean
  // At most 200 users ÷ 30 s × 0.8 s = 5.3 calls at once.
  for (const capacity of [20, 28, 30, 40]) expect(turnMs(capacity) / turnMs(Infinity)).toBeCloseTo(1, 5)
  expect(turnMs(6) / turnMs(Infinity)).toBeGreaterThan(1.001)
})
