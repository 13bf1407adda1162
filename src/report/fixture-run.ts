import { uncertainty } from '../result/verdict/fixture-uncertainty.ts'
import type { Interval } from '../stats/interval.ts'
import type { Dist, SeriesPoint, Summary, SummaryOrigin } from '../result/summary.ts'
import { partsOf } from './fixture-parts.ts'
import type { Capacity, ProbeResult } from '../result/capacity.ts'
import type { Run } from '../result/run.ts'

// A plausible run of customer support for tests and for looking at reports: the numbers follow a smooth
// closed-network curve with a quota that binds near 147 users, and a fixed wobble for the noisy engines.

interface Shape {
  readonly origin: SummaryOrigin
  /** Relative wobble of the numbers. */
  readonly noise: number
  /** Turns a second that the quota admits. */
  readonly limitPerSecond: number
  readonly levels: readonly number[]
}

const thinkMs = 45_000
const turnMs = 3_900
const callsPerTurn = 1.82
const tokensPerTurn = 2_390
const workload = { name: 'customer support', hash: '7c1f0e2b' }
const quotaPerMinute = 450_000

const shapes: readonly Shape[] = [
  {
    origin: 'solved',
    noise: 0,
    limitPerSecond: 3.06,
    levels: [20, 40, 60, 80, 100, 110, 120, 130, 140, 149, 160, 180],
  },
  {
    origin: 'simulated',
    noise: 0.012,
    limitPerSecond: 3.02,
    levels: [30, 60, 90, 110, 125, 135, 140, 145, 150, 155, 165, 180],
  },
  {
    origin: 'measured',
    noise: 0.03,
    limitPerSecond: 3.0,
    levels: [40, 80, 110, 130, 140, 145, 150, 160, 175],
  },
]

/** The whole demo: three capacities, each with its probes. */
export function fixtureRun(): Run {
  const capacities = shapes.map(capacityOf)
  return {
    format: 1,
    runId: '2026-11-21T10-12-33-customer-support',
    version: '0.1.0',
    startedAt: '2026-11-21T10:12:33.000Z',
    endedAt: '2026-11-21T10:14:21.000Z',
    command: 'plimsoll demo',
    workload: {
      ...workload,
      file: 'examples/customer-support.yaml',
      inputs: { given: 2, preset: 3, measured: 5, guessed: 6 },
    },
    machine: {
      cpuModel: 'AMD EPYC 7B13',
      cores: 2,
      memoryBytes: 8_321_499_136,
      platform: 'linux x64',
      node: 'v26.10.0',
      sharedWith: ['the agent', 'the simulated provider', 'the generator'],
    },
    speed: 10,
    summaries: [],
    capacities,
    verdict: [
      {
        label: '',
        text: 'Run customer support at 110 users per server; it breaks at 147 (95 % of samples: 141 to 152).',
      },
      {
        label: 'what breaks first',
        text: 'model quota, 450k tokens/min: from there on 429s, and turn p95 passes 10 s',
      },
      { label: 'what breaks next', text: 'requests per minute, at about 260 users' },
      {
        label: 'what helps most',
        text: 'max_tokens 400 → 200, since the quota charges what is reserved: +58 users',
      },
      {
        label: 'how sure',
        text: 'of 16 inputs 2 given, 5 measured, 3 from presets, 6 guessed; the answer hangs most on output length',
      },
      {
        label: 'for 10,000 users',
        text: '7 servers (one spare, peak 2×), 2.6M tokens/min of quota, $2,450 a month',
      },
    ],
    notes: ['the marker in the user text defeats answer caches'],
  }
}

/** One level, as `plimsoll load --users 110` leaves it. */
export function fixtureLevelRun(users = 110): Run {
  const measured = shapes[2] as Shape
  return {
    ...fixtureRun(),
    command: `plimsoll load --users ${users}`,
    speed: 1,
    capacities: [],
    summaries: [summaryOf(measured, users, 3)],
    verdict: [{ label: '', text: `At ${users} users every objective holds.` }],
  }
}

function capacityOf(shape: Shape): Capacity {
  const probes = shape.levels.map((users, index): ProbeResult => {
    const summary = summaryOf(shape, users, index)
    const pass = summary.objectives.every((objective) => objective.pass === true)
    return { level: { users }, seed: index + 1, pass, summary }
  })
  const users = { solved: 149, simulated: 145, measured: 147, observed: 0 }[shape.origin]
  const bounds = {
    solved: {},
    simulated: { low: 143, high: 148 },
    measured: { low: 141, high: 152 },
    observed: {},
  }
  return {
    origin: shape.origin,
    ...(shape.origin === 'solved' && { approximate: true }),
    level: { users },
    ...bounds[shape.origin],
    ...(shape.noise > 0 && { covers: '95 % of samples' }),
    runAt: Math.round(users * 0.75),
    boundary: 'cliff',
    brokenBy: 'turn p95 < 10s',
    bottleneck: { service: 'model quota', limit: quotaPerMinute, unit: 'tokens/min' },
    next: { service: 'model requests', users: 260 },
    ...(shape.origin === 'solved' && { ...advice, uncertainty }),
    probes,
  }
}

const advice = {
  advice: [
    {
      text: 'ask for fewer tokens: the quota charges what is reserved',
      change: { field: 'model.maxTokens', from: '400', to: '200' },
      users: 207,
      usersGained: 58,
    },
    {
      lever: 'quota tier',
      text: 'raise the quota to 600k tokens/min',
      change: { field: 'model.quota.tpm', from: '450k', to: '600k' },
      users: 198,
      usersGained: 49,
      perMonthUsd: 0,
      perUserUsd: 20.35,
    },
    {
      text: 'send four messages of history instead of six',
      change: { field: 'model.input.history', from: 'window(6)', to: 'window(4)' },
      users: 169,
      usersGained: 20,
    },
  ],
  tried: [
    {
      lever: 'workers',
      text: 'two more workers',
      change: { field: 'agent.workers', from: '5', to: '7' },
      users: 143,
      usersGained: -6,
      perMonthUsd: 350,
    },
  ],
  pairs: [
    {
      changes: [
        {
          lever: 'workers',
          text: 'two more workers',
          change: { field: 'agent.workers', from: '5', to: '7' },
        },
        {
          lever: 'quota tier',
          text: 'raise the quota to 600k tokens/min',
          change: { field: 'model.quota.tpm', from: '450k', to: '600k' },
        },
      ],
      users: 240,
      usersGained: 91,
      perMonthUsd: 350,
      perUserUsd: 24.1,
    },
  ],
  sensitivity: [
    { field: 'model.output', origin: 'guessed', elasticity: -0.52 },
    { field: 'model.quota.tpm', origin: 'preset', elasticity: 0.97 },
    { field: 'users.think', origin: 'measured', elasticity: 0.86 },
    { field: 'model.input.system', origin: 'given', elasticity: -0.31 },
    { field: 'scenarios.depth', origin: 'measured', elasticity: -0.74 },
    { field: 'model.ttft', origin: 'preset', elasticity: -0.06 },
  ],
} as const

function summaryOf(shape: Shape, users: number, index: number): Summary {
  const wobble = (step: number): number => 1 + shape.noise * Math.sin(index * 2.4 + step * 1.7)
  const perSecond =
    smoothMinimum(users / ((thinkMs + turnMs) / 1000), shape.limitPerSecond) * (1 + (wobble(1) - 1) * 0.12)
  const meanMs = Math.max(turnMs, (users / perSecond) * 1000 - thinkMs) * wobble(2)
  const over = Math.max(0, users / ((thinkMs + turnMs) / 1000) / shape.limitPerSecond - 0.965)
  const rate = Math.min(0.4, over * 0.35)
  const turn = distOf(meanMs, 1.55 + over * 5, shape, users)
  const ttft = distOf(meanMs * 0.55, 1.7 + over * 5, shape, users)
  const ended = Math.round(perSecond * 300)
  const failed = Math.round(ended * rate)
  return {
    format: 1,
    runId: `probe-${shape.origin}-${users}`,
    version: '0.1.0',
    origin: shape.origin,
    workload,
    ...(shape.noise > 0 && { seed: index + 1, window: { warmupMs: 60_000, measuredMs: 300_000 } }),
    speed: shape.origin === 'measured' ? 10 : 1,
    level: { users },
    turns:
      shape.noise === 0
        ? { perSecond }
        : {
            inFlightAtStart: 11,
            started: ended + 1,
            completed: ended - failed,
            failed,
            abandoned: 0,
            rejected: 0,
            inFlightAtEnd: 12,
            perSecond,
            perSecondCi95: around(perSecond, 0.03),
          },
    latency: { turnMs: turn, ttftMs: ttft, interTokenMs: distOf(10, 1.4, shape, users) },
    ...(shape.origin === 'measured' && partsOf(turn, ttft)),
    ...(shape.origin === 'measured' && {
      ownTime: {
        beforeMs: distOf(104, 1.5, shape, users),
        betweenMs: distOf(6, 2, shape, users),
        afterMs: distOf(23, 1.4, shape, users),
        retryWaitMs: distOf(120 + over * 9000, 4, shape, users),
      },
      joined: { id: Math.round(ended * 0.8), trace: ended, text: 0, none: 0 },
      assumed: [
        { field: 'model.input', assumed: 1190, observed: 1224, ratio: 1.029 },
        { field: 'agent.overhead.cpuPerCall', assumed: 2, observed: 2.3, ratio: 1.15 },
        { field: 'model.maxTokens', assumed: 400, observed: 400, ratio: 1 },
      ],
      generator: {
        valid: true,
        reasons: [],
        requestedPerSecond: perSecond,
        achievedPerSecond: perSecond * 0.998,
        latenessP99Ms: 14,
        loopDelayP99Ms: 9,
        cpu: 0.31,
        providerLatenessP99Ms: 6,
        agentCpu: 0.22,
      },
      series: seriesOf(users, perSecond, turn, over),
    }),
    calls: {
      perTurn: { mean: callsPerTurn, p50: 2, p90: 3, p95: 3, p99: 4 },
      perSecond: perSecond * callsPerTurn,
      inFlight: { mean: perSecond * callsPerTurn * 1.75 },
      retriesPerTurn: over * 1.4,
      ...(shape.noise > 0 && { depth: { intended: 1.8, observed: 1.8, cut: 0 } }),
    },
    tokens: {
      input: Math.round(ended * callsPerTurn * 1200),
      cachedInput: Math.round(ended * callsPerTurn * 700),
      output: Math.round(ended * callsPerTurn * 113),
      perSecond: perSecond * tokensPerTurn,
    },
    errors: {
      rate: ended > 0 ? failed / ended : 0,
      byKind: { rate_limited: Math.round(failed * 0.9), timeout: failed - Math.round(failed * 0.9) },
    },
    services: [
      {
        name: 'model quota',
        utilisation: Math.min(1.02, (perSecond * tokensPerTurn * 60) / quotaPerMinute),
        limit: quotaPerMinute,
        unit: 'tokens/min',
        binding: true,
      },
      {
        name: 'model requests',
        utilisation: (perSecond * callsPerTurn * 60) / 500,
        limit: 500,
        unit: 'requests/min',
        binding: false,
      },
      {
        name: 'agent slots',
        utilisation: (perSecond * meanMs) / 1000 / 100,
        limit: 100,
        unit: 'turns',
        binding: false,
      },
      { name: 'agent event loop', utilisation: perSecond * 0.0081, limit: 5, unit: 'cores', binding: false },
      { name: 'orders', utilisation: perSecond * 0.009, limit: 20, unit: 'calls', binding: false },
    ],
    objectives: [
      objective('turn p95 < 10s', turn.p95, 10_000, 0.05, ended),
      objective('ttft p95 < 6s', ttft.p95, 6_000, 0.05, ended),
      { text: 'errors < 1%', value: rate, pass: rate < 0.01 },
    ],
    cost: { perTurnUsd: 0.00124, perUserHourUsd: 0.092 },
    turnTime: [
      { part: 'queue', meanMs: over * 800 },
      { part: 'prompt', meanMs: 80 * wobble(3) },
      { part: 'state', meanMs: 40 * wobble(4) },
      { part: 'cpu', meanMs: 8 * wobble(5) },
      { part: 'model', meanMs: 3_350 * wobble(6) },
      { part: 'tools', meanMs: 160 * wobble(7) },
      { part: 'retry wait', meanMs: Math.max(0, meanMs - 3_640) },
    ],
  }
}

function objective(text: string, value: number, limit: number, allowed: number, ended: number) {
  const share = Math.min(1, allowed * (value / limit) ** 2.5)
  const width = Math.sqrt((share * (1 - share)) / (ended / 4)) * 1.96
  return {
    text,
    value,
    low: value * 0.94,
    high: value * 1.07,
    exceeded: {
      share,
      low: Math.max(0, share - width),
      high: share + width,
      allowed,
      effectiveCount: Math.round(ended / 4),
    },
    pass: value < limit,
  }
}

function distOf(mean: number, tail: number, shape: Shape, users: number): Dist {
  const p95 = mean * tail
  return {
    mean,
    p50: mean * 0.86,
    p90: mean * (1 + (tail - 1) * 0.7),
    p95,
    p99: p95 * 1.45,
    ...(shape.noise > 0 && {
      max: p95 * 2.3,
      count: users * 6,
      ci95: { mean: around(mean, 0.03), p95: around(p95, shape.origin === 'measured' ? 0.09 : 0.03) },
    }),
  }
}

function seriesOf(users: number, perSecond: number, turn: Dist, over: number): SeriesPoint[] {
  return Array.from({ length: 36 }, (_, index) => {
    const wave = Math.sin(index * 1.3) * 0.12 + Math.sin(index * 0.45) * 0.08
    const ramp = Math.min(1, (index + 1) / 4)
    return {
      atMs: index * 10_000,
      users: Math.round(users * ramp),
      turnsPerSecond: perSecond * ramp * (1 + wave),
      turnP50Ms: turn.p50 * (1 + wave / 2),
      turnP95Ms: turn.p95 * (1 + wave),
      callsInFlight: perSecond * callsPerTurn * 1.75 * ramp * (1 + wave),
      rateLimited: Math.max(0, Math.round((over * 4 + 0.12) * 10 * (1 + Math.sin(index)) - 1)),
      errors: index % 9 === 5 ? 1 : 0,
    }
  })
}

function smoothMinimum(one: number, other: number): number {
  const sharpness = 14
  return (one ** -sharpness + other ** -sharpness) ** (-1 / sharpness)
}

function around(value: number, share: number): Interval {
  return [value * (1 - share), value * (1 + share)]
}
