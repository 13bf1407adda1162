import type { Capacity } from '../src/result/capacity.ts'
import type { Run } from '../src/result/run.ts'
import type { Summary } from '../src/result/summary.ts'
import { fixtureLevelRun, fixtureRun } from '../src/report/fixture-run.ts'

/** Markup, a terminal's escape sequences, and marks that reorder text, in one name. */
export const hostileName =
  'evil</title></script><script>globalThis.hacked=1</script><img src=x onerror="globalThis.hacked=1">\u001b[2J\u001b]0;owned\u0007\u202e|`${1}`'

/** A summary that knows nothing but what every engine must say. */
export function bareSummary(users = 5): Summary {
  return {
    format: 1,
    runId: 'bare',
    version: '0.1.0',
    origin: 'solved',
    workload: { name: 'bare', hash: '0' },
    speed: 1,
    level: { users },
    turns: { perSecond: 0.1 },
    latency: {},
    objectives: [],
  }
}

const bareCapacity: Capacity = { origin: 'solved', level: { users: 0 }, runAt: 0, probes: [] }

function withName(run: Run, name: string): Run {
  const text = JSON.stringify(run)
  const renamed = JSON.parse(text) as Run
  const rename = (summary: Summary): Summary => ({
    ...summary,
    workload: { ...summary.workload, name },
    services: (summary.services ?? []).map((service) => ({ ...service, name })),
    objectives: summary.objectives.map((objective) => ({ ...objective, text: name })),
    assumed: (summary.assumed ?? []).map((field) => ({ ...field, field: name })),
    turnTime: (summary.turnTime ?? []).map((part) => ({ ...part, part: name })),
    ...(summary.errors && { errors: { ...summary.errors, byKind: { [name]: 3 } } }),
    ...(summary.generator && { generator: { ...summary.generator, valid: false, reasons: [name] } }),
  })
  return {
    ...renamed,
    command: name,
    workload: { ...renamed.workload, name, file: name },
    machine: { ...renamed.machine, cpuModel: name, sharedWith: [name] },
    verdict: [
      { label: '', text: name },
      { label: name, text: name },
    ],
    notes: [name],
    summaries: renamed.summaries.map(rename),
    capacities: renamed.capacities.map((capacity) => ({
      ...capacity,
      brokenBy: name,
      bottleneck: { service: name, limit: 1, unit: name },
      ...(capacity.advice && {
        advice: [{ text: name, change: { field: name, from: name, to: name }, users: 1, usersGained: 1 }],
      }),
      ...(capacity.sensitivity && { sensitivity: [{ field: name, origin: name, elasticity: 0.5 }] }),
      probes: capacity.probes.map((probe) => ({ ...probe, summary: rename(probe.summary) })),
    })),
  }
}

/** Every number of a run times a factor: probes of a billion users, quotas beyond counting. */
function scaled(run: Run, factor: number): Run {
  const scale = (value: unknown): unknown => {
    if (typeof value === 'number') return value * factor
    if (Array.isArray(value)) return value.map(scale)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, scale(inner)]))
  }
  return {
    ...run,
    capacities: scale(run.capacities) as Capacity[],
    summaries: scale(run.summaries) as Summary[],
  }
}

const find = fixtureRun()
const level = fixtureLevelRun()

/** Runs that every reporter must be able to tell. */
export const runsToTell: readonly (readonly [name: string, run: Run])[] = [
  ['a find with three engines', find],
  ['one level', level],
  ['several engines at one level', { ...level, summaries: [...level.summaries, bareSummary(110)] }],
  ['absent fields', { ...level, summaries: [bareSummary()], verdict: [], notes: [] }],
  ['nothing at all', { ...find, summaries: [], capacities: [], verdict: [], notes: [] }],
  ['zero probes', { ...find, capacities: find.capacities.map((capacity) => ({ ...capacity, probes: [] })) }],
  ['a capacity of zero', { ...find, capacities: [bareCapacity] }],
  [
    'a bare probe',
    {
      ...find,
      capacities: [
        { ...bareCapacity, probes: [{ level: { users: 5 }, pass: true, summary: bareSummary() }] },
      ],
    },
  ],
  [
    'no limit met',
    { ...find, capacities: find.capacities.map((capacity) => ({ ...capacity, unbounded: true })) },
  ],
  ['open load', { ...find, capacities: [{ ...bareCapacity, level: { sessionsPerSecond: 2.5 } }] }],
  ['huge numbers', scaled(find, 1e12)],
  ['numbers that are none', scaled(find, Number.NaN)],
  ['an invalid, interrupted run', { ...withName(level, 'late'), interrupted: true }],
  ['hostile names in a find', withName(find, hostileName)],
  ['hostile names at one level', withName(level, hostileName)],
]
