import type { Derivation } from '../result/derivation.ts'
import { fleetFor } from '../result/fleet/fleet-for.ts'
import type { Fleet } from '../result/fleet/fleet.ts'
import { formatPeople } from '../result/figure-text.ts'
import type { Workload } from '../workload/workload.ts'
import type { Found } from './explain-capacity.ts'
import { input } from './explain-figures.ts'
import { peopleDerivations } from './explain-people.ts'
import { handOffPeople } from './hand-off-people.ts'
import { type UnitChoice, unitChoices } from './money/unit-choice.ts'

/** The shopping list for so many users at once on average, and units against pay-as-you-go. */
export function fleetDerivations(workload: Workload, { capacity }: Found, users: number): Derivation[] {
  const fleet = fleetFor(workload, capacity, users)
  if (!fleet) return []
  const named = (derivation: Derivation): Derivation => ({
    ...derivation,
    figure: `${derivation.figure} for ${formatPeople(users)} users`,
  })
  const people = handOffPeople(workload, fleet.peakUsers, capacity.runAt)
  return [
    ...servers(workload, fleet),
    ...people.flatMap(peopleDerivations),
    ...quotas(fleet),
    ...money(workload, fleet),
  ].map(named)
}

/** Provisioned units against pay-as-you-go at that load. */
export function unitDerivations(workload: Workload, { capacity }: Found, users: number): Derivation[] {
  return unitChoices(workload, capacity, users).flatMap((choice) => units(choice, users))
}

function line(
  figure: string,
  formula: string,
  inputs: Derivation['inputs'],
  result: number,
  unit: string,
  source = 'the capacity of one server, and users.peak of the file',
): Derivation {
  return { figure, formula, inputs, result, unit, source, exact: false }
}

function servers(workload: Workload, fleet: Fleet): Derivation[] {
  const { users, peakToAverage, peakUsers, headroom, callsInFlight, sharedTools, nextServer } = fleet
  const { atPeak, spare, total, usersEach } = fleet.servers
  const peak = [...input('users', users, 'users'), ...input('peak to average', peakToAverage, 'times')]
  return [
    line('users at the peak', 'users × peak to average', peak, peakUsers, 'users'),
    line(
      'servers',
      usersEach === undefined
        ? 'one, for no limit of its own was met, and the spare'
        : 'users at the peak ÷ users each, rounded up, and the spare',
      [
        ...input('users at the peak', peakUsers, 'users'),
        ...input('users each', usersEach, 'users'),
        ...input('headroom', headroom, 'share'),
        ...input('at the peak', atPeak, 'servers'),
        ...input('spare', spare, 'servers'),
      ],
      total,
      'servers',
    ),
    ...(fleet.workers === undefined
      ? []
      : [
          line(
            'workers',
            'servers × workers of a server',
            [
              ...input('servers', total, 'servers'),
              ...input('workers of a server', workload.agent.workers, 'workers'),
            ],
            fleet.workers,
            'workers',
            'agent.workers of the file',
          ),
        ]),
    ...(callsInFlight === undefined
      ? []
      : [
          line(
            'connections',
            'model calls in flight of a user × users at the peak, rounded up',
            [
              ...input('in flight of a user', callsInFlight / peakUsers, 'calls'),
              ...input('before rounding', callsInFlight, 'calls'),
              ...input('users at the peak', peakUsers, 'users'),
            ],
            Math.ceil(callsInFlight - 1e-9),
            'calls',
          ),
        ]),
    ...sharedTools.map(({ name, calls, capacity }) =>
      line(
        `calls at once of ${name}`,
        'calls at once of a user × users at the peak ÷ headroom',
        [...input('capacity', capacity, 'calls'), ...input('users at the peak', peakUsers, 'users')],
        calls,
        'calls',
      ),
    ),
    ...(nextServer === undefined
      ? []
      : [
          line(
            'next server from',
            'servers at the peak × users each ÷ peak to average, rounded down',
            [
              ...input('servers at the peak', atPeak, 'servers'),
              ...input('before rounding', nextServer.users, 'users'),
              ...input('users each', usersEach, 'users'),
              ...input('peak to average', peakToAverage, 'times'),
            ],
            Math.floor(nextServer.users + 1e-9),
            'users',
          ),
        ]),
  ]
}

function quotas({ quotas: needs, peakUsers, headroom, peakToAverage }: Fleet): Derivation[] {
  return needs.flatMap(({ name, amounts, usersCarried, units: bought }) => [
    ...amounts.map(({ amount, unit, limit }) =>
      line(
        `${name}, ${unit}`,
        'what a user takes × users at the peak ÷ headroom',
        [
          ...input('of a user', (amount * headroom) / peakUsers, unit),
          ...input('users at the peak', peakUsers, 'users'),
          ...input('headroom', headroom, 'share'),
          ...input('limit of the file', limit, unit),
        ],
        amount,
        unit,
      ),
    ),
    line(
      `users that ${name} of the file carries`,
      'the least of limit × headroom ÷ what a user takes ÷ peak to average, rounded down',
      [
        ...input('headroom', headroom, 'share'),
        ...input('peak to average', peakToAverage, 'times'),
        ...input('before rounding', usersCarried, 'users'),
      ],
      Math.floor(usersCarried + 1e-9),
      'users',
    ),
    ...(bought
      ? [
          line(
            `${bought.kind} of ${name}`,
            'exact need, rounded up to what is sold',
            [...input('exact', bought.exact, bought.kind), ...input('given', bought.given, bought.kind)],
            bought.sold,
            bought.kind,
            bought.priceSource,
          ),
        ]
      : []),
  ])
}

function money(workload: Workload, { money: bill, servers: count, peakUsers }: Fleet): Derivation[] {
  const { tokensUsd, payAsYouGoUsd, unitsUsd, serversUsd, perTurnUsd, perUserHourUsd } = bill
  const tokens = tokensUsd ?? payAsYouGoUsd
  const parts = [
    ...input('tokens', unitsUsd === undefined ? tokensUsd : undefined, 'USD a month'),
    ...input('units', unitsUsd, 'USD a month'),
    ...input('servers', serversUsd, 'USD a month'),
  ]
  const list = 'list prices, as cost/turn'
  return [
    ...(tokens === undefined
      ? []
      : [
          line(
            'tokens a month',
            "a user's tokens a month at the average load × users at the peak ÷ peak to average",
            [
              ...input('of a user at the peak', tokens / peakUsers, 'USD a month'),
              ...input('users at the peak', peakUsers, 'users'),
              ...input('cost/turn', perTurnUsd, 'USD'),
              ...input('cost/user-hour', perUserHourUsd, 'USD'),
            ],
            tokens,
            'USD a month',
            list,
          ),
        ]),
    ...(serversUsd === undefined
      ? []
      : [
          line(
            'servers a month',
            'servers × price of one',
            [
              ...input('servers', count.total, 'servers'),
              ...input('price of one', workload.agent.server?.perMonthUsd, 'USD a month'),
            ],
            serversUsd,
            'USD a month',
            'agent.server.perMonth of the file',
          ),
        ]),
    ...(parts.length > 0
      ? [
          line(
            'bill',
            'the sum of its parts',
            parts,
            parts.reduce((sum, { value }) => sum + value, 0),
            'USD a month',
            list,
          ),
        ]
      : []),
  ]
}

function units(
  { model, kind, payAsYouGoUsd, sold, terms, priceSource }: UnitChoice,
  users: number,
): Derivation[] {
  return [
    line(
      `${model} pay-as-you-go`,
      'calls a month × price of a call',
      input('users', users, 'users'),
      payAsYouGoUsd,
      'USD a month',
      'list prices, as cost/turn',
    ),
    ...terms.flatMap(({ term, perMonthUsd, utilisation, paysFromUsers, alwaysPaysFromUsers }) => [
      line(
        `${sold} ${kind} ${term}`,
        'units sold × price of one',
        [...input('units sold', sold, kind), ...input('price of one', perMonthUsd / sold, 'USD a month')],
        perMonthUsd,
        'USD a month',
        priceSource,
      ),
      line(
        `break-even of ${kind} ${term}`,
        'price of a unit ÷ (calls it carries × price of a call): how far it must be used on average',
        [
          ...input('pays from', paysFromUsers, 'users'),
          ...input('always pays from', alwaysPaysFromUsers, 'users'),
        ],
        utilisation,
        'share',
        priceSource,
      ),
    ]),
  ]
}
