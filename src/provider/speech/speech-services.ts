import type { Duplex } from 'node:stream'
import { monotonicMs } from '../../clock/now.ts'
import type { Distribution } from '../../stats/distribution.ts'
import { Histogram } from '../../stats/histogram.ts'
import type { Phone } from '../../workload/phone.ts'
import type { AdminSpeech } from '../../wire/admin-api.ts'
import { SpeechSlots } from './speech-slots.ts'

export type SpeechPart = 'stt' | 'tts'

/** One of the two speech services of an epoch: how long it takes, what it carries and what it has done. */
export interface SpeechService {
  readonly part: SpeechPart
  /** To the text, or to the first sound; absent where the file says nothing of it: at once. */
  readonly latency: Distribution | undefined
  readonly slots: SpeechSlots
  /** Slots that one stream, or one answer, takes. */
  readonly perCall: number
  /** Slots are held for as long as the connection is open, and not only while it is at work. */
  readonly heldThroughout: boolean
  /** Transcripts given, or answers spoken. */
  done: number
  /** From the end of speech that is a caller's to its text; from a text to its first sound. */
  readonly waitsMs: Histogram
}

/** Speech to text and text to speech, as the file's phone section has them. */
export type SpeechServices = Readonly<Record<SpeechPart, SpeechService>>

const partNames: Readonly<Record<SpeechPart, string>> = { stt: 'speech to text', tts: 'text to speech' }

/** Idle services; without a phone section they are quick and have no limits. */
export function speechServices(phone: Phone | undefined): SpeechServices {
  const service = (part: SpeechPart): SpeechService => {
    const vendor = phone?.vendors.find((each) => each.part === part)
    const { concurrent = Infinity, perCall = 1, held = 1, starts } = vendor ?? {}
    return {
      part,
      latency: phone?.mouthToEar?.parts.find(({ name }) => name === partNames[part])?.time,
      slots: new SpeechSlots({
        concurrent,
        startsPerSecond: starts?.startsPerSecond ?? Infinity,
        over: starts?.over ?? 'rejected',
      }),
      perCall,
      heldThroughout: held === 1,
      done: 0,
      waitsMs: new Histogram(),
    }
  }
  return { stt: service('stt'), tts: service('tts') }
}

/** Takes the slots of a service that holds them for as long as a connection is open; false where none are free. */
export function holdSlots({ slots, perCall, heldThroughout }: SpeechService, connection: Duplex): boolean {
  if (!heldThroughout) return true
  if (slots.take(monotonicMs(), perCall) === undefined) return false
  connection.once('close', () => slots.free(perCall))
  return true
}

/** What the admin API tells of a service. */
export function speechStats({ slots, done, waitsMs }: SpeechService): AdminSpeech {
  const { count, sum } = waitsMs
  const waits =
    count === 0
      ? { count, meanMs: 0, p95Ms: 0 }
      : { count, meanMs: sum / count, p95Ms: waitsMs.quantile(0.95) }
  return { atOnce: slots.taken, mostAtOnce: slots.most, refused: slots.refused, done, waits }
}
