import { tokensUsd } from '../result/cost.ts'
import { hoursPerMonth } from '../workload/unit-prices.ts'
import type { Derivation } from '../result/derivation.ts'
import { input, type Solution } from './explain-figures.ts'

/** Dollars a turn, a user-hour and a month; nothing where a used model has no price. */
export function moneyDerivations(solution: Solution): Derivation[] {
  const { workload, level, state, summary, exact } = solution
  const turn = costPerTurn(solution)
  if (!turn || !summary.cost) return []
  const perSecond = state.admittedPerMs * state.work * 1000
  const perHour = turn.result * perSecond * 3600
  const { peakToAverage = 1 } = workload.users.peak
  const serverUsd = workload.agent.server?.perMonthUsd
  const rates = [
    ...input('cost/turn', turn.result, 'USD'),
    ...input('turns/s paid for', perSecond, 'turns/s'),
  ]
  const hour: Derivation[] =
    'users' in level && level.users > 0
      ? [
          {
            ...turn,
            figure: 'cost/user-hour',
            formula: 'cost/turn × turns/s × 3600 ÷ users',
            inputs: [...rates, ...input('users', level.users, 'users')],
            result: perHour / level.users,
            exact,
          },
        ]
      : []
  return [
    turn,
    ...hour,
    {
      ...turn,
      figure: 'cost/month',
      formula: `cost/turn × turns/s × 3600 × ${hoursPerMonth} hours ÷ peak to average + server`,
      inputs: [
        ...rates,
        ...input('peak to average', peakToAverage, 'times'),
        ...input('server', serverUsd, 'USD a month'),
      ],
      result: (perHour * hoursPerMonth) / peakToAverage + (serverUsd ?? 0),
      exact,
    },
  ]
}

function costPerTurn({ workload, demand }: Solution): Derivation | undefined {
  const used = demand.models.flatMap((tokens, i) =>
    tokens.calls > 0 ? [{ tokens, model: workload.models[i]! }] : [],
  )
  const priced = used.flatMap(({ tokens, model: { key, price } }) =>
    price
      ? [{ key, price, input: tokens.inputTokens, cached: tokens.cachedTokens, output: tokens.outputTokens }]
      : [],
  )
  if (priced.length < used.length) return undefined
  return {
    figure: 'cost/turn',
    formula: '(input − cached) × price of input + cached × price of cached + output × price of output',
    inputs: priced.flatMap(({ key, price, ...tokens }) => [
      ...input(`input of a turn to ${key}`, tokens.input, 'tokens'),
      ...input('of it cached', tokens.cached, 'tokens'),
      ...input(`output of a turn by ${key}`, tokens.output, 'tokens'),
      ...input('price of input', price.inputPerMillionUsd, 'USD a million'),
      ...input('price of cached', price.cachedPerMillionUsd, 'USD a million'),
      ...input('price of output', price.outputPerMillionUsd, 'USD a million'),
    ]),
    result: priced.reduce(
      (sum, { price, ...tokens }) =>
        sum + tokensUsd(price, { input: tokens.input, cachedInput: tokens.cached, output: tokens.output }),
      0,
    ),
    unit: 'USD',
    source: `list prices: ${[...new Set(priced.map(({ price }) => price.source))].join('; ')}`,
    exact: true,
  }
}
