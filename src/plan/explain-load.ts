import type { Dist } from '../result/summary.ts'
import type { Derivation, DerivationInput } from '../result/derivation.ts'
import { innerCalls } from './calls-dist.ts'
import { input, type Solution } from './explain-figures.ts'
import { sources } from './explain-sources.ts'
import { littlesLaw } from './formulas/littles-law.ts'
import { ruleOfThumb } from './rule-of-thumb.ts'

/** Turns and calls at a level: how many, how long, how many at once, how many fail. */
export function loadDerivations(solution: Solution): Derivation[] {
  const { latency } = solution.summary
  return [
    turnsPerSecond(solution),
    ...percentile(solution, 'turn p95', latency.turnMs, true),
    ...percentile(solution, 'ttft p95', latency.ttftMs, false),
    callsPerTurn(solution),
    callsInFlight(solution),
    tokensPerMinute(solution),
    errors(solution),
  ]
}

/** Workers × think ÷ processing, where the file says how many workers. */
export function ruleDerivation({ workload, demand }: Solution): Derivation[] {
  const { users, workers, thinkMs, processingMs, registeredUsers } = ruleOfThumb(workload, demand)
  if (users === undefined) return []
  return [
    {
      figure: 'rule of thumb',
      formula: 'workers × think ÷ processing, rounded down',
      inputs: [
        ...input('workers', workers, 'workers'),
        ...input('think', thinkMs / 1000, 's'),
        ...input('processing', processingMs / 1000, 's'),
      ],
      result: users,
      unit: 'users',
      source: `the field's estimate, without waiting or limits behind the agent; as a bound: ${sources.operational.text}`,
      exact: false,
    },
    ...(registeredUsers === undefined
      ? []
      : [
          {
            figure: 'registered by the rule of thumb',
            formula: 'rule of thumb ÷ concurrency ratio, rounded',
            inputs: [
              ...input('rule of thumb', users, 'users'),
              ...input('concurrency ratio', workload.users.peak.concurrencyRatio, 'share'),
            ],
            result: registeredUsers,
            unit: 'people',
            source: 'users.peak.concurrencyRatio of the file',
            exact: false,
          },
        ]),
  ]
}

function turnsPerSecond(solution: Solution): Derivation {
  const { level, demand, state, summary, exact } = solution
  if ('users' in level) return closedTurns(solution, level.users)
  const answered = summary.turns.perSecond / (state.sentPerMs * 1000)
  const share = input('share of turns answered', answered, 'share')
  return {
    figure: 'turns/s',
    formula: 'arrivals at one flow-equivalent station: sessions/s × turns a session × share answered',
    inputs: [
      ...input('sessions/s', level.sessionsPerSecond, 'sessions/s'),
      ...input('turns a session', demand.turnsPerSession, 'turns'),
      ...share,
      ...unstable(solution),
    ],
    result: level.sessionsPerSecond * demand.turnsPerSession * answered,
    unit: 'turns/s',
    source: `${sources.openStation.text}; ${sources.flowEquivalent.text}`,
    exact,
  }
}

/** Without think time all users are at the station always, and only its own rate says how many turns there are. */
function closedTurns({ demand, state, summary, exact }: Solution, users: number): Derivation {
  const thinkSeconds = demand.thinkMs / 1000
  const thinks = thinkSeconds > 0
  const holdSeconds = state.inService / (state.admittedPerMs * 1000)
  const answered = summary.turns.perSecond / ((thinks ? state.sentPerMs : state.admittedPerMs) * 1000)
  return {
    figure: 'turns/s',
    formula: thinks
      ? 'users around one flow-equivalent station: (users − turns in service − turns waiting) ÷ think × share answered'
      : 'users who never think around one flow-equivalent station: turns in service ÷ mean in a slot × share answered of those admitted',
    inputs: [
      ...input('users', users, 'users'),
      ...input('turns in service', state.inService, 'turns'),
      ...input('turns waiting', state.waiting, 'turns'),
      ...(thinks ? input('think', thinkSeconds, 's') : input('mean in a slot', holdSeconds, 's')),
      ...input('share of turns answered', answered, 'share'),
    ],
    result: thinks
      ? ((users - state.inService - state.waiting) / thinkSeconds) * answered
      : (state.inService / holdSeconds) * answered,
    unit: 'turns/s',
    source: `${sources.closedStation.text}; ${sources.flowEquivalent.text}`,
    exact,
  }
}

function unstable({ state }: Solution): DerivationInput[] {
  return input('no steady state from', state.unstableFrom, 'sessions/s')
}

function percentile(
  solution: Solution,
  figure: string,
  dist: Dist | undefined,
  whole: boolean,
): Derivation[] {
  if (!dist) return []
  const { state, summary, exact } = solution
  const parts = (summary.turnTime ?? []).flatMap(({ part, meanMs }) =>
    input(`mean of ${part} in a turn`, meanMs, 'ms'),
  )
  return [
    {
      figure,
      formula: `what 95 % stay below: slot wait ⊕ state ⊕ prompt ⊕ calls and tools of the loop${whole ? ' ⊕ state' : ', up to the first token of the last call'}, convolved on a grid; the wait is what a turn finds on arrival`,
      inputs: [
        ...input(whole ? 'mean of a turn' : 'mean to the first token', dist.mean, 'ms'),
        ...parts,
        ...input('slots', state.slots, 'turns'),
        ...unstable(solution),
      ],
      result: dist.p95,
      unit: 'ms',
      source: sources.arrivalTheorem.text,
      exact,
    },
  ]
}

function callsPerTurn({ workload, demand, summary }: Solution): Derivation {
  const inner = innerCalls(demand)
  return {
    figure: 'calls/turn',
    formula: `share of turns × mean depth (cut at limits.steps)${inner > 0 ? ', and calls of sub-agents' : ''}, summed over the scenarios`,
    inputs: demand.scenarios.flatMap(({ turnShare, calls, inner: { models } }, i) => {
      const { name } = workload.scenarios[i]!
      const ofSubagents = [...models.values()].reduce((sum, asked) => sum + asked.calls, 0)
      return [
        ...input(`share of turns of ${name}`, turnShare, 'share'),
        ...input(`mean depth of ${name}`, calls.mean, 'calls'),
        ...(ofSubagents > 0
          ? [
              ...input(`share of turns of ${name}`, turnShare, 'share'),
              ...input(`calls of sub-agents in ${name}`, ofSubagents, 'calls'),
            ]
          : []),
      ]
    }),
    result: summary.calls!.perTurn!.mean,
    unit: 'calls',
    source: 'scenarios.depth of the file',
    exact: true,
  }
}

function callsInFlight({ summary, exact }: Solution): Derivation {
  const { perSecond = 0, inFlight } = summary.calls!
  const seconds = perSecond > 0 ? inFlight!.mean / perSecond : 0
  return {
    figure: 'calls in flight',
    formula: "Little's law: calls/s × mean seconds of a call",
    inputs: [...input('calls/s', perSecond, 'calls/s'), ...input('mean of a call', seconds, 's')],
    result: littlesLaw(perSecond, seconds),
    unit: 'calls',
    source: sources.little.text,
    exact,
  }
}

function tokensPerMinute({ workload, demand, state, exact }: Solution): Derivation {
  const used = demand.models.flatMap(({ calls, inputTokens, outputTokens }, i) =>
    calls === 0
      ? []
      : [
          ...input(`input of a turn to ${workload.models[i]!.key}`, inputTokens, 'tokens'),
          ...input(`output of a turn by ${workload.models[i]!.key}`, outputTokens, 'tokens'),
        ],
  )
  const perSecond = state.admittedPerMs * 1000
  return {
    figure: 'tokens/min',
    formula: 'tokens of a turn × turns admitted/s × share of their calls made × 60',
    inputs: [
      ...used,
      ...input('turns admitted', perSecond, 'turns/s'),
      ...input('share of calls made', state.work, 'share'),
    ],
    result: used.reduce((sum, { value }) => sum + value, 0) * perSecond * state.work * 60,
    unit: 'tokens/min',
    source: `${sources.closedStation.text}, for the turns; model.input, model.output and scenarios.depth of the file`,
    exact,
  }
}

const errorWords: Readonly<Record<string, string>> = {
  overloaded: 'shed at the door',
  rate_limited: 'refused by the quota after all tries',
  timeout: 'cut at limits.turn',
  abandoned: 'given up by the user',
}

function errors(solution: Solution): Derivation {
  const { rate, byKind } = solution.summary.errors!
  return {
    figure: 'errors',
    formula:
      'shares of turns shed, refused, timed out and given up, each of those that are left; all of them where there is no steady state',
    inputs: [
      ...Object.entries(byKind).flatMap(([kind, share]) => input(errorWords[kind] ?? kind, share, 'share')),
      ...unstable(solution),
    ],
    result: rate,
    unit: 'share',
    source: `a quota's room as a finite queue: ${sources.finiteRoom.text}; shedding and times: ${sources.closedStation.text}`,
    exact: solution.exact,
  }
}
