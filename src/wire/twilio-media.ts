import { jsonObject } from './parsed-json.ts'

/*
 * Twilio Media Streams, both directions of one WebSocket (https://www.twilio.com/docs/voice/media-streams/websocket-messages,
 * as of November 2026). Numbers travel as strings; audio is mu-law of 8 kHz in base64, 20 ms a frame from the carrier
 * and of any length towards it.
 */

/** Milliseconds, bytes and base64 characters of one frame. */
export const mediaFrame = { ms: 20, bytes: 160, characters: 216 }

export interface MediaStreamNames {
  readonly accountSid: string
  readonly callSid: string
  readonly streamSid: string
}

/** What the carrier says to the agent. */
export type CarrierMessage =
  | { readonly event: 'connected' }
  | {
      readonly event: 'start'
      readonly names: MediaStreamNames
      readonly customParameters: Readonly<Record<string, string>>
      readonly encoding: string
      readonly sampleRate: number
    }
  | { readonly event: 'media'; readonly payload: string; readonly timestampMs: number }
  | { readonly event: 'dtmf'; readonly digit: string }
  | { readonly event: 'mark'; readonly name: string }
  | { readonly event: 'stop' }

/** What the agent says to the carrier. */
export type AgentMessage =
  | { readonly event: 'media'; readonly payload: string }
  | { readonly event: 'mark'; readonly name: string }
  | { readonly event: 'clear' }

/** A message that is none, with what is wrong in a few words. */
export interface MediaFault {
  readonly event: 'fault'
  readonly message: string
}

/** The carrier's first message. */
export const connectedMessage = '{"event":"connected","protocol":"Call","version":"1.0.0"}'

/** The carrier's second message: which call the stream is of. */
export function startMessage(
  names: MediaStreamNames,
  customParameters: Readonly<Record<string, string>> = {},
): string {
  const { accountSid, callSid, streamSid } = names
  return JSON.stringify({
    event: 'start',
    sequenceNumber: '1',
    start: {
      accountSid,
      streamSid,
      callSid,
      tracks: ['inbound'],
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      customParameters,
    },
    streamSid,
  })
}

/** One frame of the caller's sound; `chunk` counts frames from 1. */
export function mediaMessage(
  streamSid: string,
  sequence: number,
  chunk: number,
  timestampMs: number,
  payload: string,
): string {
  return `{"event":"media","sequenceNumber":"${sequence}","media":{"track":"inbound","chunk":"${chunk}","timestamp":"${timestampMs}","payload":"${payload}"},"streamSid":"${streamSid}"}`
}

/** The caller has pressed a key. */
export function dtmfMessage(streamSid: string, sequence: number, digit: string): string {
  const dtmf = { track: 'inbound_track', digit }
  return JSON.stringify({ event: 'dtmf', streamSid, sequenceNumber: String(sequence), dtmf })
}

/** The sound before an agent's mark has been played. */
export function markMessage(streamSid: string, sequence: number, name: string): string {
  return JSON.stringify({ event: 'mark', sequenceNumber: String(sequence), streamSid, mark: { name } })
}

/** The call is over. */
export function stopMessage({ accountSid, callSid, streamSid }: MediaStreamNames, sequence: number): string {
  const stop = { accountSid, callSid }
  return JSON.stringify({ event: 'stop', sequenceNumber: String(sequence), stop, streamSid })
}

/** What an agent sends: sound, a mark behind it, and that unplayed sound is to be dropped. */
export const agentMessages = {
  media: (streamSid: string, payload: string): string =>
    `{"event":"media","streamSid":"${streamSid}","media":{"payload":"${payload}"}}`,
  mark: (streamSid: string, name: string): string =>
    JSON.stringify({ event: 'mark', streamSid, mark: { name } }),
  clear: (streamSid: string): string => JSON.stringify({ event: 'clear', streamSid }),
}

/** Reads what an agent sends; never throws. */
export function readAgentMessage(text: string): AgentMessage | MediaFault {
  const message = jsonObject(text)
  if (!message) return fault('no JSON object')
  switch (message['event']) {
    case 'media': {
      const payload = field(message['media'], 'payload')
      return typeof payload === 'string' ? { event: 'media', payload } : fault('media without a payload')
    }
    case 'mark': {
      const name = field(message['mark'], 'name')
      return typeof name === 'string' ? { event: 'mark', name } : fault('a mark without a name')
    }
    case 'clear':
      return { event: 'clear' }
    default:
      return fault('an unknown event')
  }
}

/** Reads what the carrier sends; never throws. */
export function readCarrierMessage(text: string): CarrierMessage | MediaFault {
  const message = jsonObject(text)
  if (!message) return fault('no JSON object')
  switch (message['event']) {
    case 'connected':
    case 'stop':
      return { event: message['event'] }
    case 'start':
      return readStart(message['start'])
    case 'media': {
      const payload = field(message['media'], 'payload')
      const timestampMs = Number(field(message['media'], 'timestamp'))
      return typeof payload === 'string'
        ? { event: 'media', payload, timestampMs }
        : fault('media without a payload')
    }
    case 'dtmf': {
      const digit = field(message['dtmf'], 'digit')
      return typeof digit === 'string' ? { event: 'dtmf', digit } : fault('dtmf without a digit')
    }
    case 'mark': {
      const name = field(message['mark'], 'name')
      return typeof name === 'string' ? { event: 'mark', name } : fault('a mark without a name')
    }
    default:
      return fault('an unknown event')
  }
}

function readStart(start: unknown): CarrierMessage | MediaFault {
  const [accountSid, callSid, streamSid] = ['accountSid', 'callSid', 'streamSid'].map((name) =>
    field(start, name),
  )
  if (typeof streamSid !== 'string') return fault('start without a streamSid')
  const format = field(start, 'mediaFormat')
  const given = field(start, 'customParameters')
  const customParameters = Object.fromEntries(
    Object.entries(typeof given === 'object' && given ? given : {}).map(([name, value]) => [
      name,
      String(value),
    ]),
  )
  return {
    event: 'start',
    names: { accountSid: word(accountSid), callSid: word(callSid), streamSid },
    customParameters,
    encoding: word(field(format, 'encoding')),
    sampleRate: Number(field(format, 'sampleRate')),
  }
}

const fault = (message: string): MediaFault => ({ event: 'fault', message })
const word = (value: unknown): string => (typeof value === 'string' ? value : '')

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
