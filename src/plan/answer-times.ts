import type { Dist, Summary } from '../result/summary.ts'
import type { Workload } from '../workload/workload.ts'
import type { AgentState } from './agent-state.ts'
import { callsDist } from './calls-dist.ts'
import type { TurnDemand } from './demand.ts'
import { atLeastZero, eachShare, nonNegative } from './discrete.ts'
import { gridBeyond, gridQuantiles, massesOf } from './grid.ts'
import type { AnswerLaws } from './objective-values.ts'
import { aloneTokenMs } from './planned-workload.ts'
import { type Congestion, gridFor, turnLaws } from './turn-law.ts'
import { turnMeans, type TurnMeans } from './turn-means.ts'

/** The times that users see, and the shares of turns that time takes away. */
export interface AnswerTimes {
  readonly turnMs: Dist
  readonly ttftMs: Dist
  readonly interTokenMs: Dist
  readonly callsPerTurn: Dist
  /** Mean time of one model call in flight, those of sub-agents among them. */
  readonly callMs: number
  /** Share of turns that pass `limits.turn`. */
  readonly timeout: number
  /** Share of turns whose user gives up first. */
  readonly abandoned: number
  readonly laws: (scenario: number | undefined) => AnswerLaws
  readonly turnTime: NonNullable<Summary['turnTime']>
}

/**
 * The times of a turn in this steady state. Percentiles and shares come from laws on a grid, means from algebra, which
 * has no grid to round to.
 */
export function answerTimes(
  workload: Workload,
  demand: TurnDemand,
  state: AgentState,
  congestion: Congestion,
): AnswerTimes {
  const stations = state.inner.stations
  const residence = stations.length > 0 && state.inService > 0 ? state.inner.residenceMs(state.inService) : []
  const extraMs = residence.reduce((sum, time, k) => {
    const station = stations[k]!
    return sum + (station.kind === 'engine' ? time : time - station.aloneMs)
  }, 0)
  const grid = gridFor(demand, extraMs + state.retryMs, state.wait)
  const each = turnLaws(workload, demand, congestion, state.wait, grid)
  const eachMean = turnMeans(workload, demand, congestion, state.wait.meanMs)
  const interTokenGrid = { stepMs: interTokenTop(workload) / 512, length: 512 }
  const mix = (pick: (i: number) => Float64Array): Float64Array => {
    if (demand.scenarios.length === 1) return pick(0)
    const sum = new Float64Array(grid.length)
    demand.scenarios.forEach((scenario, i) => {
      const masses = pick(i)
      for (let at = 0; at < sum.length; at++) sum[at]! += scenario.turnShare * masses[at]!
    })
    return sum
  }
  const turn = mix((i) => each[i]!.turn)
  const ttft = mix((i) => each[i]!.ttft)
  const interTokenOf = (i: number): Float64Array => {
    const pace = congestion.engines.get(workload.scenarios[i]!.model)?.perTokenMs
    const { perToken } = workload.models[workload.scenarios[i]!.model]!
    return massesOf(interTokenGrid, perToken, (value) => pace ?? atLeastZero(value))
  }
  const interToken = new Float64Array(interTokenGrid.length)
  demand.scenarios.forEach((scenario, i) => {
    interTokenOf(i).forEach((mass, at) => (interToken[at]! += scenario.turnShare * mass))
  })
  const parts = partsOf(workload, demand, state, residence)
  const mixedMean = (pick: (means: TurnMeans) => number): number =>
    demand.scenarios.reduce((sum, { turnShare }, i) => sum + turnShare * pick(eachMean[i]!), 0)
  const means: TurnMeans = {
    // Little's law holds to the last digit where no quota cuts turns short.
    turnMs: state.rateLimited < 1e-9 ? parts.totalMs : mixedMean(({ turnMs }) => turnMs),
    ttftMs: mixedMean(({ ttftMs }) => ttftMs),
    interTokenMs: mixedMean(({ interTokenMs }) => interTokenMs),
  }
  return {
    // The grid rounds; means are algebra.
    turnMs: { ...gridQuantiles(grid, turn), mean: means.turnMs },
    ttftMs: { ...gridQuantiles(grid, ttft), mean: means.ttftMs },
    interTokenMs: { ...gridQuantiles(interTokenGrid, interToken), mean: means.interTokenMs },
    callsPerTurn: callsDist(workload, demand),
    callMs: parts.callMs,
    timeout: gridBeyond(grid, turn, workload.agent.limits.turnMs),
    abandoned: abandonedShare(workload, (ms) =>
      gridBeyond(grid, workload.users.patience?.of === 'firstToken' ? ttft : turn, ms),
    ),
    laws: (scenario) =>
      scenario === undefined
        ? { grid, turn, ttft, interToken, interTokenGrid, means }
        : {
            grid,
            ...each[scenario]!,
            interToken: interTokenOf(scenario),
            interTokenGrid,
            means: eachMean[scenario]!,
          },
    turnTime: parts.turnTime,
  }
}

const interTokenTop = (workload: Workload): number =>
  1 +
  Math.max(
    ...workload.models.map((model) =>
      model.engine ? model.engine.stepMs + 1000 * model.engine.decodeMs : model.perToken.quantile(0.9995),
    ),
  )

/** Users give up when their patience ends before the answer; those who do are counted once, their load kept. */
function abandonedShare(workload: Workload, beyond: (ms: number) => number): number {
  const { patience } = workload.users
  if (!patience) return 0
  if (patience.after.variance === 0) return beyond(patience.after.mean)
  let share = 0
  eachShare((u, part) => {
    share += part * beyond(patience.after.quantile(u))
  })
  return share
}

function partsOf(
  workload: Workload,
  demand: TurnDemand,
  state: AgentState,
  residence: readonly number[],
): { callMs: number; totalMs: number; turnTime: NonNullable<Summary['turnTime']> } {
  const { overhead } = workload.agent
  const sumOf = (kind: string): number =>
    state.inner.stations.reduce(
      (sum, station, k) => (station.kind === kind ? sum + (residence[k] ?? 0) : sum),
      0,
    )
  const modelMs =
    sumOf('engine') +
    demand.scenarios.reduce((sum, s) => sum + s.turnShare * s.calls.mean * s.modelMsPerCall.mean, 0)
  const freeTools = demand.scenarios.reduce(
    (sum, s) => sum + s.turnShare * (s.calls.mean - 1) * s.toolMsPerStep.mean,
    0,
  )
  const heldTools = state.inner.stations.reduce(
    (sum, each) => (each.kind === 'tool' ? sum + each.aloneMs : sum),
    0,
  )
  const cpuAlone = demand.callsPerTurn.mean * overhead.cpuPerCallMs
  const cpuStation = state.inner.stations.find((station) => station.kind === 'cpu')
  const cpuMs = cpuAlone + (cpuStation ? Math.max(0, sumOf('cpu') - cpuStation.aloneMs) : 0)
  const parts: [string, number][] = [
    ['queue', state.wait.meanMs],
    ['prompt', nonNegative(overhead.promptMs).mean],
    ['state', 2 * nonNegative(overhead.stateMs).mean],
    ['cpu', cpuMs],
    ['model', modelMs],
    ['tools', freeTools - heldTools + sumOf('tool')],
    ['retry wait', state.retryMs],
  ]
  const beside = subagentCalls(workload, demand)
  return {
    callMs: (modelMs + beside.ms) / (demand.callsPerTurn.mean + beside.calls),
    totalMs: parts.reduce((sum, [, ms]) => sum + ms, 0),
    turnTime: parts.filter(([, ms]) => ms > 1e-6).map(([part, meanMs]) => ({ part, meanMs })),
  }
}

/** Calls of a turn's sub-agents, and how long they take together: as long as alone, as the tools that they are do. */
function subagentCalls(
  workload: Workload,
  { models, rootModels }: TurnDemand,
): { calls: number; ms: number } {
  let [calls, ms] = [0, 0]
  for (const [i, model] of workload.models.entries()) {
    const own = models[i]!.calls - rootModels[i]!.calls
    const tokens = models[i]!.outputTokens - rootModels[i]!.outputTokens
    calls += own
    ms += own * model.ttft.mean + Math.max(0, tokens - own) * aloneTokenMs(model)
  }
  return { calls, ms }
}
