import type { Derivation } from '../result/derivation.ts'
import type {
  PhoneLatency,
  PhoneMoney,
  PhonePlan,
  PhoneQuota,
  PhoneServers,
  PhoneSound,
} from '../result/phone-plan.ts'
import { input } from './explain-figures.ts'
import { peopleDerivations } from './explain-people.ts'
import { vendorDerivations } from './explain-phone-vendors.ts'
import { sources } from './explain-sources.ts'

/** How each number of calls by telephone came about: channels, the chain, the ear, servers, people and money. */
export function phoneDerivations(plan: PhonePlan): Derivation[] {
  const { vendors, quotas, mouthToEar, servers, people, money } = plan
  return [
    ...channels(plan),
    ...vendors.flatMap((vendor) => vendorDerivations(plan, vendor)),
    ...quotas.flatMap((quota) => ofQuota(plan, quota)),
    ...chain(plan),
    ...(mouthToEar ? ear(mouthToEar) : []),
    ...(servers ? agentServers(plan, servers) : []),
    ...(people ? peopleDerivations(people) : []),
    ...(money ? bill(plan, money) : []),
  ]
}

const file = 'phone of the file'

function channels({
  callsPerMinute,
  minutesPerCall,
  erlangs,
  target,
  channels: count,
}: PhonePlan): Derivation[] {
  return [
    {
      figure: 'erlangs',
      formula: "Little's law: calls/min × minutes of a call",
      inputs: [...input('calls', callsPerMinute, 'calls/min'), ...input('a call', minutesPerCall, 'min')],
      result: erlangs,
      unit: 'erlangs',
      source: sources.little.text,
      exact: true,
    },
    {
      figure: 'channels',
      formula: 'the fewest with which Erlang B loses no more than the target',
      inputs: [...input('erlangs', erlangs, 'erlangs'), ...input('target', target, 'share')],
      result: count,
      unit: 'channels',
      source: sources.erlangB.text,
      exact: true,
    },
  ]
}

function ofQuota(
  { callsPerMinute }: PhonePlan,
  { name, unit, asked, limit, callsPerMinute: carried }: PhoneQuota,
): Derivation[] {
  const common = { source: `${file}, and how the quota counts: its preset`, exact: false }
  const perCall = input('asked for by a call', asked / callsPerMinute, unit)
  return [
    {
      ...common,
      figure: `asked of ${name}`,
      formula: 'calls/min × answers of a call × what a mean answer is charged in the end',
      inputs: [...input('calls', callsPerMinute, 'calls/min'), ...perCall],
      result: asked,
      unit,
    },
    {
      ...common,
      figure: `calls/min of ${name}`,
      formula: 'limit ÷ asked for by a call',
      inputs: [...input('limit', limit, unit), ...perCall],
      result: carried,
      unit: 'calls/min',
    },
  ]
}

function chain({ vendors, quotas, chain: { callsPerMinute, lostLeast, lostMost } }: PhonePlan): Derivation[] {
  const links = [...vendors, ...quotas].flatMap(({ name, callsPerMinute: carried }) =>
    input(name, carried, 'calls/min'),
  )
  const losses = vendors.flatMap(({ name, lost }) => input(`lost by ${name}`, lost, 'share'))
  const lost = {
    inputs: losses,
    unit: 'share',
    source: 'Whitt, Blocking when service is required from several facilities simultaneously (1985)',
    exact: false,
  }
  return [
    ...(callsPerMinute === undefined
      ? []
      : [
          {
            figure: 'calls/min of the chain',
            formula: 'the least of what its parts carry within the target',
            inputs: links,
            result: callsPerMinute,
            unit: 'calls/min',
            source: `${sources.erlangB.text}, for each`,
            exact: true,
          },
        ]),
    {
      ...lost,
      figure: 'lost by the chain, at least',
      formula: 'the most that one part loses',
      result: lostLeast,
    },
    {
      ...lost,
      figure: 'lost by the chain, at most',
      formula: '1 − the product of 1 − lost',
      result: lostMost,
    },
  ]
}

function ear({ withinMs, meanMs, upperMs, parts }: PhoneLatency): Derivation[] {
  const common = { unit: 'ms', source: 'phone.mouthToEar and model.ttft of the file', exact: true }
  return [
    {
      ...common,
      figure: 'mouth to ear',
      formula: 'the sum of the means of its parts, which follow one another',
      inputs: [
        ...parts.flatMap(({ name, meanMs: ms, share }) => [
          ...input(name, ms, 'ms'),
          ...input(`share of ${name}`, share, 'share'),
        ]),
        ...input('wanted within', withinMs, 'ms'),
        ...input('apart from that', Math.abs(withinMs - meanMs), 'ms'),
      ],
      result: meanMs,
    },
    {
      ...common,
      figure: 'mouth to ear, every part at its p95',
      formula: 'the sum of the p95 of its parts: more than the p95 of the whole',
      inputs: parts.flatMap(({ name, p95Ms }) => input(`p95 of ${name}`, p95Ms, 'ms')),
      result: upperMs,
    },
  ]
}

function agentServers(
  { channels: calls }: PhonePlan,
  { callsEach, headroom, sound, atPeak, spare, total }: PhoneServers,
): Derivation[] {
  return [
    ...(sound ? [besideSound(sound)] : []),
    {
      figure: 'agent servers',
      formula: 'channels ÷ calls that one carries, rounded up, and the spare',
      inputs: [
        ...input('channels', calls, 'calls'),
        ...input('calls that one carries', callsEach, 'calls'),
        ...input('headroom', headroom, 'share'),
        ...input('at the peak', atPeak, 'servers'),
        ...input('spare', spare, 'servers'),
      ],
      result: total,
      unit: 'servers',
      source: `the capacity of one server, solved for callers: ${sources.closedStation.text}`,
      exact: false,
    },
  ]
}

function besideSound({ calls, share, loops, dispersion }: PhoneSound): Derivation {
  return {
    figure: 'calls at once beside their sound',
    formula:
      'the most, on average, at which objectives hold when CPU of a turn takes 1 ÷ (1 − calls × share of a loop) times as long',
    inputs: [
      ...input('share of an event loop that a call takes', share, 'share'),
      ...input('event loops', loops, 'loops'),
      ...input('variance of the calls that are up ÷ mean', dispersion, 'ratio'),
    ],
    result: calls,
    unit: 'calls',
    source: `${sources.processorSharing.text}; how many are up: Poisson`,
    exact: false,
  }
}

function bill(
  { minutesPerCall }: PhonePlan,
  { perMinuteUsd, perCallUsd, minutesPerMonth, perMonthUsd, parts, serversUsd }: PhoneMoney,
): Derivation[] {
  const common = { source: 'prices of the file and list prices of the model', exact: true }
  return [
    {
      ...common,
      figure: 'price of a minute',
      formula: 'the sum of its parts',
      inputs: parts.flatMap(({ name, perMinuteUsd: usd }) => input(name, usd, 'USD')),
      result: perMinuteUsd,
      unit: 'USD',
    },
    {
      ...common,
      figure: 'price of a call',
      formula: 'price of a minute × minutes of a call',
      inputs: [...input('a minute', perMinuteUsd, 'USD'), ...input('a call', minutesPerCall, 'min')],
      result: perCallUsd,
      unit: 'USD',
    },
    {
      ...common,
      figure: 'cost/month of calls',
      formula: 'minutes a month (at the average load) × price of a minute + servers',
      inputs: [
        ...input('minutes a month', minutesPerMonth, 'min'),
        ...parts.flatMap(({ name, perMonthUsd: usd }) => input(name, usd, 'USD a month')),
        ...input('servers', serversUsd, 'USD a month'),
      ],
      result: perMonthUsd,
      unit: 'USD a month',
    },
  ]
}
