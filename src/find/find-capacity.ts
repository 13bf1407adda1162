import type { Capacity, ProbeResult } from '../result/capacity.ts'
import type { ObjectiveResult, Summary } from '../result/summary.ts'
import { type Level, levelValue } from '../workload/level.ts'
import { crossing, type Observation } from './exceedance-fit.ts'
import type { Runner } from './runner.ts'

export interface FindOptions {
  /** Where to look first; also says whether users or sessions a second are sought. */
  readonly guess: Level
  /** Trials to spend, about. */
  readonly probes: number
  readonly warmupMs: number
  readonly measuredMs: number
  readonly seed: number
  /** Share of the capacity to run at. */
  readonly headroom?: number
  readonly maxUsers?: number
}

/** The highest level at which every objective holds, from about `probes` trials pooled in one regression. */
export async function findCapacity(
  runner: Runner,
  options: FindOptions,
  signal: AbortSignal,
): Promise<Capacity> {
  const open = 'sessionsPerSecond' in options.guess
  const most = options.maxUsers ?? 1e6
  const probes: ProbeResult[] = []
  const level = (value: number): Level =>
    open ? { sessionsPerSecond: value } : { users: Math.max(1, Math.round(value)) }
  const probe = async (value: number): Promise<boolean> => {
    const at = level(Math.min(value, most))
    const seed = options.seed + probes.length
    const summary = await runner(
      { level: at, seed, warmupMs: options.warmupMs, measuredMs: options.measuredMs },
      signal,
    )
    const pass = verdictOf(summary)
    probes.push({ level: at, seed, pass, summary })
    return pass !== false
  }
  let low = 0
  let high = Infinity
  let next = Math.max(1, levelValue(options.guess))
  let step = 1.15
  // Scout: out from the guess until one level holds and one does not.
  while (probes.length < options.probes && !signal.aborted && (low === 0 || high === Infinity)) {
    if (await probe(next)) {
      low = Math.max(low, next)
      if (next >= most) break
      next = Math.min(most, next * step)
    } else {
      high = Math.min(high, next)
      if (!open && next <= 1) break
      next /= step
    }
    step = Math.min(2, step * step)
  }
  // Then around the boundary as the pooled fit sees it, alternately below and above.
  for (
    let turn = 0;
    probes.length < options.probes && !signal.aborted && high < Infinity && low > 0;
    turn++
  ) {
    const centre = estimate(probes).value ?? Math.sqrt(low * high)
    const spread = [0, -0.04, 0.04, -0.02, 0.02][turn % 5]!
    await probe(Math.min(Math.max(centre * (1 + spread), low * 0.8), high * 1.2))
  }
  return answer(probes, options, open, high === Infinity && low >= most)
}

function verdictOf(summary: Summary): ProbeResult['pass'] {
  if (summary.objectives.some(({ pass }) => pass === false)) return false
  return summary.objectives.every(({ pass }) => pass === true) ? true : 'undecided'
}

interface Estimate {
  readonly value?: number
  readonly low?: number
  readonly high?: number
  readonly objective?: string
}

function estimate(probes: readonly ProbeResult[]): Estimate {
  const texts = probes[0]?.summary.objectives.map(({ text }) => text) ?? []
  let best: Estimate = {}
  for (const [index, text] of texts.entries()) {
    const fit = crossing(probes.flatMap((probe) => observation(probe, probe.summary.objectives[index]!)))
    if (fit && (best.value === undefined || fit.value < best.value)) best = { ...fit, objective: text }
  }
  return best
}

function observation(probe: ProbeResult, objective: ObjectiveResult): Observation[] {
  const { exceeded } = objective
  if (!exceeded) return []
  return [
    {
      level: levelValue(probe.level),
      share: exceeded.share,
      count: exceeded.effectiveCount,
      allowed: exceeded.allowed,
    },
  ]
}

function answer(
  probes: readonly ProbeResult[],
  options: FindOptions,
  open: boolean,
  unbounded: boolean,
): Capacity {
  const headroom = options.headroom ?? 0.75
  const sorted = probes.toSorted((a, b) => levelValue(a.level) - levelValue(b.level))
  const held = sorted.filter(({ pass }) => pass !== false).map(({ level }) => levelValue(level))
  const fit = unbounded ? {} : estimate(probes)
  const raw = fit.value ?? held.at(-1) ?? 0
  const value = open ? raw : Math.floor(raw)
  const broken = sorted.find(({ level, pass }) => pass === false && levelValue(level) >= value * 0.9)
  const binding = (broken ?? sorted.at(-1))?.summary.services?.find((service) => service.binding)
  const near = sorted.filter(({ level }) => Math.abs(levelValue(level) / Math.max(1e-9, value) - 1) < 0.3)
  const invalid = [
    ...new Set(
      near.flatMap(({ summary }) => (summary.generator?.valid === false ? summary.generator.reasons : [])),
    ),
  ]
  return {
    origin: probes[0]?.summary.origin ?? 'simulated',
    level: open ? { sessionsPerSecond: value } : { users: value },
    ...(fit.low === undefined ? {} : { low: fit.low, high: fit.high!, covers: '95 % of samples' }),
    ...(unbounded ? { unbounded: true } : {}),
    runAt: open ? value * headroom : Math.floor(value * headroom),
    ...((fit.objective ?? broken)
      ? { brokenBy: fit.objective ?? broken!.summary.objectives.find(({ pass }) => pass === false)!.text }
      : {}),
    ...(binding ? { bottleneck: { service: binding.name, limit: binding.limit, unit: binding.unit } } : {}),
    probes: sorted,
    ...(invalid.length > 0 ? { invalid } : {}),
  }
}
