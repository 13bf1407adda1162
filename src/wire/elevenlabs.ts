import type { SpeechFormat } from './speech-format.ts'

/*
 * ElevenLabs' text to speech, as its SDK for JavaScript 2.73 has its types.
 *
 * POST /v1/text-to-speech/{voice}[/stream]?output_format  {"text"} → audio
 * WS   /v1/text-to-speech/{voice}/stream-input?output_format
 *      in: {"text":" "}, {"text":"…","flush":true}, {"text":""} ends it
 *      out: {"audio":"base64","alignment"}, {"isFinal":true}
 * WS   /v1/text-to-speech/{voice}/multi-stream-input: the same by context_id, with close_context and close_socket
 */

const formats: Readonly<Record<string, SpeechFormat>> = {
  pcm_8000: { encoding: 'linear16', sampleRate: 8000 },
  pcm_16000: { encoding: 'linear16', sampleRate: 16_000 },
  pcm_22050: { encoding: 'linear16', sampleRate: 22_050 },
  pcm_24000: { encoding: 'linear16', sampleRate: 24_000 },
  pcm_32000: { encoding: 'linear16', sampleRate: 32_000 },
  pcm_44100: { encoding: 'linear16', sampleRate: 44_100 },
  pcm_48000: { encoding: 'linear16', sampleRate: 48_000 },
  ulaw_8000: { encoding: 'mulaw', sampleRate: 8000 },
}

/** Reads `output_format`; a text says what cannot be spoken. */
export function readOutputFormat(query: URLSearchParams): SpeechFormat | string {
  const name = query.get('output_format') ?? 'mp3_44100_128'
  const known = Object.keys(formats).join(', ')
  return (
    (Object.hasOwn(formats, name) ? formats[name] : undefined) ??
    `The simulated voice speaks ${known}, not ${name.slice(0, 32)}.`
  )
}

/** A piece of sound and when each character of its text is said. */
export function audioOutput(
  audio: Buffer,
  said: { readonly text: string; readonly lengthMs: number },
  contextId?: string,
): string {
  const chars = said.text.split('')
  const eachMs = said.lengthMs / Math.max(1, chars.length)
  const alignment = {
    chars,
    charStartTimesMs: chars.map((_, i) => Math.round(i * eachMs)),
    charDurationsMs: chars.map(() => Math.round(eachMs)),
  }
  const context = contextId === undefined ? {} : { contextId }
  return JSON.stringify({
    audio: audio.toString('base64'),
    alignment,
    normalizedAlignment: alignment,
    ...context,
  })
}

/** All that was asked for has been spoken. */
export function finalOutput(contextId?: string): string {
  return JSON.stringify({ audio: null, isFinal: true, ...(contextId === undefined ? {} : { contextId }) })
}

/** What ElevenLabs calls an error of this status that is not the client's mistake. */
export const elevenLabsErrorCode = (status: number): string =>
  status === 429 ? 'too_many_concurrent_requests' : 'internal_server_error'

/** An error as ElevenLabs shapes it over HTTP. */
export function elevenLabsError(status: string, message: string): string {
  return JSON.stringify({ detail: { status, message } })
}

/** And over a WebSocket, before it is closed. */
export function elevenLabsSocketError(code: number, error: string, message: string): string {
  return JSON.stringify({ message, error, code })
}
