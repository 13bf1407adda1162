import type { MeasuredWindow } from '../result/measured-window.ts'
import type { Summary } from '../result/summary.ts'
import { Tally } from '../stats/tally.ts'
import { levelValue } from '../workload/level.ts'
import { findTogether } from './find-together.ts'
import type { Probe, Runner } from './runner.ts'

/** A system whose capacity is known exactly, simulated from random numbers: what a search is tried on. */
export interface ExactCase {
  readonly name: string
  readonly runner: Runner
  /** The exact highest level at which the objective holds. */
  readonly capacity: number
  /** Where the objective is met exactly: the capacity, or between it and one user more. */
  readonly crossing: number
  readonly open: boolean
  readonly probe: MeasuredWindow
}

/** About 20,000 answers a trial, 14,000 of the closed one. */
export const exactCases: readonly ExactCase[] = [
  {
    name: 'M/M/1, sojourn p95 <= 10 service times',
    // 1 − ln 20 / 10: the sojourn is exponential with rate 1 − λ.
    capacity: 1 - Math.log(20) / 10,
    crossing: 1 - Math.log(20) / 10,
    open: true,
    probe: { warmupMs: 1e6, measuredMs: 2.8e7 },
    runner: openRunner({ servers: 1, serviceS: 1, limitS: 10, timed: 'sojourn' }),
  },
  {
    name: 'M/M/10, service 3 s, wait p95 <= 2 s',
    // C(10, 3λ) exp(−2 (10/3 − λ)) = 0.05 with the formula of Erlang C.
    capacity: 2.461912575226722,
    crossing: 2.461912575226722,
    open: true,
    probe: { warmupMs: 4e5, measuredMs: 8e6 },
    runner: openRunner({ servers: 10, serviceS: 3, limitS: 2, timed: 'wait' }),
  },
  {
    name: 'closed, 5 servers of 3 s, think 30 s, response p95 <= 12 s',
    // Exact by birth and death: 4.744 % beyond at 50 users, 5.229 % at 51; between them straight in log-odds.
    capacity: 50,
    crossing: 50.54,
    open: false,
    probe: { warmupMs: 6e5, measuredMs: 1e7 },
    runner: closedRunner({ servers: 5, serviceS: 3, thinkS: 30, limitS: 12 }),
  },
]

export interface Found {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly trials: number
}

/** A search of one case from `guess` times its capacity. */
export async function searchExact(
  { runner, capacity, open, probe }: ExactCase,
  how: {
    readonly seed: number
    readonly probes: number
    readonly guess: number
    readonly together?: number
  },
): Promise<Found> {
  const { seed, probes, guess, together = 1 } = how
  const at = guess * capacity
  const found = await findTogether(
    runner,
    {
      guess: open ? { sessionsPerSecond: at } : { users: Math.round(at) },
      probes,
      seed: 1000 * seed,
      ...probe,
    },
    together,
    new AbortController().signal,
  )
  const { level, low = -Infinity, high = Infinity } = found
  return { value: levelValue(level), low, high, trials: found.probes.length }
}

function openRunner(how: {
  servers: number
  serviceS: number
  limitS: number
  timed: 'sojourn' | 'wait'
}): Runner {
  return async (probe) => {
    const draw = exponentials(probe.seed)
    const rate = levelValue(probe.level)
    const start = probe.warmupMs / 1000
    const end = start + probe.measuredMs / 1000
    const times = new Tally([how.limitS])
    const freeAt = new Float64Array(how.servers)
    for (let at = draw() / rate; at < end; at += draw() / rate) {
      const server = indexOfLeast(freeAt)
      const service = draw() * how.serviceS
      const wait = Math.max(0, freeAt[server]! - at)
      freeAt[server] = at + wait + service
      if (at >= start) times.add(how.timed === 'wait' ? wait : wait + service)
    }
    return percentileSummary(probe, times, how.limitS)
  }
}

function closedRunner(how: { servers: number; serviceS: number; thinkS: number; limitS: number }): Runner {
  return async (probe) => {
    const draw = exponentials(probe.seed)
    const start = probe.warmupMs / 1000
    const end = start + probe.measuredMs / 1000
    const times = new Tally([how.limitS])
    // First come, first served: users ask in the order of these instants, so the earliest is always next.
    const asksAt = Float64Array.from({ length: levelValue(probe.level) }, () => draw() * how.thinkS)
    const freeAt = new Float64Array(how.servers)
    for (;;) {
      const user = indexOfLeast(asksAt)
      const at = asksAt[user]!
      if (at >= end) return percentileSummary(probe, times, how.limitS)
      const server = indexOfLeast(freeAt)
      const done = Math.max(at, freeAt[server]!) + draw() * how.serviceS
      freeAt[server] = done
      asksAt[user] = done + draw() * how.thinkS
      if (at >= start) times.add(done - at)
    }
  }
}

/** What an engine would say of these times against a p95 objective. */
export function percentileSummary(probe: Probe, times: Tally, limit: number): Summary {
  const exceeded = { ...times.shareAbove(limit), allowed: 0.05 }
  return {
    ...bareSummary(probe),
    objectives: [{ text: `p95 < ${limit}s`, exceeded, pass: exceeded.share <= exceeded.allowed }],
  }
}

/** A simulated summary that says nothing yet. */
export function bareSummary({ level, seed, warmupMs, measuredMs }: Probe): Summary {
  return {
    format: 1,
    runId: 'exact',
    version: '0',
    origin: 'simulated',
    workload: { name: 'exact', hash: '' },
    seed,
    speed: 1,
    level,
    window: { warmupMs, measuredMs },
    turns: { perSecond: 0 },
    latency: {},
    objectives: [],
  }
}

function indexOfLeast(values: Float64Array): number {
  let least = 0
  for (let i = 1; i < values.length; i++) if (values[i]! < values[least]!) least = i
  return least
}

/** Exponential variates of mean 1 from a seed: xorshift128 (Marsaglia 2003), seeded by splitmix32. */
function exponentials(seed: number): () => number {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return z ^ (z >>> 16)
  }
  let [x, y, z, w] = [next(), next(), next(), next()]
  return () => {
    const t = x ^ (x << 11)
    x = y
    y = z
    z = w
    w = w ^ (w >>> 19) ^ (t ^ (t >>> 8))
    return -Math.log(((w >>> 0) + 0.5) / 4294967296)
  }
}
