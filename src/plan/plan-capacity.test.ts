import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import type { Workload } from '../workload/workload.ts'
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

const holds = (workload: Workload, users: number): boolean =>
  plan(workload, { users }).objectives.every(({ pass }) => pass === true)

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

  it('refuses just what its quota refuses of the tries that refusing brings about', () => {
    const demand = demandOf(workload)
    for (const users of [40, 150, 400, 2200]) {
      const state = solveAgent(workload, demand, { users })
      workload.models.forEach((model, i) => {
        const callMs = Math.max(...demand.scenarios.map(({ modelMsPerCall }) => modelMsPerCall.mean))
        const load = {
          triesPerMinute: state.triesPerMs[i]! * 60_000,
          inFlight: state.callsPerMs[i]! * callMs,
          callMs,
        }
        const left = quotaRefusal(model, demand.models[i]!, load) - state.refused[i]!
        expect(Math.abs(left)).toBeLessThan(1e-6)
      })
    }
  })
})

test('the machine repairman: the number by stepping one user at a time', () => {
  let users = 1
  while (holds(fixtureWorkload(), users + 1)) users++
  expect(planCapacity(fixtureWorkload()).level).toEqual({ users })
})
