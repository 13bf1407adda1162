import type { Derivation } from '../result/derivation.ts'
import type { PhonePlan, PhoneVendorPlan } from '../result/phone-plan.ts'
import { input } from './explain-figures.ts'
import { sources } from './explain-sources.ts'

/** What the target asks of one vendor, what it loses as it is, what it carries, and how its starts go. */
export function vendorDerivations(plan: PhonePlan, vendor: PhoneVendorPlan): Derivation[] {
  const { erlangs, target, callsPerMinute } = plan
  const { name, needed, concurrent, lost, callsPerMinute: carried, starts } = vendor
  const common = { source: sources.erlangB.text, exact: true }
  const refused = starts?.rejected ?? 0
  return [
    {
      ...common,
      figure: `needed of ${name}`,
      formula:
        'the fewest places with which Erlang B loses no more than the target, for as long as a call holds one',
      inputs: [
        ...input('erlangs of whole calls', erlangs, 'erlangs'),
        ...input('target', target, 'share'),
        ...input('the file has', concurrent, 'at once'),
      ],
      result: needed,
      unit: 'at once',
    },
    {
      ...common,
      figure: `lost by ${name}`,
      formula: 'Erlang B for its places, and of the others what its limit on starts refuses',
      inputs: [
        ...input('by its places', 1 - (1 - lost) / (1 - refused), 'share'),
        ...input('of starts', starts?.rejected, 'share'),
      ],
      result: lost,
      unit: 'share',
    },
    ...(carried === undefined
      ? []
      : [
          {
            ...common,
            figure: `calls/min of ${name}`,
            formula:
              'the calls of which its places, and its limit on starts, lose the target: the lesser of both',
            inputs: [...input('places', concurrent, 'at once'), ...input('starts', starts?.perSecond, '/s')],
            result: carried,
            unit: 'calls/min',
          },
        ]),
    ...(starts ? startDerivations(name, callsPerMinute / 60, starts) : []),
  ]
}

function startDerivations(
  name: string,
  perSecond: number,
  starts: NonNullable<PhoneVendorPlan['starts']>,
): Derivation[] {
  const { perSecond: limit, utilisation, waitMs, rejected, needed, over } = starts
  const queued = over === 'queued'
  const common = {
    source: queued ? 'M/D/1: Pollaczek (1930)' : 'Erlang B: a start counts for the second after it',
    exact: true,
  }
  const both = [...input('calls begin', perSecond, '/s'), ...input('limit', limit, '/s')]
  return [
    {
      ...common,
      figure: `starts of ${name} in use`,
      formula: 'calls that begin in a second ÷ limit',
      inputs: both,
      result: utilisation,
      unit: 'share',
    },
    queued
      ? {
          ...common,
          figure: `wait for a start of ${name}`,
          formula: 'ρ ÷ (2(1 − ρ)) ÷ limit; without end from ρ = 1',
          inputs: both,
          result: waitMs ?? Infinity,
          unit: 'ms',
        }
      : {
          ...common,
          figure: `starts refused by ${name}`,
          formula: 'mean of what exceeds the limit in a second ÷ calls that begin in it',
          inputs: both,
          result: rejected,
          unit: 'share',
        },
    {
      ...common,
      figure: `starts needed of ${name}`,
      formula: queued
        ? 'calls that begin ÷ 80 %, rounded up'
        : 'the least limit that refuses no more than the target, rounded up',
      inputs: [...both, ...input('before rounding', needed, '/s')],
      result: Math.ceil(needed),
      unit: '/s',
    },
  ]
}
