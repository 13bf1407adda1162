import type { JoinedBy } from '../result/records.ts'
import {
  type AskedTool,
  type CallKey,
  firstUnknownSession,
  parseCallId,
  type TurnKey,
  turnOfText,
  turnOfTraceparent,
} from '../sessions/turn-key.ts'
import type { ModelRequest } from '../wire/model-request.ts'
import type { Epoch } from './epoch.ts'
import { firstInnerStep, firstStep, type LoopPosition } from './loop.ts'
import { continuedCall, conversationText, lastUserText, retoldCall } from './loop-state.ts'
import type { Occurrence } from './occurrences.ts'

export interface JoinedCall {
  readonly at: LoopPosition
  readonly joinedBy: JoinedBy
  /** Set where the conversation stands for the turn. */
  readonly occurrence?: Occurrence
}

/**
 * Finds the turn, the loop and the step that a model call belongs to. What the arguments of a tool call say names the
 * loop of the agent behind that tool; an agent that got them as its message is that one.
 */
export function joinCall(epoch: Epoch, request: ModelRequest, traceparent: string | undefined): JoinedCall {
  const { messages } = request
  const said = lastUserText(messages)
  const named = turnOfText(said)
  const continued = continuedCall(messages) ?? retoldCall(said)
  // Agents that do not keep what was answered last have the results of that turn stand right before the next one.
  if (continued && !(named && isLaterTurn(named, continued)))
    return { at: { ...continued, step: continued.step + 1 }, joinedBy: 'id' }
  const traced = traceparent === undefined ? undefined : turnOfTraceparent(traceparent)
  const isLater = traced !== undefined && named !== undefined && isLaterTurn(named, traced)
  const key = isLater ? named : (traced ?? named)
  if (key) {
    const asked = named && isSameTurn(named, key) ? named.asked : undefined
    const at = asked ? firstInnerStep(epoch, key, asked) : begunBy(epoch, key, request)
    return { at, joinedBy: traced && !isLater ? 'trace' : 'text' }
  }
  const occurrence = epoch.occurrences.begin(conversationText(messages))
  const { session, turn } = occurrence
  const at = begunBy(epoch, { run: epoch.run ?? 0, session, turn }, request)
  return { at, joinedBy: 'none', occurrence }
}

/** A socket has the trace of its handshake, so that of its first turn, for as long as it is open. */
const isLaterTurn = (named: TurnKey, traced: TurnKey): boolean =>
  named.run === traced.run && named.session === traced.session && named.turn > traced.turn

const isSameTurn = (a: TurnKey, b: TurnKey): boolean =>
  a.run === b.run && a.session === b.session && a.turn === b.turn

function begunBy(epoch: Epoch, key: TurnKey, request: ModelRequest): LoopPosition {
  const allowed = epoch.allowed[epoch.sessions.scenario(key.session)]!
  return epoch.rootLoops.isRoot(key, request, allowed) ? firstStep(epoch, key) : firstInnerStep(epoch, key)
}

export interface JoinedToolCall {
  readonly call?: CallKey
  readonly turn?: TurnKey
  readonly joinedBy: JoinedBy
}

/** The tool call that a request to a tool stands for: by its id, else as much of it as can be known. */
export function joinToolCall(
  callId: string | undefined,
  traceparent: string | undefined,
  body: string,
): JoinedToolCall {
  const call = callId === undefined ? undefined : parseCallId(callId)
  if (call) return { call, turn: call, joinedBy: 'id' }
  const traced = traceparent === undefined ? undefined : turnOfTraceparent(traceparent)
  const named = turnOfText(body)
  const key = traced ?? named
  if (!key) return { joinedBy: 'none' }
  const { run, session, turn } = key
  const asked = named && isSameTurn(named, key) ? named.asked : undefined
  return {
    turn: { run, session, turn },
    joinedBy: traced ? 'trace' : 'text',
    ...(asked ? { call: calledBy({ run, session, turn }, asked) } : {}),
  }
}

/** What the mark among a call's arguments says of it; the depth stands in its id alone. */
function calledBy(turn: TurnKey, { step, index, lane }: AskedTool): CallKey {
  return { ...turn, depth: 0, step, index, ...(lane === undefined ? {} : { inner: { tool: -1, lane } }) }
}

/** Whether records may name this turn: it is a user's, and of the run that is on. */
export function isJoined(epoch: Epoch, key: TurnKey): boolean {
  return key.session < firstUnknownSession && (epoch.run === undefined || epoch.run === key.run)
}
