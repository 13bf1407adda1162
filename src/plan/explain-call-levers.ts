import type { Advice, AdvicePair, Capacity } from '../result/capacity.ts'
import type { Derivation } from '../result/derivation.ts'
import { inUnit } from '../result/load-words.ts'
import { input } from './explain-figures.ts'

const common = {
  unit: 'calls/min',
  source: 'the file solved again with the change',
  exact: false,
}

/** What would carry more calls by telephone, and what would be full next. */
export function callLeverDerivations(capacity: Capacity): Derivation[] {
  const { bottleneck, next, advice = [], tried = [], pairs = [] } = capacity
  return [
    ...(next
      ? [
          {
            ...common,
            figure: 'calls/min of what breaks next',
            formula: `calls/min of the chain with ${bottleneck!.service} without a limit; ${next.service} is full then`,
            inputs: [],
            result: inUnit(capacity, next.users),
          },
        ]
      : []),
    ...[...pairs, ...advice, ...tried].map((each) => gain(capacity, each)),
  ]
}

function gain(capacity: Capacity, each: Advice | AdvicePair): Derivation {
  const changes = 'changes' in each ? each.changes : [each]
  const words = changes.map(({ change: { field, from, to } }) => `${field} ${to} instead of ${from}`)
  return {
    ...common,
    figure: `gain: ${changes.map(({ text }) => text).join(', and ')}`,
    formula: 'calls/min of the chain with the change − without',
    inputs: [
      ...input(`calls/min with ${words.join(' and ')}`, inUnit(capacity, each.users), 'calls/min'),
      ...input('calls/min of the chain', inUnit(capacity), 'calls/min'),
    ],
    result: inUnit(capacity, each.usersGained),
  }
}
