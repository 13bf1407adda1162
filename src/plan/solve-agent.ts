import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { minuteMs } from '../workload/units.ts'
import type { AgentState } from './agent-state.ts'
import { closedAgent } from './closed-agent.ts'
import type { TurnDemand } from './demand.ts'
import { refusedEffort } from './effort.ts'
import { openAgent } from './open-agent.ts'
import { innerNetwork } from './inner-network.ts'
import { quotaRefusal } from './quota-pressure.ts'

const sweeps = 4
const most = 40
/** What may be left of the refused share's own size. */
const enough = 1e-7
const widening = 8
/** Below this, refusals change nothing that is printed. */
const rare = 1e-9

/**
 * The steady state in which quota and users agree: a share of tries is refused that is just what the bucket
 * refuses of the tries which that share brings about. One share for each model with a quota, found by bracketing
 * (more refusals mean fewer admitted tokens, but what the bucket refuses falls), swept until they settle.
 */
export function solveAgent(workload: Workload, demand: TurnDemand, level: Level): AgentState {
  const refused = workload.models.map(() => 0)
  const limited = workload.models.flatMap((model, i) =>
    model.quota && demand.models[i]!.calls > 0 ? [i] : [],
  )
  let state = stateWith(workload, demand, level, refused)
  const excessNow = (model: number): number => refusedBy(workload, demand, state, model) - refused[model]!
  const settled = (model: number): boolean => {
    const excess = excessNow(model)
    return refused[model] === 0 ? excess < rare : Math.abs(excess) < enough * refused[model]!
  }
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const open = limited.filter((model) => !settled(model))
    if (open.length === 0) break
    for (const model of open) {
      const excess = (share: number): number => {
        if (share !== refused[model]) {
          refused[model] = share
          state = stateWith(workload, demand, level, refused)
        }
        return excessNow(model)
      }
      const atNone = excess(0)
      if (atNone >= rare) excess(crossing(excess, atNone))
    }
    if (limited.length === 1) break
  }
  return state
}

/**
 * Where a function that is `atZero` > 0 at none crosses zero between 0 and 1. Retries of refused calls are tries too,
 * so the function may hardly fall at first: brackets widen from what is refused at none, then inverse quadratic steps
 * wherever they are safe, else halving.
 *
 * Source: Chandrupatla, A new hybrid quadratic/bisection algorithm, Advances in Engineering Software 28 (1997).
 */
function crossing(excess: (x: number) => number, atZero: number): number {
  let b = 0
  let fb = atZero
  let a = Math.min(1, atZero)
  let fa = excess(a)
  while (fa > 0 && a < 1) {
    ;[b, fb] = [a, fa]
    a = Math.min(1, widening * a)
    fa = excess(a)
  }
  let part = 0.5
  for (let i = 0; i < most && Math.abs(a - b) > 1e-9; i++) {
    const x = a + part * (b - a)
    const fx = excess(x)
    if (Math.abs(fx) < enough * x) return x
    let [c, fc] = [a, fa]
    if (fx > 0 !== fa > 0) [c, fc, b, fb] = [b, fb, a, fa]
    ;[a, fa] = [x, fx]
    const across = (a - b) / (c - b)
    const up = (fa - fb) / (fc - fb)
    part = 0.5
    if (up ** 2 < across && (1 - up) ** 2 < 1 - across)
      part = (fa / (fb - fa)) * (fc / (fb - fc)) + ((c - a) / (b - a)) * (fa / (fc - fa)) * (fb / (fc - fb))
  }
  return (a + b) / 2
}

function stateWith(
  workload: Workload,
  demand: TurnDemand,
  level: Level,
  refused: readonly number[],
): AgentState {
  const effort = refusedEffort(workload, demand, refused)
  const mostPerMs =
    'users' in level
      ? level.users / demand.thinkMs
      : (level.sessionsPerSecond * demand.turnsPerSession) / 1000
  const inner = innerNetwork(workload, demand, effort, mostPerMs)
  const state =
    'users' in level
      ? closedAgent(workload, demand, effort, inner, level.users)
      : openAgent(workload, demand, effort, inner, level.sessionsPerSecond)
  return { ...state, refused: [...refused] }
}

function refusedBy(workload: Workload, demand: TurnDemand, state: AgentState, index: number): number {
  const model = workload.models[index]!
  const callMs = demand.scenarios.reduce((longest, scenario) => {
    return scenario.model === index ? Math.max(longest, scenario.modelMsPerCall.mean) : longest
  }, 0)
  const load = {
    triesPerMinute: state.triesPerMs[index]! * minuteMs,
    inFlight: state.callsPerMs[index]! * callMs,
    callMs,
  }
  return quotaRefusal(model, demand.models[index]!, load)
}
