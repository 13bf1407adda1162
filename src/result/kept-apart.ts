import { type MeasuredWindow, isMeasured } from './measured-window.ts'
import type { Workload } from '../workload/workload.ts'
import type { CallRecord, ErrorKind, TurnRecord } from './records.ts'

/** What the canaries of a run told: whether sessions were kept apart, and whether they kept what was said. */
export interface CanarySummary {
  /** Turns whose model calls held canaries. */
  readonly turns: number
  /** Of them, those that were answered from words of another session. */
  readonly crossSession: number
  /** Those that were answered without what their own session had said before. */
  readonly lostHistory: number
}

/** No turn was answered from the wrong words. */
export function isKeptApart({ crossSession, lostHistory }: CanarySummary): boolean {
  return crossSession + lostHistory === 0
}

export interface KeptApart {
  /** As they were told, but that a turn answered from the wrong words has failed. */
  readonly turns: Iterable<TurnRecord>
  /** Absent where no call held a canary. */
  readonly canaries: CanarySummary | undefined
  /** For people: a line for each turn that failed so. */
  readonly messages: readonly string[]
}

/** What is known of the agent: whether it is said to keep a history at all. */
export interface KnownAgent {
  readonly keepsHistory: (scenario: number) => boolean
  readonly window: MeasuredWindow
}

/** With fewer messages of history than these, the message before this one need not be among them. */
const fewestMessages = 3

/** What the file says of the agent's history. */
export function knownAgent({ scenarios }: Workload): Pick<KnownAgent, 'keepsHistory'> {
  return { keepsHistory: (scenario) => scenarios[scenario]!.input.historyMessages >= fewestMessages }
}

interface Held {
  readonly own: Set<number>
  readonly foreign: Set<number>
}

/**
 * Holds each answered turn against the canaries of its model calls. Words of another session are `cross_session`. A
 * turn whose calls lack the turn before is `lost_history`, and so is one with a hole among what is there; an agent that
 * leaves out the oldest turns, or keeps the first ones and the latest, has a window, and one that never shows an earlier
 * turn and is not said to keep a history has none.
 */
export function keptApart(
  turns: Iterable<TurnRecord>,
  calls: readonly CallRecord[],
  { keepsHistory, window }: KnownAgent,
): KeptApart {
  const held = heldBy(calls)
  if (held.size === 0) return { turns, canaries: undefined, messages: [] }
  const answered = answeredTurns(turns)
  const remembers = [...held].some(([key, { own }]) =>
    [...own].some((turn) => turn < Number(key.split('.')[1])),
  )
  const messages: string[] = []
  const counts = { turns: 0, crossSession: 0, lostHistory: 0 }
  const judged = Array.from(turns, (turn): TurnRecord => {
    const of = held.get(`${turn.session}.${turn.turn}`)
    if (!of || turn.outcome !== 'completed') return turn
    const counted = Number(isMeasured(window, turn.endedAtMs))
    counts.turns += counted
    const fail = (errorKind: ErrorKind, message: string): TurnRecord => {
      messages.push(message)
      return { ...turn, outcome: 'failed', errorKind }
    }
    const { session } = turn
    if (of.foreign.size > 0) {
      counts.crossSession += counted
      return fail(
        'cross_session',
        `cross_session: a model call of session ${session} held words of session ${[...of.foreign][0]}`,
      )
    }
    const expects = remembers || keepsHistory(turn.scenario)
    const missing = expects ? missingTurn(of.own, turn.turn, answered.get(session) ?? []) : undefined
    if (missing === undefined) return turn
    counts.lostHistory += counted
    return fail(
      'lost_history',
      `lost_history: the model calls of session ${session}, turn ${turn.turn} lacked turn ${missing}`,
    )
  })
  return { turns: judged, canaries: counts, messages }
}

/** Canaries of all model calls of each turn together: a sub-agent or a title need not know the history. */
function heldBy(calls: readonly CallRecord[]): Map<string, Held> {
  const held = new Map<string, Held>()
  for (const { kind, session, turn, canaries } of calls) {
    if (kind !== 'model' || session < 0 || !canaries) continue
    const key = `${session}.${turn}`
    const known = held.get(key) ?? { own: new Set<number>(), foreign: new Set<number>() }
    held.set(key, known)
    for (const own of canaries.own) known.own.add(own)
    for (const foreign of canaries.foreign) known.foreign.add(foreign)
  }
  return held
}

/** Of each session the turns that were answered, in order: what failed an agent may forget. */
function answeredTurns(turns: Iterable<TurnRecord>): Map<number, number[]> {
  const answered = new Map<number, number[]>()
  for (const { session, turn, outcome } of turns) {
    if (outcome !== 'completed') continue
    const known = answered.get(session)
    if (known) known.push(turn)
    else answered.set(session, [turn])
  }
  for (const each of answered.values()) each.sort((a, b) => a - b)
  return answered
}

/** An earlier turn that should be there and is not; undefined where what is missing is what a window leaves out. */
function missingTurn(
  own: ReadonlySet<number>,
  turn: number,
  answered: readonly number[],
): number | undefined {
  // Calls that do not hold the message itself tell nothing of what stands before it.
  if (!own.has(turn)) return undefined
  const earlier = answered.filter((each) => each < turn)
  const last = earlier.at(-1)
  if (last === undefined) return undefined
  if (!own.has(last)) return last
  const head = earlier.findIndex((each) => !own.has(each))
  if (head < 0) return undefined
  const tail = earlier.findLastIndex((each) => !own.has(each))
  // What is left out of the middle is in one piece.
  return earlier.slice(head, tail).some((each) => own.has(each)) ? earlier[tail] : undefined
}
