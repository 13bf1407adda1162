/** In one list. */
export const mostFaults = 50

/** What can go wrong at a model, a tool or a speech service, in the words of the file. */
export const faultNames = [
  '429',
  '500',
  '503',
  '529',
  'timeout',
  'slowFirstByte',
  'stall',
  'cut',
  'malformed',
  'wrongLength',
  'invalidArguments',
  'unknownTool',
] as const

export type FaultName = (typeof faultNames)[number]

/** The fault of this name, where a status may be a number; undefined where there is none. */
export function faultNamed(value: unknown): FaultName | undefined {
  const word = typeof value === 'number' ? String(value) : value
  return faultNames.find((name) => name === word)
}

/** Faults of what a model decides: tools have none of these. */
export const modelFaults: readonly FaultName[] = ['invalidArguments', 'unknownTool']

/** Speech services that a fault may stand on. */
export const speechFaultTargets = ['stt', 'tts'] as const
export type SpeechFaultTarget = (typeof speechFaultTargets)[number]

/** Faults that speech has none of: sound is no JSON with a length, and it asks for no tools. */
export const notOfSpeech: readonly FaultName[] = [...modelFaults, 'malformed', 'wrongLength']

/** A fault that the provider plays on purpose, by rate or by schedule. Instants are workload time since the run began. */
export interface Fault {
  readonly name: FaultName
  /** Which calls: of all models or all tools, of the one with this index, or of a speech service. */
  readonly on: { readonly kind: 'model' | 'tool' | SpeechFaultTarget; readonly index?: number }
  /** Share of the calls that it hits. */
  readonly share: number
  readonly fromMs: number
  /** `Infinity`: it does not end. */
  readonly toMs: number
  /** The schedule repeats after so long. */
  readonly everyMs?: number
  /** Of a stall, a timeout or a slow first byte; `Infinity`: until the caller leaves. */
  readonly forMs: number
  /** Of a stall or a cut: after this share of the answer; drawn where absent. */
  readonly at?: number
  /** Only the first so many tries of a call. */
  readonly tries: number
  /** What a refusal says. */
  readonly retryAfterMs?: number
}
