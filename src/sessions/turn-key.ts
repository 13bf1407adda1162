import { mix } from './uniform.ts'

/** Names one turn of one run. */
export interface TurnKey {
  /** 32-bit name of the run. */
  readonly run: number
  readonly session: number
  readonly turn: number
}

/** Names one tool call that the simulated model asked for, and with it the state of the loop. */
export interface CallKey extends TurnKey {
  /** Steps drawn for this turn. */
  readonly depth: number
  /** The step that asked, from 1. */
  readonly step: number
  /** Which of the parallel calls. */
  readonly index: number
}

/**
 * Sessions from here on stand for turns that could not be joined to a user: the number is a hash of the
 * conversation and `turn` counts its occurrences, so that their draws come from the same functions.
 */
export const firstUnknownSession = 0x8000_0000

/** The pseudo-session of a conversation that carries no name of ours. */
export function unknownSession(conversation: string): number {
  let hash = 0
  for (let i = 0; i < conversation.length; i++) hash = mix(hash ^ conversation.charCodeAt(i))
  return firstUnknownSession + (hash & 0x7fff_ffff)
}

/** 32 bits of a run's id. */
export function runNumber(runId: string): number {
  let hash = 0x51ed270b
  for (let i = 0; i < runId.length; i++) hash = mix(hash ^ runId.charCodeAt(i))
  return hash
}

const hex8 = (value: number): string => (value >>> 0).toString(16).padStart(8, '0')

/** All our trace ids begin with these eight digits ("plim"), so that a backend can find them. */
export const traceIdPrefix = '706c696d'

/** A W3C trace id that carries run, session and turn. */
export function traceId(key: TurnKey): string {
  return traceIdPrefix + hex8(key.run) + hex8(key.session) + hex8(key.turn)
}

/** A `traceparent` header for the turn; `span` tells apart several requests of one turn. */
export function traceparent(key: TurnKey, span = 1): string {
  return `00-${traceId(key)}-${hex8(mix(key.run ^ key.session))}${hex8(span)}-01`
}

/** The turn that a `traceparent` header names; undefined when the trace is not ours. */
export function turnOfTraceparent(header: string): TurnKey | undefined {
  const match = /^[0-9a-f]{2}-706c696d([0-9a-f]{8})([0-9a-f]{8})([0-9a-f]{8})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(
    header,
  )
  if (!match) return undefined
  return { run: parseInt(match[1]!, 16), session: parseInt(match[2]!, 16), turn: parseInt(match[3]!, 16) }
}

/** The mark at the end of a user's message, for agents that propagate no trace. It also defeats answer caches. */
export function textMarker(key: TurnKey): string {
  return `(ref ${hex8(key.run)}-${key.session}-${key.turn})`
}

/** The turn that a text names; the last mark wins, since history may stand before it. */
export function turnOfText(text: string): TurnKey | undefined {
  let found: TurnKey | undefined
  for (const match of text.matchAll(/\(ref ([0-9a-f]{8})-(\d{1,10})-(\d{1,10})\)/g))
    found = { run: parseInt(match[1]!, 16), session: Number(match[2]), turn: Number(match[3]) }
  return found
}

/** How ids of tool calls begin: `call_…` for OpenAI and Gemini, `toolu_…` for Anthropic, `tooluse_…` for Bedrock. */
export type CallPrefix = 'call' | 'toolu' | 'tooluse'

/** The id of a tool call, as agents echo it. */
export function callId(key: CallKey, prefix: CallPrefix = 'call'): string {
  return `${prefix}_${hex8(key.run)}_${key.session}_${key.turn}_${key.depth}_${key.step}_${key.index}`
}

/** Reads an id written by `callId`; undefined for anyone else's. */
export function parseCallId(id: string): CallKey | undefined {
  const match =
    /^(?:call|toolu|tooluse)_([0-9a-f]{8})_(\d{1,10})_(\d{1,10})_(\d{1,6})_(\d{1,6})_(\d{1,6})$/.exec(id)
  if (!match) return undefined
  const [session, turn, depth, step, index] = match.slice(2).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ]
  return { run: parseInt(match[1]!, 16), session, turn, depth, step, index }
}
