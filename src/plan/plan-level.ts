import type { ObjectiveResult, Summary } from '../result/summary.ts'
import { version } from '../result/version.ts'
import { type Level, levelValue } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import type { AgentState } from './agent-state.ts'
import { congestionOf } from './congestion.ts'
import { demandOf, type TurnDemand } from './demand.ts'
import { isExact } from './exactness.ts'
import { objectivesAt } from './objective-values.ts'
import { type AnswerTimes, answerTimes } from './answer-times.ts'
import { servicesOf } from './service-use.ts'
import { besideSound, soundAt, withSound } from './phone/beside-sound.ts'
import { planned } from './planned-workload.ts'
import { solveAgent } from './solve-agent.ts'
import { costOf } from './cost.ts'

/** Solves the workload at one level by queueing algebra; deterministic and fast enough to call thousands of times. */
export function plan(written: Workload, level: Level, demand: TurnDemand = demandOf(written)): Summary {
  const load = levelValue(level)
  if (!(load >= 0 && load < Infinity)) throw new RangeError(`plan: a load of ${load} cannot be solved`)
  const { workload, state, times, answered, rate, objectives, sound } = solved(written, level, demand)
  const completedPerMs = state.sentPerMs * answered
  const errors = {
    overloaded: state.rejected,
    rate_limited: (1 - state.rejected) * state.rateLimited,
    timeout: (1 - state.rejected) * (1 - state.rateLimited) * times.timeout,
    abandoned: (1 - state.rejected) * (1 - state.rateLimited) * (1 - times.timeout) * times.abandoned,
  }
  const perSecond = state.admittedPerMs * state.work * 1000
  const { models } = demand
  const total = (pick: (model: (typeof models)[number]) => number): number =>
    models.reduce((sum, model) => sum + pick(model), 0)
  const callsPerSecond = state.callsPerMs.reduce((sum, rate) => sum + rate * 1000, 0)
  const unstable = state.unstableFrom !== undefined || sound >= 1
  return {
    format: 1,
    runId: `plan-${workload.hash.slice(0, 8)}`,
    version,
    origin: 'solved',
    approximate: !isExact(workload, demand, level),
    workload: { name: workload.name, hash: workload.hash },
    speed: 1,
    level,
    ...(unstable ? { unstable } : {}),
    turns: { perSecond: completedPerMs * 1000 },
    latency: unstable
      ? { interTokenMs: times.interTokenMs }
      : { turnMs: times.turnMs, ttftMs: times.ttftMs, interTokenMs: times.interTokenMs },
    calls: {
      perTurn: times.callsPerTurn,
      perSecond: callsPerSecond,
      inFlight: { mean: callsPerSecond * (times.callMs / 1000) },
      retriesPerTurn: state.retriesPerTurn,
    },
    tokens: {
      input: total((model) => model.inputTokens),
      cachedInput: total((model) => model.cachedTokens),
      output: total((model) => model.outputTokens),
      perSecond: total((model) => model.settledTokens) * perSecond,
    },
    errors: { rate, byKind: Object.fromEntries(Object.entries(errors).filter(([, share]) => share > 1e-12)) },
    services: withSound(servicesOf(workload, demandOf(workload), state), workload, sound),
    objectives: everyObjective(
      written,
      unstable ? objectives.map(({ text }) => ({ text, pass: false })) : objectives,
    ),
    ...costOf(workload, demand, state, level),
    turnTime: unstable ? [] : times.turnTime,
  }
}

/** In the order of the file; what no formula tells is undecided. */
function everyObjective(written: Workload, solved: readonly ObjectiveResult[]): readonly ObjectiveResult[] {
  if (solved.length === written.objectives.length) return solved
  return written.objectives.map(
    ({ text }) => solved.find((each) => each.text === text) ?? { text, pass: 'undecided' },
  )
}

/** The objectives that `plan` tells for this level, and nothing else of it: what a search asks again and again. */
export function objectivesOf(
  workload: Workload,
  level: Level,
  demand: TurnDemand,
): readonly ObjectiveResult[] {
  return solved(workload, level, demand).objectives
}

interface Solved {
  /** As it was solved. */
  readonly workload: Workload
  /** Share of the event loops that the sound of calls takes. */
  readonly sound: number
  readonly state: AgentState
  readonly times: AnswerTimes
  /** Share of the turns sent that are answered. */
  readonly answered: number
  readonly rate: number
  readonly objectives: readonly ObjectiveResult[]
}

function solved(written: Workload, level: Level, alone: TurnDemand): Solved {
  const sound = soundAt(planned(written), level)
  const workload = besideSound(planned(written), sound)
  const demand = sound > 0 ? demandOf(workload) : alone
  const state = solveAgent(workload, demand, level)
  const congestion = congestionOf(workload, demand, state)
  const times = answerTimes(workload, demand, state, congestion)
  const answered =
    (1 - state.rejected) * (1 - state.rateLimited) * (1 - times.timeout) * (1 - times.abandoned)
  const stable = state.unstableFrom === undefined && sound < 1
  const rate = stable ? 1 - answered : 1
  const objectives = objectivesAt(workload, times.laws, () => rate)
  return {
    workload,
    sound,
    state,
    times,
    answered,
    rate,
    objectives: stable ? objectives : objectives.map((objective) => ({ ...objective, pass: false })),
  }
}
