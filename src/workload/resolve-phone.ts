import type { HandOffSection, PhoneSection } from './phone-schema.ts'
import type { Distribution } from '../stats/distribution.ts'
import { constant } from '../stats/distributions.ts'
import type { Caller, HandOff, MouthToEarBudget, Phone, PhonePart, PhoneVendor } from './phone.ts'
import { voiceLimit } from './voice-limits.ts'
import type { Model } from './workload.ts'

/** What people take over, with nothing left open. */
export function handOffOf(section: HandOffSection): HandOff {
  return {
    share: section.share,
    talk: section.talk,
    ...(section.patience === undefined ? {} : { patience: section.patience }),
    withinMs: section.within,
    answered: section.answered,
    atOnce: section.atOnce ?? 1,
  }
}

/** The phone section with presets filled in; the model's part of mouth to ear comes from the model where not written. */
export function phoneOf(section: PhoneSection, models: readonly Model[], alone: boolean): Phone {
  const { carrier, vendors = {}, mouthToEar, handOff, turns, records } = section
  const written = [['carrier', carrier], ...Object.entries(vendors)] as [
    PhonePart,
    VendorSection | undefined,
  ][]
  return {
    callsPerMinute: callsOf(section),
    peakToAverage: section.peakToAverage ?? records?.peakToAverage ?? 1,
    duration: callDuration(section),
    blocked: section.blocked,
    ...(turns === undefined ? {} : { turnsPerMinute: turns }),
    vendors: written.flatMap(([part, vendor]) => (vendor ? [vendorOf(part, vendor)] : [])),
    ...(mouthToEar ? { mouthToEar: budgetOf(mouthToEar, models) } : {}),
    ...(handOff ? { handOff: handOffOf({ ...handOff, share: (handOff.share ?? records?.handedOff)! }) } : {}),
    caller: callerOf(section.caller ?? {}),
    ...(records ? { recorded: records } : {}),
    alone,
  }
}

/** The check has seen to it that the file or its records say both. */
const callsOf = ({ calls, records }: PhoneSection): number => (calls ?? records?.callsPerMinute)!

/** How long a call lasts, as the file or its records say. */
export const callDuration = ({ duration, records }: PhoneSection): Distribution =>
  (duration ?? records?.duration)!

const atOnce = constant(0, '0')

function callerOf({ interrupts, silent, human, pause }: NonNullable<PhoneSection['caller']>): Caller {
  return { interrupts: interrupts ?? 0, silent: silent ?? 0, human: human ?? 0, pause: pause ?? atOnce }
}

type VendorSection = NonNullable<PhoneSection['carrier']>

function vendorOf(part: PhonePart, section: VendorSection): PhoneVendor {
  const { like, callsPerSecond, over } = section
  const preset = like === undefined ? undefined : voiceLimit(part, like)
  const startsPerSecond = callsPerSecond ?? preset?.starts?.startsPerSecond
  return {
    part,
    ...(like === undefined ? {} : { like }),
    concurrent: section.concurrent ?? preset?.channels ?? Infinity,
    perCall: section.perCall ?? 1,
    held: section.held ?? 1,
    ...(startsPerSecond === undefined
      ? {}
      : { starts: { startsPerSecond, over: over ?? preset?.starts?.over ?? 'rejected' } }),
    ...(section.maxDuration === undefined ? {} : { maxDurationMs: section.maxDuration }),
    ...(section.perMinute === undefined ? {} : { perMinuteUsd: section.perMinute }),
    ...(preset ? { source: sourceOf(preset) } : {}),
  }
}

function sourceOf({ vendor, toldBy, note }: NonNullable<ReturnType<typeof voiceLimit>>): string {
  const by = toldBy === 'vendor' ? `${vendor}’s own pages` : 'third parties'
  return `${by}, November 2026${note === undefined ? '' : `; ${note}`}`
}

const partNames = {
  network: 'network',
  endOfTurn: 'end of turn',
  stt: 'speech to text',
  orchestration: 'orchestration',
  model: 'model',
  tools: 'tools',
  tts: 'text to speech',
} as const

function budgetOf(
  section: NonNullable<PhoneSection['mouthToEar']>,
  [model]: readonly Model[],
): MouthToEarBudget {
  const known = model && !model.engine && model.ttft.mean > 0 ? model.ttft : undefined
  const parts = (Object.keys(partNames) as (keyof typeof partNames)[]).flatMap((key) => {
    const time = section[key] ?? (key === 'model' ? known : undefined)
    return time ? [{ name: partNames[key], time }] : []
  })
  return { withinMs: section.within, parts }
}
