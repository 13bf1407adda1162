import type { Face } from '../face.ts'
import { refusingFault } from '../refusing-fault.ts'
import { unknownSession } from '../../sessions/turn-key.ts'
import type { DrawnFault } from '../faults.ts'
import type { SpeechPart, SpeechService } from './speech-services.ts'

/** Why a speech service does not begin, in no vendor's words yet. */
export interface RefusedSpeech {
  readonly status: number
  readonly message: string
}

/** All slots of the service are taken, or too much begins at once. */
export const speechLimit: RefusedSpeech = {
  status: 429,
  message: 'Too many requests. Please try again later',
}

/** Coordinates that no other stream or answer has. */
export function newSpeech(face: Face): number {
  return unknownSession(face.nextId())
}

/** A stream or an answer that a fault may hit. */
export interface SpeechAt {
  readonly part: SpeechPart
  readonly session: number
  readonly turn: number
  /** Faults that refuse it, those that are played in it, or all where absent. */
  readonly which?: 'refusing' | 'playing'
}

/** The fault that hits a stream or an answer at an instant of the monotonic clock; it is counted. */
export function speechFault(
  { epoch, faults }: Face,
  { part, session, turn, which }: SpeechAt,
  nowMs: number,
): DrawnFault | undefined {
  if (faults.rules.length === 0) return undefined
  const sinceMs = epoch.time.toWorkload(nowMs) - epoch.beganAtMs
  const drawn = faults.draw(
    epoch.sessions,
    { kind: part, index: 0, session, turn, step: 0, attempt: 0 },
    sinceMs,
    (name) => which === undefined || refuses(name) === (which === 'refusing'),
  )
  if (drawn) epoch.tally.countFault(drawn)
  return drawn
}

const refuses = (name: string): boolean => /^\d+$/.test(name)

/** What a refusing fault says. */
export function refusalOf(drawn: DrawnFault | undefined, speed: number): RefusedSpeech | undefined {
  const refused = drawn && refusingFault(drawn.fault, speed)
  return refused && { status: refused.error.status, message: refused.error.message }
}

/** Purposes of the provider's own draws: an engine's own begin at 32 (`sessions/purposes.ts`). */
const purposes = { stt: 84, tts: 85 } as const

/** How long a service takes for this one, wall milliseconds. */
export function speechLatencyMs(
  { epoch }: Face,
  { latency, part }: SpeechService,
  at: { readonly session: number; readonly turn: number },
): number {
  if (!latency) return 0
  const uniform = epoch.sessions.uniform(at.session, at.turn, 0, 0, purposes[part])
  return Math.max(0, latency.quantile(uniform)) / epoch.time.speed
}
