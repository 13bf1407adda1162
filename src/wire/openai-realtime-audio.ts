import type { OpenAiError } from './openai-error.ts'
import { invalidRequest } from './openai-error.ts'
import { isObject, type JsonObject } from './request-fields.ts'
import type { SpeechFormat } from './speech-format.ts'

/** How a session hears and speaks. */
export interface RealtimeAudio {
  readonly input: SpeechFormat
  readonly output: SpeechFormat
  /** Absent where the client says itself when a turn is over. */
  readonly turns?: RealtimeTurns
  /** What the caller said is told as text as well. */
  readonly transcribes: boolean
}

/** How turns are told apart by silence. */
export interface RealtimeTurns {
  readonly silenceMs: number
  readonly responds: boolean
  readonly interrupts: boolean
}

const pcmRate = 24_000
/** The silence of `semantic_vad` by its eagerness: it waits longer for who may go on. */
const semanticSilenceMs = { low: 1000, medium: 600, auto: 600, high: 300 } as const

/** Settings of a session over what they were, `audio` part by part. */
export function mergedSession(session: JsonObject, change: JsonObject): JsonObject {
  const audio = isObject(change['audio']) ? change['audio'] : {}
  const was = session['audio'] as Readonly<Record<'input' | 'output', JsonObject>>
  const part = (name: 'input' | 'output'): JsonObject =>
    isObject(audio[name]) ? { ...was[name], ...audio[name] } : was[name]
  return { ...session, ...change, id: session['id'], audio: { input: part('input'), output: part('output') } }
}

/** How a session with these settings hears and speaks, or what is wrong with them. */
export function readRealtimeAudio(session: JsonObject): RealtimeAudio | OpenAiError {
  const { input, output } = session['audio'] as Readonly<Record<'input' | 'output', JsonObject>>
  const from = formatOf(input['format'], 'session.audio.input.format')
  const to = formatOf(output['format'], 'session.audio.output.format')
  if ('message' in from) return from
  if ('message' in to) return to
  const detection = input['turn_detection'] ?? undefined
  if (detection !== undefined && (!isObject(detection) || !detects(detection['type'])))
    return invalidRequest(
      "Invalid value: supported values are 'server_vad' and 'semantic_vad'.",
      'session.audio.input.turn_detection.type',
      'invalid_value',
    )
  return {
    input: from,
    output: to,
    transcribes: isObject(input['transcription']),
    ...(detection ? { turns: turnsOf(detection) } : {}),
  }
}

function formatOf(format: unknown, param: string): SpeechFormat | OpenAiError {
  const { type, rate = pcmRate } = isObject(format) ? format : {}
  if (type === 'audio/pcmu') return { encoding: 'mulaw', sampleRate: 8000 }
  if (type === 'audio/pcm' && rate === pcmRate) return { encoding: 'linear16', sampleRate: pcmRate }
  return invalidRequest(
    `Invalid value: 'audio/pcm' at ${pcmRate} and 'audio/pcmu' are played here.`,
    param,
    'invalid_value',
  )
}

const detects = (type: unknown): boolean => type === 'server_vad' || type === 'semantic_vad'

function turnsOf(detection: JsonObject): RealtimeTurns {
  const { type, silence_duration_ms: silence = 200, eagerness = 'auto' } = detection
  const semantic = semanticSilenceMs[eagerness as keyof typeof semanticSilenceMs] ?? semanticSilenceMs.auto
  return {
    silenceMs: type === 'semantic_vad' ? semantic : typeof silence === 'number' ? silence : 200,
    responds: detection['create_response'] !== false,
    interrupts: detection['interrupt_response'] !== false,
  }
}
