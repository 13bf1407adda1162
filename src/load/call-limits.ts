import { type MeasuredWindow, isMeasured } from '../result/measured-window.ts'
import type { PhoneRecord } from '../result/phone-records.ts'
import type { ServiceUse } from '../result/summary.ts'
import type { Workload } from '../workload/workload.ts'

/** A limit that calls meet, and the busy tones that it gave within the window. */
export interface CallLimit extends Omit<ServiceUse, 'binding'> {
  readonly refused: number
}

/**
 * The carrier's and the agent's places for calls. Of the agent's it is the file's word; where that has none and the agent
 * gave busy tones, as many as it had at once. Names are the simulator's.
 */
export function callLimits(
  { phone, agent }: Workload,
  calls: readonly Readonly<PhoneRecord>[],
  window: MeasuredWindow,
): CallLimit[] {
  const fromMs = window.warmupMs
  const untilMs = fromMs + window.measuredMs
  const within = calls.filter(({ endedAtMs }) => isMeasured(window, endedAtMs))
  const refusedIf = (hadChannel: boolean): number =>
    within.filter(
      ({ ending, grantedAtMs }) => ending === 'blocked' && Number.isNaN(grantedAtMs) !== hadChannel,
    ).length
  const upFrom = (pick: (call: Readonly<PhoneRecord>) => number): number => {
    const times = calls.map((call) => Math.min(call.endedAtMs, untilMs) - Math.max(pick(call), fromMs))
    return times.filter((ms) => ms > 0).reduce((sum, ms) => sum + ms, 0) / window.measuredMs
  }
  const limit = (name: string, used: number, most: number, unit: string, refused: number): CallLimit[] =>
    Number.isFinite(most) && most > 0 ? [{ name, utilisation: used / most, limit: most, unit, refused }] : []

  const carrier = phone?.vendors.find(({ part }) => part === 'carrier')
  const begun = calls.filter(({ grantedAtMs }) => isMeasured(window, grantedAtMs)).length
  const channels = Math.floor((carrier?.concurrent ?? Infinity) / (carrier?.perCall ?? 1))
  const held = upFrom(({ grantedAtMs }) => grantedAtMs)
  const starts = carrier?.starts?.startsPerSecond ?? Infinity
  const perSecond = begun / (window.measuredMs / 1000)
  // A record does not say which of the carrier's limits refused it: the one that is nearer to its most.
  const byChannels = held / channels >= perSecond / starts
  const [noChannel, tooFast] = byChannels ? [refusedIf(false), 0] : [0, refusedIf(false)]
  const written = (agent.voice?.calls ?? Infinity) * (agent.servers ?? 1)
  const places = written === Infinity && refusedIf(true) > 0 ? mostAtOnce(calls) : written
  return [
    ...limit('carrier', held, channels, 'calls', noChannel),
    ...limit('carrier, starts', perSecond, starts, 'calls/s', tooFast),
    ...limit(
      'agent.voice.calls',
      upFrom(({ answeredAtMs }) => answeredAtMs),
      places,
      'calls',
      refusedIf(true),
    ),
  ]
}

/** Calls that the agent had taken. */
function mostAtOnce(calls: readonly Readonly<PhoneRecord>[]): number {
  const taken = calls.filter(({ answeredAtMs }) => !Number.isNaN(answeredAtMs))
  const steps = taken.flatMap(({ answeredAtMs, endedAtMs }): [atMs: number, change: number][] => [
    [answeredAtMs, 1],
    [endedAtMs, -1],
  ])
  // Who hangs up makes room for who comes at the same instant.
  steps.sort(([atMs, change], [otherMs, other]) => atMs - otherMs || change - other)
  let [up, most] = [0, 0]
  for (const [, change] of steps) {
    up += change
    most = Math.max(most, up)
  }
  return most
}
