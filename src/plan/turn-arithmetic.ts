import type { Summary, TurnArithmetic } from '../result/summary.ts'
import type { Workload } from '../workload/workload.ts'
import { depthDist } from './calls-dist.ts'
import type { TurnDemand } from './demand.ts'
import { inputOfLoop } from './loop-context.ts'
import { littlesLaw } from './formulas/littles-law.ts'

/** Tokens against a chat's, as Anthropic found them: How we built our multi-agent research system, June 2025. */
export const fieldMultiples = { agent: 4, multiAgent: 15 }

/**
 * What a turn is behind the agent: its loop (the mean decides what it costs, the tail what it must survive), the
 * calls at this level, and tokens whose context grows with every step, so quadratic in the depth where nothing is
 * cached. A plain exchange is the same turn answered by one call.
 */
export function turnArithmetic(workload: Workload, demand: TurnDemand, summary: Summary): TurnArithmetic {
  const { input, cachedInput, output } = summary.tokens!
  const { perSecond = 0, inFlight, perTurn } = summary.calls!
  const { mean, p50, p95, p99 } = perTurn!
  const callSeconds = perSecond > 0 ? inFlight!.mean / perSecond : 0
  const plainTokens = demand.scenarios.reduce(
    (sum, { turnShare, context, outputPerCall }) =>
      sum + turnShare * (inputOfLoop(context, 1) + outputPerCall.mean),
    0,
  )
  const steps = depthDist(demand)
  const depths = [...new Set([steps.p50, steps.p95, steps.p99])].filter((depth) => depth > 1)
  return {
    depth: { mean, p50, p95, p99 },
    callsPerSecond: perSecond,
    callsInFlight: littlesLaw(perSecond, callSeconds),
    callsInFlightIfOne: littlesLaw(summary.turns.perSecond, callSeconds),
    inputTokens: input,
    cachedTokens: cachedInput,
    outputTokens: output,
    plainTokens,
    multiple: (input + output) / plainTokens,
    field: fieldMultiples,
    growth: depths.map((depth) => growthAt(workload, demand, depth)),
  }
}

function growthAt(
  workload: Workload,
  { scenarios }: TurnDemand,
  depth: number,
): TurnArithmetic['growth'][number] {
  const chances = scenarios.map(({ turnShare, depth: { from, at } }) => turnShare * (at[depth - from] ?? 0))
  const total = chances.reduce((sum, chance) => sum + chance, 0)
  const mixed = (value: (i: number) => number): number =>
    chances.reduce((sum, chance, i) => sum + (chance > 0 ? (chance / total) * value(i) : 0), 0)
  const reads = (steps: number) => (i: number) => inputOfLoop(scenarios[i]!.context, steps)
  const inputTokens = mixed(reads(depth))
  return {
    depth,
    inputTokens,
    timesOneCall: inputTokens / mixed(reads(1)),
    uncachedTokens: mixed((i) => reads(depth)(i) * (1 - workload.models[scenarios[i]!.model]!.cached)),
  }
}
