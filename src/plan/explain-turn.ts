import type { Derivation } from '../result/derivation.ts'
import type { Dist } from '../result/summary.ts'
import { input, type Solution } from './explain-figures.ts'
import { sources } from './explain-sources.ts'
import { saturationOf } from './saturation.ts'
import { fieldMultiples, turnArithmetic } from './turn-arithmetic.ts'

/** One turn behind the agent, and where the first service is full. */
export function turnDerivations(solution: Solution): Derivation[] {
  return [...loop(solution), ...tokens(solution), ...fullFrom(solution)]
}

function loop({ workload, demand, summary, exact }: Solution): Derivation[] {
  const turn = turnArithmetic(workload, demand, summary)
  const { perTurn, perSecond = 0, retriesPerTurn } = summary.calls!
  const callSeconds = perSecond > 0 ? turn.callsInFlight / perSecond : 0
  const tail = (['p95', 'p99'] as const).map((name) => ({
    figure: `calls/turn ${name}`,
    formula:
      'the calls that so many turns stay at or below: the mix of depths, cut at limits.steps, and what sub-agents add',
    inputs: input('mean', perTurn!.mean, 'calls'),
    result: turn.depth[name],
    unit: 'calls',
    source: 'scenarios.depth of the file',
    exact: true,
  }))
  return [
    ...tail,
    {
      figure: 'calls/s',
      formula: 'turns admitted/s × calls of a turn × share of them made',
      inputs: [
        ...input('turns/s', summary.turns.perSecond, 'turns/s'),
        ...input('calls/turn', perTurn!.mean, 'calls'),
        ...input('retries/turn', retriesPerTurn, 'calls'),
      ],
      result: turn.callsPerSecond,
      unit: 'calls/s',
      source: sources.closedStation.text,
      exact,
    },
    {
      figure: 'calls in flight, were a turn one call',
      formula: "Little's law: turns/s × mean seconds of a call",
      inputs: [
        ...input('turns/s', summary.turns.perSecond, 'turns/s'),
        ...input('mean of a call', callSeconds, 's'),
      ],
      result: turn.callsInFlightIfOne,
      unit: 'calls',
      source: sources.little.text,
      exact,
    },
    ...(retriesPerTurn === undefined || !Number.isFinite(retriesPerTurn)
      ? []
      : [
          {
            figure: 'retries/turn',
            formula:
              'tries after a refusal ÷ turns admitted: of what the quota refuses, as much as retries allow',
            inputs: input('calls/s', perSecond, 'calls/s'),
            result: retriesPerTurn,
            unit: 'calls',
            source: `a quota's room as a finite queue: ${sources.finiteRoom.text}`,
            exact,
          },
        ]),
  ]
}

/** Tokens of a turn beside those of its root loop. */
function ofSubagents({ models, rootModels }: Solution['demand']): { read: number; written: number } {
  const beyond = (of: 'inputTokens' | 'outputTokens'): number =>
    models.reduce((sum, asked, model) => sum + asked[of] - rootModels[model]![of], 0)
  return { read: beyond('inputTokens'), written: beyond('outputTokens') }
}

function tokens({ workload, demand, summary }: Solution): Derivation[] {
  const turn = turnArithmetic(workload, demand, summary)
  const file = 'model.input, model.output, model.cached and scenarios.depth of the file'
  const of = (
    figure: string,
    formula: string,
    inputs: Derivation['inputs'],
    result: number,
    unit = 'tokens',
    source = file,
  ): Derivation => ({ figure, formula, inputs, result, unit, source, exact: true })
  const bases = demand.scenarios.flatMap(({ context, outputPerCall }, i) => {
    const { name } = workload.scenarios[i]!
    return [
      ...input(`read by each call of ${name}`, context.base, 'tokens'),
      ...input(`added by each step of ${name}`, context.added, 'tokens'),
      ...input(`written by each call of ${name}`, outputPerCall.mean, 'tokens'),
    ]
  })
  const { read, written } = ofSubagents(demand)
  const cached = turn.inputTokens > 0 ? turn.cachedTokens / turn.inputTokens : 0
  return [
    of(
      'input tokens/turn',
      `mean over the depths n of n × read by each call + n(n − 1) ÷ 2 × added by each step, summed over the scenarios${read > 0 ? ', and what sub-agents read' : ''}`,
      [
        ...bases,
        ...input('mean depth', demand.callsPerTurn.mean, 'calls'),
        ...(read > 0 ? input('read by sub-agents', read, 'tokens') : []),
      ],
      turn.inputTokens,
    ),
    of(
      'cached share',
      'cached ÷ input',
      [...input('cached', turn.cachedTokens, 'tokens'), ...input('input', turn.inputTokens, 'tokens')],
      cached,
      'share',
    ),
    of(
      'output tokens/turn',
      `mean depth × written by each call, summed over the scenarios${written > 0 ? ', and what sub-agents write' : ''}`,
      [...bases, ...(written > 0 ? input('written by sub-agents', written, 'tokens') : [])],
      turn.outputTokens,
    ),
    of(
      'times a plain exchange',
      '(input + output of a turn) ÷ (input + output of the same turn answered by one call)',
      [
        ...input('input of a turn', turn.inputTokens, 'tokens'),
        ...input('output of a turn', turn.outputTokens, 'tokens'),
        ...input('tokens of a plain exchange', turn.plainTokens, 'tokens'),
        ...input("the field's figure for agents", fieldMultiples.agent, 'times'),
        ...input("the field's figure for multi-agent systems", fieldMultiples.multiAgent, 'times'),
      ],
      turn.multiple,
      'times',
      `${file}; the field's figures: Anthropic, How we built our multi-agent research system (June 2025)`,
    ),
    ...turn.growth.map(({ depth, inputTokens, timesOneCall, uncachedTokens }) =>
      of(
        `input of a turn of ${depth} calls`,
        'n × read by each call + n(n − 1) ÷ 2 × added by each step',
        [
          ...bases,
          ...input('n', depth, 'calls'),
          ...input('times what one call reads', timesOneCall, 'times'),
          ...input('of it not cached', uncachedTokens, 'tokens'),
        ],
        inputTokens,
      ),
    ),
  ]
}

function fullFrom({ workload, demand, level, exact }: Solution): Derivation[] {
  const saturation = saturationOf(workload, demand)
  if (!saturation) return []
  const { service, limit, unit = '', turnsPerSecond, sessionsPerSecond, users } = saturation
  const closed = 'users' in level
  return [
    {
      figure: 'full from',
      formula: closed
        ? `N*: turns/s at which ${service} is full × (think + a turn alone), rounded up`
        : `turns/s at which ${service} is full ÷ turns of a session`,
      inputs: [
        ...input(`limit of ${service}`, limit, unit),
        ...input('turns/s when it is full', turnsPerSecond, 'turns/s'),
        ...input('think + a turn alone', users / turnsPerSecond, 's'),
        ...input('turns of a session', demand.turnsPerSession, 'turns'),
        ...(closed
          ? [
              ...input('before rounding', users, 'users'),
              ...input('of open load', sessionsPerSecond, 'sessions/s'),
            ]
          : input('of users', users, 'users')),
      ],
      result: closed ? Math.ceil(users) : sessionsPerSecond,
      unit: closed ? 'users' : 'sessions/s',
      source: sources.operational.text,
      exact,
    },
  ]
}

const timeWords = {
  turn: 'slot wait ⊕ state ⊕ prompt ⊕ calls and tools of the loop ⊕ state',
  ttft: 'the same up to the first token of the last call',
  itl: 'time between two tokens of an answer, that of the event loop where it is slower',
} as const

/** The times that a level is told with, besides the p95s; of an unstable one there are none. */
export function timeDerivations({ summary, exact }: Solution): Derivation[] {
  const { turnMs, ttftMs, interTokenMs } = summary.latency
  const of = (name: keyof typeof timeWords, dist: Dist | undefined): Derivation[] =>
    dist
      ? (['mean', 'p50', 'p90', 'p95', 'p99'] as const)
          .filter((statistic) => name === 'itl' || statistic !== 'p95')
          .map((statistic) => ({
            figure: `${name} ${statistic}`,
            formula: `${statistic === 'mean' ? 'mean' : `what ${statistic.slice(1)} % stay below`} of ${timeWords[name]}`,
            inputs: input('mean', dist.mean, 'ms'),
            result: dist[statistic],
            unit: 'ms',
            source: sources.arrivalTheorem.text,
            exact,
          }))
      : []
  return [...of('turn', turnMs), ...of('ttft', ttftMs), ...of('itl', interTokenMs)]
}

/** How many turns lie beyond the limit of each objective. */
export function objectiveDerivations({ summary, exact }: Solution): Derivation[] {
  return summary.objectives.flatMap(({ text, value, exceeded }) =>
    exceeded
      ? [
          {
            figure: `beyond ${text}`,
            formula: 'share of turns beyond the limit, on the same grid as the percentile',
            inputs: [...input('allowed', exceeded.allowed, 'share'), ...input('value', value, 'ms')],
            result: exceeded.share,
            unit: 'share',
            source: sources.arrivalTheorem.text,
            exact,
          },
        ]
      : [],
  )
}
