import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { constant, lognormal } from '../stats/distributions.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import type { Workload } from '../workload/workload.ts'
import type { Derivation } from '../result/derivation.ts'
import { sources } from './explain-sources.ts'
import { explain } from './explain.ts'
import { fixtureWorkload } from './fixture-workload.ts'
import { closedResponsePercentile } from './formulas/closed-response-percentile.ts'
import { plan, planCapacity } from './plan.ts'

const price = {
  inputPerMillionUsd: 0.4,
  cachedPerMillionUsd: 0.1,
  outputPerMillionUsd: 1.6,
  source: 'a list',
}

const exampleOf = (file: string): Workload =>
  parseWorkload(readFileSync(`examples/${file}`, 'utf8'), { price: () => price }).workload!

function of(derivations: readonly Derivation[], figure: string): Derivation {
  const found = derivations.find((each) => each.figure === figure)
  if (!found) throw new Error(`no ${figure}`)
  return found
}

const valueOf = ({ inputs }: Derivation, name: string): number => {
  const found = inputs.find((each) => each.name === name)
  if (!found) throw new Error(`no ${name}`)
  return found.value
}

describe('the machine repairman: 50 users, 5 workers, 3 s of work, 30 s of thinking', () => {
  const all = explain(fixtureWorkload(), { users: 50 })

  test('1.442388 turns a second', () => {
    const derivation = of(all, 'turns/s')
    expect(derivation.result).toBeCloseTo(1.442388, 6)
    expect(derivation).toMatchObject({ unit: 'turns/s', exact: true })
    expect(derivation.source).toMatch(/Lazowska.*ch\. 8.*Chandy, Herzog, Woo/)
    expect(valueOf(derivation, 'users')).toBe(50)
    expect(valueOf(derivation, 'think')).toBe(30)
    expect(valueOf(derivation, 'share of turns answered')).toBeCloseTo(1, 12)
    // Little's law: 1.442388/s × 3 s, and of 4.664738 s what is left.
    expect(valueOf(derivation, 'turns in service')).toBeCloseTo(1.442388 * 3, 5)
    expect(valueOf(derivation, 'turns waiting')).toBeCloseTo(1.442388 * 1.664738, 5)
  })

  test('the rule of thumb: 5 × 30 ÷ 3 = 50', () => {
    expect(of(all, 'rule of thumb')).toMatchObject({
      result: 50,
      unit: 'users',
      exact: false,
      inputs: [
        { name: 'workers', value: 5, unit: 'workers' },
        { name: 'think', value: 30, unit: 's' },
        { name: 'processing', value: 3, unit: 's' },
      ],
    })
  })

  test('turn p95, by the arrival theorem', () => {
    const derivation = of(all, 'turn p95')
    const exact = closedResponsePercentile({ population: 50, think: 30_000, servers: 5, service: 3000 }, 0.95)
    expect(Math.abs(derivation.result / exact - 1)).toBeLessThan(0.002)
    expect(derivation.exact).toBe(true)
    expect(valueOf(derivation, 'mean of a turn')).toBeCloseTo(4664.738, 3)
  })

  test('slots, calls in flight and calls a turn', () => {
    expect(of(all, 'utilisation of agent slots').result).toBeCloseTo((1.442388 * 3) / 5, 6)
    expect(of(all, 'calls in flight').result).toBeCloseTo(1.442388 * 3, 5)
    expect(of(all, 'calls/turn').result).toBe(1)
    expect(of(all, 'errors').result).toBeCloseTo(0, 12)
  })

  test('no price, no money', () => {
    expect(all.some(({ figure }) => figure.startsWith('cost'))).toBe(false)
  })
})

test('only exponential turns are exact before slots', () => {
  for (const ttft of [lognormal(3000, 1), lognormal(3000, 0.4), constant(3000)]) {
    const all = explain(fixtureWorkload({ model: { ttft } }), { users: 50 })
    expect(of(all, 'turns/s').exact, String(ttft)).toBe(false)
  }
  const unlimited = fixtureWorkload({ agent: { workers: Infinity }, model: { ttft: constant(3000) } })
  expect(of(explain(unlimited, { users: 50 }), 'turns/s').exact).toBe(true)
  // 50 ÷ (30 s + 3 s): nobody waits.
  expect(of(explain(unlimited, { users: 50 }), 'turns/s').result).toBeCloseTo(50 / 33, 9)
})

test('the capacity: all objectives hold there, and one more user breaks one', () => {
  const workload = fixtureWorkload()
  const capacity = planCapacity(workload)
  const all = explain(workload, capacity.level, { capacity, headroom: 0.75 })
  const users = of(all, 'users')
  expect(users.result).toBe(50)
  expect(valueOf(users, 'turn p95 < 12s, at 50 users')).toBeLessThan(12_000)
  expect(valueOf(users, 'turn p95 < 12s, at 51 users')).toBeGreaterThanOrEqual(12_000)
  expect(of(all, 'run at').result).toBe(37)
  expect(capacity.runAt).toBe(37)
})

test('customer support at its capacity', () => {
  const workload = exampleOf('customer-support.yaml')
  const capacity = planCapacity(workload)
  const all = explain(workload, capacity.level, { capacity, headroom: 0.75 })
  expect(of(all, 'users').result).toBe(146)
  expect(of(all, 'registered users').result).toBe(4867)
  expect(of(all, 'tokens/min').result).toBeCloseTo(450_000, -1)
  // 5 × 45 s ÷ (1.46 × 2.98 s + 0.46 × 0.26 s + 17 ms)
  expect(of(all, 'rule of thumb').result).toBe(50)
  const cost = of(all, 'cost/turn')
  const [input, cached, output] = [
    'input of a turn to model',
    'of it cached',
    'output of a turn by model',
  ].map((name) => valueOf(cost, name))
  expect(cached! / input!).toBeCloseTo(0.6, 12)
  expect(cost.result).toBeCloseTo(((input! - cached!) * 0.4 + cached! * 0.1 + output! * 1.6) / 1e6, 15)
  expect(cost).toMatchObject({ exact: true, unit: 'USD', source: 'list prices: a list' })
})

// Sizes that no quota, slots and loop leave alone.
const levels = [{ users: 40 }, { users: 400 }, { sessionsPerSecond: 0.5 }, { sessionsPerSecond: 1000 }]
const cases = readdirSync('examples')
  .filter((file) => file.endsWith('.yaml') && !exampleOf(file).phone?.alone)
  .flatMap((file) => levels.map((level) => ({ file, level, at: JSON.stringify(level) })))

test.each(cases)('$file at $at: what is derived is what is printed', ({ file, level }) => {
  const workload = exampleOf(file)
  const all = explain(workload, level)
  const summary = plan(workload, level)
  const near = (figure: string, value: number): void => {
    const { result } = of(all, figure)
    expect(Math.abs(result - value), figure).toBeLessThanOrEqual(1e-7 * Math.abs(value) + 1e-12)
  }
  near('turns/s', summary.turns.perSecond)
  near('turn p95', summary.latency.turnMs!.p95)
  near('ttft p95', summary.latency.ttftMs!.p95)
  near('calls/turn', summary.calls!.perTurn!.mean)
  near('calls in flight', summary.calls!.inFlight!.mean)
  near('tokens/min', summary.tokens!.perSecond * 60)
  near('errors', summary.errors!.rate)
  near('cost/turn', summary.cost!.perTurnUsd!)
  near('cost/month', summary.cost!.perMonthUsd!)
  if ('users' in level) near('cost/user-hour', summary.cost!.perUserHourUsd!)
  for (const { name, utilisation } of summary.services!) near(`utilisation of ${name}`, utilisation)
  const depth = of(all, 'calls/turn').inputs
  const mean = depth.reduce((sum, { value }, i) => (i % 2 === 1 ? sum + value * depth[i - 1]!.value : sum), 0)
  expect(mean).toBeCloseTo(summary.calls!.perTurn!.mean, 9)
  for (const { inputs } of all) expect(inputs.every(({ value }) => Number.isFinite(value))).toBe(true)
})

test('an engine of one’s own: Little’s law, up to its slots', () => {
  const workload = fixtureWorkload({
    agent: { workers: 1, concurrency: 1000 },
    model: { engine: { stepMs: 10, decodeMs: 1, prefillMs: 0, slots: 8 }, output: constant(100) },
    scenario: { output: constant(100) },
  })
  for (const users of [5, 50, 500]) {
    const { result } = of(explain(workload, { users }), 'utilisation of model engine')
    const use = plan(workload, { users }).services!.find(({ name }) => name === 'model engine')!
    expect(result).toBeCloseTo(use.utilisation, 9)
  }
})

test.each(Object.values(sources))('$file has the source that is told', ({ file, text }) => {
  const docstring = readFileSync(`src/plan/formulas/${file}`, 'utf8').replaceAll(/\s*\n \*\s*/g, ' ')
  expect(docstring).toContain(`Source: ${text}.`)
})
