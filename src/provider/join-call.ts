import type { JoinedBy } from '../result/records.ts'
import {
  type CallKey,
  firstUnknownSession,
  parseCallId,
  type TurnKey,
  turnOfText,
  turnOfTraceparent,
} from '../sessions/turn-key.ts'
import type { ModelMessage } from '../wire/model-request.ts'
import type { Epoch } from './epoch.ts'
import { continuedCall, conversationText, lastUserText } from './loop-state.ts'
import type { LoopPosition } from './next-step.ts'
import type { Occurrence } from './occurrences.ts'

export interface JoinedCall {
  readonly at: LoopPosition
  readonly joinedBy: JoinedBy
  /** Set where the conversation stands for the turn. */
  readonly occurrence?: Occurrence
}

/** Finds the turn and step that a model call belongs to. */
export function joinCall(
  epoch: Epoch,
  messages: readonly ModelMessage[],
  traceparent: string | undefined,
): JoinedCall {
  const continued = continuedCall(messages)
  if (continued) return { at: { ...continued, step: continued.step + 1 }, joinedBy: 'id' }
  const traced = traceparent === undefined ? undefined : turnOfTraceparent(traceparent)
  if (traced) return { at: firstStep(epoch, traced), joinedBy: 'trace' }
  const named = turnOfText(lastUserText(messages))
  if (named) return { at: firstStep(epoch, named), joinedBy: 'text' }
  const occurrence = epoch.occurrences.begin(conversationText(messages))
  const { session, turn } = occurrence
  return { at: firstStep(epoch, { run: epoch.run ?? 0, session, turn }), joinedBy: 'none', occurrence }
}

function firstStep(epoch: Epoch, { run, session, turn }: TurnKey): LoopPosition {
  return { run, session, turn, depth: epoch.sessions.depth(session, turn), step: 1 }
}

/** The tool call that a request to a tool stands for: by its id, else as much of it as can be known. */
export function joinToolCall(
  callId: string | undefined,
  traceparent: string | undefined,
  body: string,
): { readonly call?: CallKey; readonly turn?: TurnKey; readonly joinedBy: JoinedBy } {
  const call = callId === undefined ? undefined : parseCallId(callId)
  if (call) return { call, turn: call, joinedBy: 'id' }
  const traced = traceparent === undefined ? undefined : turnOfTraceparent(traceparent)
  if (traced) return { turn: traced, joinedBy: 'trace' }
  const named = turnOfText(body)
  return named ? { turn: named, joinedBy: 'text' } : { joinedBy: 'none' }
}

/** Whether records may name this turn: it is a user's, and of the run that is on. */
export function isJoined(epoch: Epoch, key: TurnKey): boolean {
  return key.session < firstUnknownSession && (epoch.run === undefined || epoch.run === key.run)
}
