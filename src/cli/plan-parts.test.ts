import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inProcess } from '../../test/in-process.ts'
import { plainPalette } from '../report/palette.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import type { Workload } from '../workload/workload.ts'
import { planPartsJson, planPartsOf, planPartsText, type PlanRequest } from './plan-parts.ts'

const file = 'examples/simple-chatbot.yaml'

function read(overrides: readonly string[]): Workload {
  const set = overrides.map((text) => ({ path: text.split('=')[0]!, value: text.split('=')[1]! }))
  return parseWorkload(readFileSync(file, 'utf8'), { overrides: set }).workload!
}

const request: PlanRequest = {
  level: undefined,
  headroom: 0.75,
  brief: false,
  levers: false,
  sweeps: [],
  explain: undefined,
}
const parts = (asked: Partial<PlanRequest>) => planPartsOf({ ...request, ...asked }, read([]), read)
const workers = { field: 'agent.workers', values: ['10'] }

test('one part is the answer itself, several stand under their names', () => {
  expect(planPartsJson(parts({ brief: true }))).toMatchObject({ users: 84 })
  const both = parts({ brief: true, sweeps: [workers], explain: 'turns/s' })
  expect(Object.keys(planPartsJson(both) as object)).toEqual(['brief', 'sweeps', 'explanation'])
  const text = planPartsText(both, 100, plainPalette)
  const order = ['in plain words', 'as in the file', 'turns/s = '].map((words) => text.indexOf(words))
  expect(order.every((at, i) => at > (order[i - 1] ?? -1))).toBe(true)
})

test('beside --brief, the number of users is that of a fleet, and sweeps tell capacities', () => {
  const { brief, sweeps } = parts({ brief: true, sweeps: [workers], level: { users: 300 } })
  expect(brief!.lines.some(({ label }) => label === 'for 300 people')).toBe(true)
  expect(sweeps![0]).not.toHaveProperty('level')
  expect(parts({ sweeps: [workers], level: { users: 300 } }).sweeps![0]!.level).toEqual({ users: 300 })
})

test('a run folder keeps them in its report', async () => {
  const out = mkdtempSync(join(tmpdir(), 'plan-parts-'))
  try {
    const told = await inProcess(['plan', file, '--brief', '--what-if', 'agent.workers=10', '--out', out])
    expect(told).toMatchObject({ code: 0 })
    expect(told.stdout).toContain('in plain words')
    expect(told.stdout).not.toContain('what breaks first  ')
    const report = readFileSync(join(out, readdirSync(out)[0]!, 'report.html'), 'utf8')
    for (const heading of [
      'In plain words',
      'What if agent.workers',
      'One turn',
      'Where the numbers come from',
    ])
      expect(report).toContain(`<h2>${heading}</h2>`)
  } finally {
    rmSync(out, { recursive: true })
  }
})

test('closed and open load at once is a contradiction', async () => {
  const { code, stderr } = await inProcess(['plan', file, '--users', '10', '--arrivals', '1/s'])
  expect(code).toBe(104)
  expect(stderr).toContain('--users goes without --arrivals')
})
