import { expect, test } from 'vitest'
import type { Fleet } from '../result/fleet/fleet.ts'
import { fleetLines } from './fleet-lines.ts'

const fleet: Fleet = {
  users: 10_000,
  peakToAverage: 2,
  peakUsers: 20_000,
  headroom: 0.75,
  servers: { atPeak: 24, spare: 1, total: 25, usersEach: 853.4 },
  workers: 125,
  quotas: [
    {
      name: 'model quota',
      amounts: [
        { amount: 83_400_000, unit: 'tokens/min', limit: 450_000 },
        { amount: 47_400, unit: 'requests/min', limit: 500 },
      ],
      usersCarried: 53.9,
    },
  ],
  callsInFlight: 1758.2,
  sharedTools: [{ name: 'knowledge', calls: 64.3, capacity: 20 }],
  nextServer: { users: 10_240.8, service: 'agent slots' },
  money: { tokensUsd: 407_123, serversUsd: 8750, perTurnUsd: 0.00077, perUserHourUsd: 0.056 },
}

function text(of: Fleet): Record<string, string> {
  return Object.fromEntries(fleetLines(of).map((line) => [line.label, line.text]))
}

test('a line for each thing, in the order of the list', () => {
  expect(Object.entries(text(fleet))).toEqual([
    ['', '10,000 users at once, 20,000 at the 2× peak: 25 servers, used to 75 % of what they carry at most.'],
    ['servers', '24 for the peak and 1 spare; 853 users each'],
    ['workers', '125, 5 on each server'],
    [
      'model quota',
      '83.4M tokens/min and 47.4k requests/min; the 450k tokens/min and 500 requests/min of the file carry 53 users',
    ],
    ['connections', '1,759 model calls in flight at the peak, on average'],
    ['money', '$416,000 a month (tokens $407,000, servers $8,750)'],
    ['price', '$0.00077 a turn, $0.056 a user-hour, tokens at list price'],
    [
      'stays shared',
      'model quota and knowledge (65 calls at once needed, 20 carried): twice the servers leave them as they are',
    ],
    [
      'next server',
      'from 10,240 users on average, sustained: then those at work are at 75 % of what they carry (agent slots)',
    ],
  ])
})

test('units instead of tokens a minute', () => {
  const units = {
    kind: 'PTU',
    exact: 105.882,
    sold: 110,
    given: 50,
    perMonthUsd: 28_600,
    priceSource: '',
  } as const
  const amounts = [{ amount: 360_000, unit: 'tokens/min', limit: 170_000 }]
  const quotas = [{ name: 'model quota', amounts, usersCarried: 472, units }]
  const money = { unitsUsd: 28_600, payAsYouGoUsd: 27_594, serversUsd: 700 }
  expect(text({ ...fleet, quotas, sharedTools: [], money })).toMatchObject({
    'model quota':
      '110 PTU (105.9 before rounding, 360k weighted tokens/min), $28,600 by the month; the 50 PTU of the file carry 472 users',
    money: '$29,300 a month (model units $28,600, servers $700); pay-as-you-go the tokens would be $27,600',
    'stays shared': 'model quota: twice the servers leave it as it is',
  })
})

test('without peak, quota, tools, prices or a limit of the server there is little to say', () => {
  const little: Fleet = {
    users: 20,
    peakToAverage: 1,
    peakUsers: 20,
    headroom: 0.5,
    servers: { atPeak: 1, spare: 1, total: 2 },
    quotas: [],
    sharedTools: [],
    money: {},
  }
  expect(text(little)).toEqual({
    '': '20 users at once: 2 servers, used to 50 % of what they carry at most.',
    servers: '1 for the peak and 1 spare; one met no limit of its own',
  })
})

test('one limit carries, and one that is not used says so', () => {
  const amounts = [{ amount: 1000, unit: 'tokens/min', limit: 2000 }]
  const quota = { name: 'model quota', amounts, usersCarried: 15 }
  expect(text({ ...fleet, quotas: [quota] })['model quota']).toBe(
    '1,000 tokens/min; the 2,000 tokens/min of the file carry 15 users',
  )
  const unused = { ...quota, amounts: [{ ...amounts[0]!, amount: 0 }], usersCarried: Infinity }
  expect(text({ ...fleet, quotas: [unused] })['model quota']).toBe(
    '0 tokens/min; the 2,000 tokens/min of the file are not used',
  )
})
