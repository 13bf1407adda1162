import type { ServiceUse } from '../../result/summary.ts'
import type { Window } from '../meter.ts'
import type { Callers } from './callers.ts'

/** A limit that calls meet, and the calls that it refused within the window. */
interface CallLimit {
  readonly name: string
  readonly inUse: number
  readonly limit: number
  readonly unit: string
  readonly refused: number
}

function limitsOf({ chain, places }: Callers, { fromMs, toMs }: Window): CallLimit[] {
  const seconds = (toMs - fromMs) / 1000
  const limits = chain.gates.flatMap((gate): CallLimit[] => {
    const { channels, starts } = gate.carrier.limits
    const { name, noChannel, tooFast } = gate
    return [
      { name, inUse: gate.busy.mean(toMs), limit: channels, unit: 'calls', refused: noChannel },
      {
        name: `${name}, starts`,
        inUse: (gate.begun + tooFast) / seconds,
        limit: starts?.startsPerSecond ?? Infinity,
        unit: 'calls/s',
        refused: tooFast,
      },
    ]
  })
  const { busy, limit, refused } = places
  limits.push({ name: 'agent.voice.calls', inUse: busy.mean(toMs), limit, unit: 'calls', refused })
  return limits.filter((each) => each.limit < Infinity)
}

/** The carrier's, the vendors' and the agent's places for calls, and how much of them was in use. */
export function callUse(calls: Callers, window: Window): Omit<ServiceUse, 'binding'>[] {
  return limitsOf(calls, window).map(({ name, inUse, limit, unit }) => ({
    name,
    utilisation: inUse / limit,
    limit,
    unit,
  }))
}

/** The limit that refuses the most calls, where together they refuse more than the share `allowed`. */
export function mostRefused(calls: Callers, allowed: number): string | undefined {
  const limits = limitsOf(calls, calls.window)
  const refused = limits.reduce((sum, each) => sum + each.refused, 0)
  if (!(refused > allowed * calls.offered)) return undefined
  return limits.toSorted((a, b) => b.refused - a.refused)[0]!.name
}

/** Calls that each limit refused. */
export function callsRefused(calls: Callers): { readonly name: string; readonly refused: number }[] {
  return limitsOf(calls, calls.window)
}
