import type { SpeechFormat } from './speech-format.ts'

/*
 * Deepgram's wire, as its SDK for JavaScript 5.13 speaks it.
 *
 * WS   /v1/listen?encoding&sample_rate&interim_results&endpointing&utterance_end_ms&vad_events
 *      in: audio in binary frames, {"type":"KeepAlive"|"Finalize"|"CloseStream"}
 *      out: Results, UtteranceEnd, SpeechStarted, Metadata before the end
 * WS   /v1/speak?encoding&sample_rate
 *      in: {"type":"Speak","text"}, {"type":"Flush"|"Clear"|"Close"}
 *      out: Metadata, audio in binary frames, Flushed, Cleared, Warning
 * POST /v1/speak?encoding&sample_rate&container  {"text"} → audio
 */

/** What a client of `/v1/listen` asks for in its query. */
export interface ListenOptions {
  readonly format: SpeechFormat
  readonly interim: boolean
  /** Silence that ends an utterance; `Infinity`: only a Finalize does. */
  readonly endpointingMs: number
  /** Silence after which an UtteranceEnd is told. */
  readonly utteranceEndMs?: number
  readonly tellsStart: boolean
}

export interface Heard {
  readonly transcript: string
  /** Of the audio: where the utterance begins and how long it is. */
  readonly startMs: number
  readonly durationMs: number
}

const modelUuid = '706c696d-0000-4000-8000-736f6c6c0001'
const confidence = 0.98

/** `Results`: a transcript that may still change, or that stands. */
export function listenResults(
  requestId: string,
  { transcript, startMs, durationMs }: Heard,
  kind: 'interim' | 'final' | 'finalized',
): string {
  const words = transcript === '' ? [] : transcript.split(/\s+/)
  const each = durationMs / Math.max(1, words.length)
  return JSON.stringify({
    type: 'Results',
    channel_index: [0, 1],
    duration: durationMs / 1000,
    start: startMs / 1000,
    is_final: kind !== 'interim',
    speech_final: kind === 'final',
    channel: {
      alternatives: [
        {
          transcript,
          confidence: words.length === 0 ? 0 : confidence,
          words: words.map((word, i) => ({
            word: word.toLowerCase().replace(/[.,!?]+$/, ''),
            start: (startMs + i * each) / 1000,
            end: (startMs + (i + 1) * each) / 1000,
            confidence,
            punctuated_word: word,
          })),
        },
      ],
    },
    metadata: {
      request_id: requestId,
      model_info: { name: 'plimsoll', version: '1', arch: 'simulated' },
      model_uuid: modelUuid,
    },
    from_finalize: kind === 'finalized',
  })
}

/** Long silence after the last word of the audio. */
export function utteranceEnd(lastWordEndMs: number): string {
  return JSON.stringify({ type: 'UtteranceEnd', channel: [0, 1], last_word_end: lastWordEndMs / 1000 })
}

/** The first voice of an utterance, at this place of the audio. */
export function speechStarted(atMs: number): string {
  return JSON.stringify({ type: 'SpeechStarted', channel: [0, 1], timestamp: atMs / 1000 })
}

/** What a transcription ends with. */
export function listenMetadata(requestId: string, createdAt: string, durationMs: number): string {
  return JSON.stringify({
    type: 'Metadata',
    transaction_key: 'deprecated',
    request_id: requestId,
    sha256: '',
    created: createdAt,
    duration: durationMs / 1000,
    channels: 1,
  })
}

/** What speaking begins with. */
export function speakMetadata(requestId: string, model: string): string {
  return JSON.stringify({
    type: 'Metadata',
    request_id: requestId,
    model_name: model,
    model_version: '1',
    model_uuid: modelUuid,
  })
}

/** All that was flushed has been spoken, or what was not has been dropped; each has the next number. */
export function speakDone(type: 'Flushed' | 'Cleared', sequenceId: number): string {
  return JSON.stringify({ type, sequence_id: sequenceId })
}

/** What a client did wrong; the connection stays open. */
export function speakWarning(code: string, description: string): string {
  return JSON.stringify({ type: 'Warning', code, description })
}

/** What Deepgram calls an error of this status that is not the client's mistake. */
export const deepgramErrorCode = (status: number): string =>
  status === 429 ? 'TOO_MANY_REQUESTS' : 'INTERNAL_SERVER_ERROR'

/** An error as Deepgram shapes it. */
export function deepgramError(code: string, message: string, requestId: string): string {
  return JSON.stringify({ err_code: code, err_msg: message, request_id: requestId })
}

const defaultEndpointingMs = 10

/** Reads the query of `/v1/listen`; a text says what cannot be heard. */
export function readListenOptions(query: URLSearchParams): ListenOptions | string {
  const encoding = query.get('encoding') ?? 'linear16'
  if (encoding !== 'linear16' && encoding !== 'mulaw')
    return `The simulated ear hears linear16 and mulaw, not ${encoding.slice(0, 32)}.`
  const sampleRate = Number(query.get('sample_rate') ?? (encoding === 'mulaw' ? 8000 : 16_000))
  if (!isRate(sampleRate)) return 'sample_rate is a whole number of samples a second, 8000 to 48000.'
  const endpointing = query.get('endpointing')
  const utteranceEndMs = Number(query.get('utterance_end_ms') ?? NaN)
  return {
    format: { encoding, sampleRate },
    interim: query.get('interim_results') === 'true',
    endpointingMs: endpointing === 'false' ? Infinity : Number(endpointing) || defaultEndpointingMs,
    ...(utteranceEndMs > 0 ? { utteranceEndMs } : {}),
    tellsStart: query.get('vad_events') === 'true',
  }
}

/** Reads the query of `/v1/speak`; a text says what cannot be spoken. */
export function readSpeakFormat(query: URLSearchParams): SpeechFormat | string {
  const encoding = query.get('encoding') ?? 'mp3'
  if (encoding !== 'linear16' && encoding !== 'mulaw')
    return `The simulated voice speaks linear16 and mulaw, not ${encoding.slice(0, 32)}.`
  const sampleRate = Number(query.get('sample_rate') ?? (encoding === 'mulaw' ? 8000 : 24_000))
  return isRate(sampleRate) ? { encoding, sampleRate } : 'sample_rate is 8000, 16000, 24000, 32000 or 48000.'
}

function isRate(rate: number): boolean {
  return Number.isSafeInteger(rate) && rate >= 8000 && rate <= 48_000 && rate % 50 === 0
}
