import { mix } from './uniform.ts'

/** Names one turn of one run. */
export interface TurnKey {
  /** 32-bit name of the run. */
  readonly run: number
  readonly session: number
  readonly turn: number
}

/** A loop beside the root loop of a turn. */
export interface InnerLoop {
  /** Index into `Workload.tools` of the tool that its agent is; -1 where it is none. */
  readonly tool: number
  /** Tells the loops of a turn apart: what this one draws is drawn under this number, and not under the turn's. */
  readonly lane: number
}

/** Names one tool call that the simulated model asked for, and with it the state of the loop. */
export interface CallKey extends TurnKey {
  /** Absent: the root loop. */
  readonly inner?: InnerLoop
  /** Steps drawn for this loop. */
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

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Several times for each turn: by table, which costs a third of formatting. */
const hex8 = (value: number): string =>
  hexOfByte[value >>> 24]! +
  hexOfByte[(value >>> 16) & 255]! +
  hexOfByte[(value >>> 8) & 255]! +
  hexOfByte[value & 255]!

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

const ourTraceparent = new RegExp(
  `^[0-9a-f]{2}-${traceIdPrefix}([0-9a-f]{8})([0-9a-f]{8})([0-9a-f]{8})-[0-9a-f]{16}-[0-9a-f]{2}`,
)

/** The turn that a `traceparent` header names; undefined when the trace is not ours. */
export function turnOfTraceparent(header: string): TurnKey | undefined {
  const match = ourTraceparent.exec(header)
  if (!match) return undefined
  return { run: parseInt(match[1]!, 16), session: parseInt(match[2]!, 16), turn: parseInt(match[3]!, 16) }
}

/** Which tool call of a turn a text was written for. */
export interface AskedTool {
  readonly step: number
  readonly index: number
  /** Index into `Workload.tools`. */
  readonly tool: number
  /** Of the loop that asked; absent for the root loop. */
  readonly lane?: number
}

/** A turn, or one tool call of it. */
export interface Marked extends TurnKey {
  readonly asked?: AskedTool
}

/** How every mark of a run begins. */
export function markPrefix(run: number): string {
  return `(ref ${hex8(run)}-`
}

/**
 * The mark at the end of a user's message, for agents that propagate no trace; it also defeats answer caches. Among the
 * arguments of a tool call it names the call, too.
 */
export function textMarker({ run, session, turn, asked }: Marked): string {
  const marked = `${markPrefix(run)}${session}-${turn}`
  if (!asked) return `${marked})`
  const { step, index, tool, lane } = asked
  return `${marked}-${step}.${index}.${tool}${lane === undefined ? '' : `.${lane}`})`
}

const turnMark = String.raw`\(ref ([0-9a-f]{8})-(\d{1,10})-(\d{1,10})`
const askedMark = String.raw`-(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:\.(\d{1,10}))?`
const markPattern = new RegExp(String.raw`${turnMark}(?:${askedMark})?\)`, 'g')
const turnMarkAtEnd = new RegExp(String.raw`\s*${turnMark}\)\s*$`)

/** The turn that a text names; the last mark wins, since history may stand before it. */
export function turnOfText(text: string): Marked | undefined {
  let found: Marked | undefined
  for (const [, run, session, turn, step, index, tool, lane] of text.matchAll(markPattern)) {
    const named = { run: parseInt(run!, 16), session: Number(session), turn: Number(turn) }
    const asked = { step: Number(step), index: Number(index), tool: Number(tool) }
    if (step === undefined) found = named
    else found = { ...named, asked: lane === undefined ? asked : { ...asked, lane: Number(lane) } }
  }
  return found
}

/** The last mark in a text that names a turn and no tool call, and the place where it stands. */
export function lastTurnMark(text: string): { readonly key: TurnKey; readonly at: number } | undefined {
  const mark = Array.from(text.matchAll(markPattern)).findLast(([, , , , step]) => step === undefined)
  return mark && { key: turnOfText(mark[0])!, at: mark.index }
}

/** A user's message without the mark at its end. */
export const withoutMark = (text: string): string => text.replace(turnMarkAtEnd, '')

/** How ids of tool calls begin: `call_…` for OpenAI and Gemini, `toolu_…` for Anthropic, `tooluse_…` for Bedrock. */
export type CallPrefix = 'call' | 'toolu' | 'tooluse'

/** The id of a tool call, as agents echo it. */
export function callId(
  { run, session, turn, depth, step, index, inner }: CallKey,
  prefix: CallPrefix = 'call',
): string {
  const root = `${prefix}_${hex8(run)}_${session}_${turn}_${depth}_${step}_${index}`
  return inner ? `${root}_${inner.tool + 1}_${inner.lane}` : root
}

const idPattern =
  '(?:call|toolu|tooluse)_([0-9a-f]{8})_(\\d{1,10})_(\\d{1,10})_(\\d{1,6})_(\\d{1,6})_(\\d{1,6})(?:_(\\d{1,6})_(\\d{1,10}))?'
const wholeId = new RegExp(`^${idPattern}$`)
const idsWithin = new RegExp(`\\b${idPattern}\\b`, 'g')

/** Reads an id written by `callId`; undefined for anyone else's. */
export function parseCallId(id: string): CallKey | undefined {
  const match = wholeId.exec(id)
  return match ? callKey(match) : undefined
}

/** Those ids of ours that stand in a text, in order. */
export function callsInText(text: string): CallKey[] {
  return Array.from(text.matchAll(idsWithin), callKey)
}

function callKey([, run, ...numbers]: readonly string[]): CallKey {
  const [session, turn, depth, step, index, tool, lane] = numbers.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const key = { run: parseInt(run!, 16), session, turn, depth, step, index }
  return Number.isNaN(lane) ? key : { ...key, inner: { tool: tool - 1, lane } }
}
