import { expect, test } from 'vitest'
import type { Capacity } from '../result/capacity.ts'
import { leverLines } from './lever-lines.ts'
import { cheapestLevers, leverRows } from './lever-table.ts'

const change = { field: 'agent.workers', from: '4', to: '8' }
const capacity: Capacity = {
  origin: 'solved',
  level: { users: 100 },
  runAt: 75,
  probes: [],
  advice: [
    {
      lever: 'quota tier',
      text: 'raise the quota',
      change,
      users: 1200,
      usersGained: 1100,
      perMonthUsd: 0.2,
      perUserUsd: 21.5,
    },
    {
      lever: 'answers',
      text: 'ask for shorter answers',
      change,
      users: 103,
      usersGained: 3,
      perMonthUsd: -172.4,
      perUserUsd: -3,
    },
    { lever: 'model', text: 'use a faster model', change, users: 102, usersGained: 2 },
  ],
  tried: [
    {
      lever: 'workers',
      text: 'run 8 workers instead of 4',
      change,
      users: 90,
      usersGained: -10,
      perMonthUsd: 350,
    },
  ],
}

test('signs, dollars and what is not known', () => {
  expect(
    leverRows(capacity).map(({ lever, gained, then, perMonth, perUser }) => [
      lever,
      gained,
      then,
      perMonth,
      perUser,
    ]),
  ).toEqual([
    ['quota tier', '+1,100', '1,200', '$0', '$21.50'],
    ['answers', '+3', '103', '−$172', 'saves'],
    ['model', '+2', '102', '', ''],
    ['workers', '−10', '90', '+$350', ''],
  ])
})

test('of calls by telephone, calls a minute and what one of those costs', () => {
  const [first] = capacity.advice!
  const calls: Capacity = {
    ...capacity,
    level: { sessionsPerSecond: 1 },
    phone: { heldMs: 60_000 },
    advice: [{ ...first!, users: 1.25, usersGained: 0.25, perUserUsd: 1200 }],
    tried: [],
  }
  expect(leverRows(calls).map(({ gained, then, perUser }) => [gained, then, perUser])).toEqual([
    ['+15', '75', '$20.00'],
  ])
  expect(leverLines(calls, 80).join('\n')).toContain('$/call/min')
})

test('of open load, sessions a second', () => {
  const rows = leverRows({
    ...capacity,
    level: { sessionsPerSecond: 1 },
    advice: [{ text: 'x', change, users: 1.25, usersGained: 0.25 }],
    tried: [],
  })
  expect(rows.map(({ gained, then }) => [gained, then])).toEqual([['+0.25', '1.25']])
})

test('the cheapest for a user more come in that order, and only where they gain', () => {
  expect(cheapestLevers(capacity).map((each) => each.perUserUsd)).toEqual([-3, 21.5])
})

test('the table with a tornado beside it', () => {
  expect(leverLines(capacity, 92).slice(3)).toEqual([
    'change                      gained   then  $/month  $/user',
    'raise the quota             +1,100  1,200       $0  $21.50   │███████████████',
    'ask for shorter answers         +3    103    −$172   saves   │▌',
    'use a faster model              +2    102                    │▌',
    'run 8 workers instead of 4     −10     90    +$350          ▐│',
    '',
    'cheapest for a user more: ask for shorter answers (the bill falls); raise the quota ($21.50)',
  ])
})

test('a narrow terminal has the table only, its texts broken', () => {
  const lines = leverLines(capacity, 60)
  expect(lines.every((line) => line.length <= 60)).toBe(true)
  expect(lines.map((line) => line.trim())).toContain('of 4')
  expect(lines.join('\n')).not.toContain('│')
})

test('pairs stand first, both changes in one line', () => {
  const pair = {
    changes: [
      { lever: 'workers', text: 'run 8 workers', change },
      { lever: 'quota tier', text: 'raise the quota', change: { ...change, field: 'model.quota.tpm' } },
    ],
    users: 190,
    usersGained: 90,
  } as const
  const [first] = leverRows({ ...capacity, pairs: [pair] })
  expect(first).toMatchObject({
    lever: 'workers + quota tier',
    text: 'run 8 workers, and raise the quota',
    gained: '+90',
  })
  expect(first!.changes).toEqual(['agent.workers: 4 → 8', 'model.quota.tpm: 4 → 8'])
})

test('nothing applies', () => {
  expect(leverLines({ ...capacity, advice: [], tried: [] }, 90)).toEqual([
    'no lever applies to this workload',
  ])
})
