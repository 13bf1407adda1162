import { expect, test } from 'vitest'
import type { Capacity } from './capacity.ts'
import { capacityDifference } from './capacity-difference.ts'
import { differenceWords } from './difference-words.ts'

function carrying(users: number, more: Partial<Capacity> = {}): Capacity {
  return {
    origin: 'measured',
    level: { users },
    low: users - 3,
    high: users + 4,
    runAt: 1,
    probes: [],
    ...more,
  }
}

const nothingKnown = ({ low: _, high: __, ...capacity }: Capacity): Capacity => capacity

test.each<[string, Capacity, Capacity, object, string]>([
  [
    'clearly more',
    carrying(100),
    carrying(120),
    { difference: 20, low: 15, verdict: 'better', gate: { share: 0.02, regressed: false } },
    'B is better: it carries 20 users more than A, 20 % (95 % interval of the difference: +15 to +25).',
  ],
  [
    'clearly fewer',
    carrying(100),
    carrying(80),
    { difference: -20, verdict: 'worse', gate: { share: 0.02, regressed: true } },
    'B is worse: it carries 20 users fewer than A, 20 % (95 % interval of the difference: −25 to −15).',
  ],
  [
    'fewer, by less than the gate allows',
    carrying(1000),
    carrying(990),
    { verdict: 'worse', gate: { share: 0.02, regressed: false } },
    'B is worse: it carries 10 users fewer than A, 1 % (95 % interval of the difference: −15 to −5).',
  ],
  [
    'may be chance',
    carrying(100),
    carrying(98),
    { difference: -2, verdict: 'cannot tell', gate: { share: 0.02, regressed: false } },
    'Whether B carries more than A cannot be told (95 % interval of the difference: −7 to +3 users).',
  ],
  [
    'no limit of B was met',
    carrying(100),
    nothingKnown(carrying(150, { unbounded: true })),
    { difference: 50, verdict: 'better', low: 46 },
    'B is better: it carries 50 users more than A, 50 % (95 % interval of the difference: +46 or more).',
  ],
  [
    'no limit of either was met',
    nothingKnown(carrying(150, { unbounded: true })),
    nothingKnown(carrying(150, { unbounded: true })),
    { difference: 0, verdict: 'cannot tell' },
    'Whether B carries more than A cannot be told: every objective held for both at all that was tried.',
  ],
  [
    'an answer without an interval',
    carrying(100),
    nothingKnown(carrying(120)),
    { verdict: 'cannot tell' },
    'Whether B carries more than A cannot be told: an answer has no interval.',
  ],
  [
    'an answer that must not be used',
    carrying(100),
    carrying(50, { invalid: ['the generator did not keep up'] }),
    { verdict: 'cannot tell', gate: { share: 0.02, regressed: false } },
    'Whether B carries more than A cannot be told: an answer must not be used.',
  ],
])('%s', (_name, a, b, expected, headline) => {
  const found = capacityDifference(a, b, { change: 'B', gate: 0.02 })
  expect(found).toMatchObject(expected)
  expect(differenceWords(a, found)[0]).toEqual({ label: '', text: headline })
})

test('of nothing no share is told', () => {
  expect(capacityDifference(carrying(0), carrying(5), { change: 'B' })).not.toHaveProperty('share')
})
