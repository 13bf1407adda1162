import { type Recording, rootCalls, type SeenCall } from '../result/recording.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Workload } from '../workload/workload.ts'

/**
 * The workload's draws with what a recording says in their place: conversation by conversation and turn by turn the
 * depth, tools, tokens and times that were seen, from the beginning again where it ends. Turns that were not answered
 * are left out.
 */
export function replayedSessions(sessions: Sessions, recording: Recording, workload: Workload): Sessions {
  const conversations = conversationsOf(recording)
  if (conversations.length === 0) return sessions
  const loop = (session: number, turn: number): readonly SeenCall[] => {
    const turns = conversations[session % conversations.length]!
    return turns[turn % turns.length]!
  }
  // A loop that was made to go on longer ends as it ended.
  const call = (session: number, turn: number, step: number): SeenCall => {
    const calls = loop(session, turn)
    return calls[Math.min(step, calls.length) - 1]!
  }
  const toolIndex = new Map(workload.tools.map(({ name }, index) => [name, index]))
  return {
    ...sessions,
    depth: (session, turn) => loop(session, turn).length,
    tool(session, turn, step) {
      const name = call(session, turn, step).asks[0]?.name
      return (name === undefined ? undefined : toolIndex.get(name)) ?? sessions.tool(session, turn, step)
    },
    fanOut: (session, turn, step) =>
      call(session, turn, step).asks.length || sessions.fanOut(session, turn, step),
    tokens: (session, turn, step) => Math.max(1, Math.round(call(session, turn, step).outputTokens)),
    ttftMs: (session, turn, step) => ttftMs(call(session, turn, step)),
    perTokenMs: (session, turn, step) => perTokenMs(call(session, turn, step)),
    tokensPerChunk: (session, turn, step) => tokensPerChunk(call(session, turn, step)),
  }
}

/** Of each session, the loops of its turns in order. */
function conversationsOf({ turns }: Recording): (readonly SeenCall[])[][] {
  const bySession = new Map<number, (readonly SeenCall[])[]>()
  for (const turn of turns) {
    const calls = turn.completed ? rootCalls(turn) : []
    if (calls.length === 0) continue
    const earlier = bySession.get(turn.session)
    if (earlier) earlier.push(calls)
    else bySession.set(turn.session, [calls])
  }
  return [...bySession.values()]
}

/** An answer of one piece shows no first token: all of it was there at its end. */
const ttftMs = ({ sentAtMs, firstTokenAtMs, endedAtMs }: SeenCall): number =>
  (Number.isNaN(firstTokenAtMs) ? endedAtMs : firstTokenAtMs) - sentAtMs

function perTokenMs({ firstTokenAtMs, lastTokenAtMs, outputTokens }: SeenCall): number {
  if (Number.isNaN(firstTokenAtMs) || outputTokens < 2) return 0
  return (lastTokenAtMs - firstTokenAtMs) / (outputTokens - 1)
}

function tokensPerChunk({ chunks, outputTokens }: SeenCall): number {
  return chunks < 2 ? Math.max(1, outputTokens) : Math.max(1, Math.round((outputTokens - 1) / (chunks - 1)))
}
