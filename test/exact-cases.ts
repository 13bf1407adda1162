import { engset } from '../src/plan/formulas/engset.ts'
import { erlangA } from '../src/plan/formulas/erlang-a.ts'
import { erlangB } from '../src/plan/formulas/erlang-b.ts'
import { erlangC } from '../src/plan/formulas/erlang-c.ts'
import { harmonic } from '../src/plan/formulas/fork-join.ts'
import { llmOpen } from '../src/plan/formulas/llm-open.ts'
import { llmThroughput } from '../src/plan/formulas/llm-station.ts'
import { loadDependentClosed } from '../src/plan/formulas/load-dependent-closed.ts'
import { meanValueAnalysis } from '../src/plan/formulas/mean-value-analysis.ts'
import { mm1 } from '../src/plan/formulas/mm1.ts'
import { mmck } from '../src/plan/formulas/mmck.ts'
import { openNetwork } from '../src/plan/formulas/open-network.ts'
import { pollaczekKhinchine } from '../src/plan/formulas/pollaczek-khinchine.ts'
import { processorSharing } from '../src/plan/formulas/processor-sharing.ts'
import type { Summary } from '../src/result/summary.ts'
import type { Level } from '../src/workload/level.ts'

/** A published answer, and the workload whose simulation must find it. */
export interface ExactCase {
  readonly name: string
  readonly yaml: string
  readonly level: Level
  readonly minutes: number
  readonly figure: 'turn mean' | 'turn p95' | 'turns/s' | 'share refused' | 'share given up'
  /** Milliseconds, turns a second or a share. */
  readonly exact: number
  /** Of one scenario, where the case is about it. */
  readonly scenario?: string
}

/** What a run says of the figure that a case is about. */
export function figureOf({ figure, scenario }: ExactCase, summary: Summary): number {
  if (figure === 'turns/s') return summary.turns.perSecond
  if (figure === 'share refused' || figure === 'share given up') return summary.errors!.rate
  const { turnMs } = scenario === undefined ? summary.latency : summary.scenarios![scenario]!
  return figure === 'turn mean' ? turnMs!.mean : turnMs!.p95
}

const users = (think: string): string => `users: { think: ${think} }`
const synchronous = (workers: number, more = ''): string =>
  `agent: { workers: ${workers}, concurrency: 1${more} }`
const ttft = (law: string): string => `model: { ttft: ${law} }`
const lines = (...parts: string[]): string => parts.join('\n')
const open = (sessionsPerSecond: number): Level => ({ sessionsPerSecond })

/** A loop of so many steps that calls these tools between them. */
const loop = (depth: number, ...tools: string[]): string =>
  lines(
    `scenarios: [{ name: only, depth: ${depth}, tools: [${tools.map((_, i) => `tool${i}`).join(', ')}] }]`,
    `tools: { ${tools.map((tool, i) => `tool${i}: { ${tool} }`).join(', ')} }`,
  )

const engine = (slots: number) => ({ step: 20, decode: 1, prefill: 0, slots })
const call = { inputTokens: 0, outputTokens: 300 }
const engineYaml = (slots: number): string =>
  `model: { output: exponential(mean 300), engine: { step: 20ms, decode: 1ms, slots: ${slots} } }`
const closedEngine = (population: number, slots: number) =>
  loadDependentClosed({ population, think: 30_000, rate: (n) => llmThroughput(engine(slots), call, n) })

const repairman = loadDependentClosed({ population: 50, think: 30_000, rate: (n) => Math.min(n, 5) / 3000 })

/** GI/M/1 (Kleinrock, Queueing Systems I, §6.4): σ is the root below 1 of σ = A*(μ − μσ). */
function giM1(serviceMs: number, transform: (s: number) => number): number {
  let sigma = 0.5
  for (let i = 0; i < 10_000; i++) sigma = transform((1 - sigma) / serviceMs)
  return serviceMs / (1 - sigma)
}
const gapMs = 1250
const even = (s: number): number => Math.exp(-s * gapMs)
const gammaCv2 = (s: number): number => (1 + s * gapMs * 4) ** -0.25

const sharing = lines(
  'scenarios: [{ name: short, depth: 1, output: exponential(mean 100) }, { name: long, depth: 1, output: exponential(mean 400) }]',
  'model: { engine: { step: 0ms, decode: 1ms } }',
)

const [urgent, usual, idle] = [0.2, 0.3, 0.5]
const triage = lines(
  'scenarios:',
  `  - { name: urgent, weight: ${urgent}, priority: 2, depth: 1 }`,
  `  - { name: usual, weight: ${usual}, priority: 1, depth: 1 }`,
  `  - { name: idle, weight: ${idle}, depth: 1 }`,
  synchronous(3, ', admission: { order: priority }'),
  ttft('exponential(mean 1s)'),
)

const twoPriorities = lines(
  'scenarios:',
  '  - { name: first, weight: 0.2, priority: 1, depth: 1 }',
  '  - { name: second, weight: 0.6, depth: 1 }',
  synchronous(1, ', admission: { order: priority }'),
  ttft('exponential(mean 1s)'),
)

/** Cobham, Priority assignment in waiting line problems (Operations Research 2, 1954), with several servers of one rate. */
function cobham(servers: number, perSecond: number, before: number, own: number): number {
  const load = perSecond / servers
  const free = erlangC(servers, perSecond, 1).wait * (1 - load)
  return 1 + free / ((1 - before * load) * (1 - (before + own) * load))
}

/** Share that finds no place in M/D/1 with `places`, by the chain of who is left behind (Kleinrock I, §5.6). */
function mD1K(load: number, places: number): number {
  const coming = [Math.exp(-load)]
  for (let k = 1; k < places; k++) coming.push((coming[k - 1]! * load) / k)
  let left = coming.map(() => 1 / places)
  for (let round = 0; round < 10_000; round++) {
    const next = left.map(() => 0)
    for (const [n, share] of left.entries()) {
      const stay = Math.max(0, n - 1)
      for (let k = 0; stay + k < places - 1; k++) next[stay + k]! += share * coming[k]!
    }
    next[places - 1] = 1 - next.reduce((sum, share) => sum + share, 0)
    left = next
  }
  return 1 - 1 / (left[0]! + load)
}

/** Everything exact that `plan` knows and a workload file can say. */
export const exactCases: readonly ExactCase[] = [
  {
    name: 'M/M/1: one synchronous worker at 80 %',
    yaml: lines(synchronous(1), ttft('exponential(mean 1s)')),
    level: open(0.8),
    minutes: 600,
    figure: 'turn mean',
    exact: mm1(0.8, 1).response * 1000,
  },
  {
    name: 'M/M/1, its p95',
    yaml: lines(synchronous(1), ttft('exponential(mean 1s)')),
    level: open(0.8),
    minutes: 600,
    figure: 'turn p95',
    exact: mm1(0.8, 1).percentile(0.95) * 1000,
  },
  {
    name: 'M/M/5: slots (Erlang C)',
    yaml: lines(synchronous(5), ttft('exponential(mean 3s)')),
    level: open(1.4),
    minutes: 160,
    figure: 'turn mean',
    exact: 3000 + erlangC(5, 1.4, 3).wait * 1000,
  },
  {
    name: 'M/M/5: a tool with five servers',
    yaml: loop(2, 'latency: exponential(mean 3s), capacity: 5'),
    level: open(1.4),
    minutes: 160,
    figure: 'turn mean',
    exact: 3000 + erlangC(5, 1.4, 3).wait * 1000,
  },
  {
    name: 'M/M/2/5: two slots, three places to wait',
    yaml: lines(synchronous(2, ', queue: 3'), ttft('exponential(mean 1s)')),
    level: open(3),
    minutes: 90,
    figure: 'share refused',
    exact: mmck(3, 1, 2, 5).rejected,
  },
  {
    name: 'M/G/1 (Pollaczek–Khinchine), lognormal of cv 1.5',
    yaml: lines(synchronous(1), ttft('lognormal(mean 1s cv 1.5)')),
    level: open(0.6),
    minutes: 300,
    figure: 'turn mean',
    exact: 1000 + pollaczekKhinchine(0.6, 1, 1.5 ** 2) * 1000,
  },
  {
    name: 'M/D/1: the event loop of one worker',
    yaml: 'agent: { workers: 1, overhead: { cpuPerCall: 100ms } }',
    level: open(6),
    minutes: 60,
    figure: 'turn mean',
    exact: 100 + pollaczekKhinchine(6, 0.1, 0) * 1000,
  },
  {
    name: 'Even arrivals: D/M/1 at 80 %',
    yaml: lines('users: { arrivals: even }', synchronous(1), ttft('exponential(mean 1s)')),
    level: open(1000 / gapMs),
    minutes: 250,
    figure: 'turn mean',
    exact: giM1(1000, even),
  },
  {
    name: 'Clustered arrivals: gamma of cv 2, GI/M/1 at 80 %',
    yaml: lines('users: { arrivals: gamma(cv 2) }', synchronous(1), ttft('exponential(mean 1s)')),
    level: open(1000 / gapMs),
    minutes: 800,
    figure: 'turn mean',
    exact: giM1(1000, gammaCv2),
  },
  {
    name: 'Erlang B: ten slots and no queue, any service time',
    yaml: lines(synchronous(10, ', queue: 0'), ttft('lognormal(mean 1s cv 2)')),
    level: open(7),
    minutes: 60,
    figure: 'share refused',
    exact: erlangB(10, 7),
  },
  {
    name: 'Engset: twenty users on six slots and no queue',
    yaml: lines(users('exponential(mean 10s)'), synchronous(6, ', queue: 0'), ttft('exponential(mean 5s)')),
    level: { users: 20 },
    minutes: 120,
    figure: 'share refused',
    exact: engset(6, 20, 1 / 10, 5).lost,
  },
  {
    name: 'Erlang A: those who wait lose patience',
    yaml: lines(
      'users: { patience: { of: firstToken, after: exponential(mean 2s), then: leave } }',
      synchronous(5),
      'model: { perToken: exponential(mean 1s), output: 2 }',
    ),
    level: open(6),
    minutes: 60,
    figure: 'share given up',
    exact: erlangA(5, 6, 1, 2).abandoned,
  },
  {
    name: 'Machine repairman: 50 users, five slots',
    yaml: lines(users('exponential(mean 30s)'), synchronous(5), ttft('exponential(mean 3s)')),
    level: { users: 50 },
    minutes: 160,
    figure: 'turns/s',
    exact: repairman.throughput * 1000,
  },
  {
    name: 'Machine repairman, its turn',
    yaml: lines(users('exponential(mean 30s)'), synchronous(5), ttft('exponential(mean 3s)')),
    level: { users: 50 },
    minutes: 160,
    figure: 'turn mean',
    exact: repairman.response,
  },
  {
    name: 'Closed network: 20 users, two kinds of turns that share a processor',
    yaml: lines(users('exponential(mean 5s)'), sharing),
    level: { users: 20 },
    minutes: 60,
    figure: 'turns/s',
    exact: meanValueAnalysis(20, 5, [0.25]).throughput,
  },
  {
    name: 'Two classes, M/G/1-PS: short turns',
    yaml: sharing,
    level: open(3),
    minutes: 90,
    figure: 'turn mean',
    exact: processorSharing(3, 0.25, 0.1) * 1000,
    scenario: 'short',
  },
  {
    name: 'Two classes, M/G/1-PS: long turns',
    yaml: sharing,
    level: open(3),
    minutes: 90,
    figure: 'turn mean',
    exact: processorSharing(3, 0.25, 0.4) * 1000,
    scenario: 'long',
  },
  {
    name: 'Open network (Jackson): two steps, each at one of two tools',
    yaml: loop(3, 'latency: exponential(mean 1s), capacity: 1', 'latency: exponential(mean 1s), capacity: 1'),
    level: open(0.6),
    minutes: 250,
    figure: 'turn mean',
    exact: openNetwork(0.6, [1, 1]).response * 1000,
  },
  {
    name: 'Three parallel calls: H₃ times the mean',
    yaml: loop(2, 'latency: exponential(mean 1s), fanOut: 3'),
    level: open(2),
    minutes: 60,
    figure: 'turn mean',
    exact: harmonic(3) * 1000,
  },
  {
    name: 'Inference engine, closed: 40 users, 64 slots',
    yaml: lines(users('exponential(mean 30s)'), engineYaml(64)),
    level: { users: 40 },
    minutes: 160,
    figure: 'turn mean',
    exact: closedEngine(40, 64).response,
  },
  {
    name: 'Inference engine, closed: 80 users, 20 slots',
    yaml: lines(users('exponential(mean 30s)'), engineYaml(20)),
    level: { users: 80 },
    minutes: 160,
    figure: 'turns/s',
    exact: closedEngine(80, 20).throughput * 1000,
  },
  {
    name: 'Inference engine, open',
    yaml: engineYaml(64),
    level: open(1.5),
    minutes: 160,
    figure: 'turn mean',
    exact: llmOpen(engine(64), call, 1.5 / 1000).response,
  },
  {
    name: 'Quota: requests that come evenly at twice the limit',
    yaml: lines('users: { arrivals: even }', 'model: { quota: { rpm: 60 } }'),
    level: open(2),
    minutes: 60,
    figure: 'share refused',
    exact: 1 - 60 / 120,
  },
  {
    name: 'Quota: tokens that come evenly at one and a half times the limit',
    yaml: lines(
      'users: { arrivals: even }',
      'model: { quota: { tpm: 60k }, input: { message: 999 }, output: 1 }',
    ),
    level: open(1.5),
    minutes: 60,
    figure: 'share refused',
    exact: 1 - 60 / 90,
  },
  {
    name: 'Three priorities on three slots (Cobham): the first',
    yaml: triage,
    level: open(2.4),
    minutes: 300,
    figure: 'turn mean',
    exact: cobham(3, 2.4, 0, urgent) * 1000,
    scenario: 'urgent',
  },
  {
    name: 'Three priorities on three slots (Cobham): the last',
    yaml: triage,
    level: open(2.4),
    minutes: 300,
    figure: 'turn mean',
    exact: cobham(3, 2.4, urgent + usual, idle) * 1000,
    scenario: 'idle',
  },
  {
    name: 'Two priorities on one slot at 80 % (Cobham): the first',
    yaml: twoPriorities,
    level: open(0.8),
    minutes: 900,
    figure: 'turn mean',
    exact: 2000,
    scenario: 'first',
  },
  {
    name: 'Two priorities on one slot at 80 % (Cobham): the second',
    yaml: twoPriorities,
    level: open(0.8),
    minutes: 900,
    figure: 'turn mean',
    exact: 6000,
    scenario: 'second',
  },
  {
    name: 'Quota: requests that come by chance at nine tenths of five a minute, as M/D/1 with five places',
    yaml: 'model: { quota: { rpm: 5 } }',
    level: open((0.9 * 5) / 60),
    minutes: 6000,
    figure: 'share refused',
    exact: mD1K(0.9, 5),
  },
  {
    name: 'State store of one place, asked twice a turn (Jackson)',
    yaml: lines('agent: { state: { latency: exponential(mean 1s), capacity: 1 } }', ttft('2s')),
    level: open(0.35),
    minutes: 600,
    figure: 'turn mean',
    exact: 2000 + 2 * mm1(0.7, 1).response * 1000,
  },
  {
    name: 'Two sub-agents at once, of two calls each: the longer of two Erlang-2',
    yaml: lines(
      'scenarios: [{ name: only, depth: 2, tools: [inner] }]',
      'tools: { inner: { fanOut: 2, subagent: { depth: 2 } } }',
      ttft('exponential(mean 1s)'),
    ),
    level: open(1),
    minutes: 60,
    figure: 'turn mean',
    exact: 2000 + 2750,
  },
  {
    name: 'Two servers, each up for three quarters of the time: both down',
    yaml: lines(
      'agent: { workers: 1, servers: 2, failures: { every: exponential(mean 60s), down: exponential(mean 20s) } }',
      ttft('1ms'),
    ),
    level: open(2),
    minutes: 900,
    figure: 'share refused',
    exact: (1 - 60 / 80) ** 2,
  },
]
